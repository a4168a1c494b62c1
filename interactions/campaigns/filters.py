"""How the list of campaigns is narrowed, on the page and in the API alike."""

import django_filters
from django.utils.translation import gettext_lazy as _

from accounts.filter_sets import ArchivableFilterSet, SearchFilter, StrictFilterSet, YesNoFilter, seen
from accounts.text import fold
from interactions.choices import CampaignStatus, InvitationStatus
from interactions.models import Campaign, Survey, SurveyInvitation

CAMPAIGN_ORDERINGS = {"created_at": "created_at"}


class CampaignFilter(ArchivableFilterSet):
    first_filters = ("status", "survey")

    q = SearchFilter(label=_("Name"))
    status = django_filters.MultipleChoiceFilter(label=_("Status"), choices=CampaignStatus.choices)
    survey = django_filters.ModelChoiceFilter(
        label=_("Survey"), queryset=seen(Survey.objects.all()), empty_label=_("Any survey")
    )
    once = YesNoFilter(label=_("One time"), method="by_trigger")

    class Meta:
        model = Campaign
        fields = []

    def by_trigger(self, queryset, name, value):
        return queryset.filter(trigger="") if value else queryset.exclude(trigger="")


class InvitationPageFilter(StrictFilterSet):
    """The invitations of one campaign, on its page."""

    first_filters = ("status",)

    q = django_filters.CharFilter(label=_("Contact"), method="by_contact")
    status = django_filters.MultipleChoiceFilter(label=_("Status"), choices=InvitationStatus.choices)

    class Meta:
        model = SurveyInvitation
        fields = []

    def by_contact(self, queryset, name, value):
        for word in fold(value).split():
            queryset = queryset.filter(contact__search_text__contains=word)
        return queryset
