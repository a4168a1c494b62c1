import django_filters
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.filter_sets import ArchivableFilterSet, LinkedRowFilter, SearchFilter, YesNoFilter, seen
from accounts.form_fields import DateInput
from clients.choices import OPEN_STAGES, OpportunityKind, OpportunityStage
from clients.models import Client, Opportunity, Product
from managers.models import AccountManager

OPPORTUNITY_ORDERINGS = {"expected_close_on": "expected_close_on", "created_at": "created_at"}


class OpportunityFilter(ArchivableFilterSet):
    first_filters = ("kind", "owner")
    same_choices = {"manager": "owner"}

    q = SearchFilter(label=_("Name"))
    stage = django_filters.MultipleChoiceFilter(label=_("Stage"), choices=OpportunityStage.choices)
    kind = django_filters.MultipleChoiceFilter(label=_("Kind"), choices=OpportunityKind.choices)
    open = YesNoFilter(label=pgettext_lazy("opportunities", "Open"), method="by_open")
    owner = django_filters.ModelChoiceFilter(
        label=_("Owner"), queryset=seen(AccountManager.objects.all()), empty_label=_("Anybody")
    )
    manager = django_filters.ModelChoiceFilter(
        label=_("Main manager"),
        field_name="client__main_manager",
        queryset=seen(AccountManager.objects.all()),
        empty_label=_("Anybody"),
    )
    client = LinkedRowFilter(label=_("Client"), queryset=Client.objects.all())
    product = django_filters.ModelChoiceFilter(
        label=_("Product"), queryset=seen(Product.objects.all()), empty_label=_("Any product")
    )
    closing_before = django_filters.DateFilter(
        label=_("Expected to close before"), widget=DateInput(), method="closes_before"
    )
    overdue = YesNoFilter(label=_("Overdue"), method="by_overdue")

    class Meta:
        model = Opportunity
        fields = []

    def by_open(self, queryset, name, value):
        return queryset.filter(stage__in=OPEN_STAGES) if value else queryset.exclude(stage__in=OPEN_STAGES)

    def closes_before(self, queryset, name, value):
        return queryset.closing_before(value)

    def by_overdue(self, queryset, name, value):
        overdue = queryset.overdue()
        return overdue if value else queryset.exclude(pk__in=overdue.order_by().values("pk"))
