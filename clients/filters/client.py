import uuid

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.filter_sets import ArchivableFilterSet, DaysFilter, LinkedRowFilter, SearchFilter, YesNoFilter, seen
from clients.choices import Lifecycle, Tier
from clients.fields import validate_country
from clients.models import Client, Product, Tag
from clients.risk import at_risk_q
from managers.models import AccountManager, Team

# Names in the address and the columns they mean; every one has its index.
CLIENT_ORDERINGS = {
    "name": "search_text",
    "mrr_minor": "mrr_minor",
    "last_contact_at": "last_contact_at",
    "next_renewal_on": "next_renewal_on",
    "created_at": "created_at",
    "tier": "tier_rank",
}


class ClientFilter(ArchivableFilterSet):
    first_filters = ("tier", "lifecycle", "manager")
    same_choices = {"account_team": "manager"}

    q = SearchFilter(label=_("Name"))
    tier = django_filters.MultipleChoiceFilter(label=_("Tier"), choices=Tier.choices)
    lifecycle = django_filters.MultipleChoiceFilter(label=_("Lifecycle"), choices=Lifecycle.choices)
    manager = django_filters.ModelChoiceFilter(
        label=_("Main manager"),
        field_name="main_manager",
        queryset=seen(AccountManager.objects.all()),
        empty_label=_("Anybody"),
    )
    account_team = django_filters.ModelChoiceFilter(
        label=_("On the account team"),
        queryset=seen(AccountManager.objects.all()),
        method="of_manager",
        empty_label=_("Anybody"),
    )
    team = django_filters.ModelChoiceFilter(
        label=_("Team"),
        field_name="main_manager__team",
        queryset=seen(Team.objects.all()),
        empty_label=_("Any team"),
    )
    tag = django_filters.ModelChoiceFilter(
        label=_("Tag"), queryset=seen(Tag.objects.all()), method="tagged", empty_label=_("Any tag")
    )
    country = django_filters.CharFilter(label=_("Country"), validators=[validate_country])
    industry = django_filters.CharFilter(label=_("Industry"))
    segment = django_filters.CharFilter(label=_("Segment"))
    parent = LinkedRowFilter(label=_("Parent client"), queryset=Client.objects.all())
    at_risk = YesNoFilter(label=_("At risk"), method="by_risk")
    running = YesNoFilter(label=_("Still a client"), method="by_running")
    unassigned = YesNoFilter(label=_("To assign"), field_name="main_manager", lookup_expr="isnull")
    silent_days = DaysFilter(label=_("No contact for (days)"), method="silent_for")
    renewal_within = DaysFilter(label=_("Renewal within (days)"), method="renewing_within")
    product = django_filters.ModelChoiceFilter(
        label=_("Product"), queryset=seen(Product.objects.all()), method="with_product", empty_label=_("Any product")
    )

    class Meta:
        model = Client
        fields = []

    def of_manager(self, queryset, name, value: uuid.UUID):
        return queryset.of_manager(value)

    def tagged(self, queryset, name, value: uuid.UUID):
        return queryset.tagged(value)

    def by_risk(self, queryset, name, value):
        risky = at_risk_q(timezone.now())
        return queryset.filter(risky if value else ~risky)

    def by_running(self, queryset, name, value):
        return queryset.exclude(lifecycle=Lifecycle.CHURNED) if value else queryset.filter(lifecycle=Lifecycle.CHURNED)

    def silent_for(self, queryset, name, value):
        return queryset.silent_for(value)

    def renewing_within(self, queryset, name, value):
        return queryset.renewal_within(value)

    def with_product(self, queryset, name, value: uuid.UUID):
        return queryset.with_product(value)
