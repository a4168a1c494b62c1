"""How the rows behind a figure are narrowed. Pages, lists and the API share these words, so links mean the same."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.filter_sets import LinkedRowFilter, SearchFilter, StrictFilterSet, YesNoFilter, seen
from accounts.form_fields import DateInput
from clients.choices import Tier
from clients.models import Client, ContractLine, Product
from interactions.choices import AnswerGroup, Scale
from interactions.filters import ScoreFilter
from interactions.models import Campaign, Score, Survey, SurveyInvitation
from managers.models import AccountManager


def had_product(queryset: Any, product: Product, moment: str) -> Any:
    """Rows whose client had a running line of ``product`` on the day of ``moment``."""
    day = TruncDate(OuterRef(moment))
    lines = ContractLine.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=day),
        client=OuterRef("client_id"),
        product=product,
        starts_on__lte=day,
        archived_at=None,
        contract__archived_at=None,
    )
    return queryset.filter(Exists(lines))


class CommentFilter(SearchFilter):
    """Answers with every word in their comment or second answer, however it is spelled."""

    def filter(self, queryset: Any, value: str) -> Any:
        return queryset.search_comments(value) if value else queryset


class ScoreRowsFilter(ScoreFilter):
    """Scores as a report counts them: by who the client is, by what was asked, by what they mean."""

    first_filters = ("scale", "group", "manager")

    q = CommentFilter(label=_("Words of comments"))
    manager = django_filters.ModelChoiceFilter(
        label=_("Main manager"),
        field_name="client__main_manager",
        queryset=seen(AccountManager.objects.all()),
        empty_label=_("Anybody"),
    )
    unassigned = YesNoFilter(label=_("Without a manager"), field_name="client__main_manager", lookup_expr="isnull")
    tier = django_filters.MultipleChoiceFilter(label=_("Tier"), field_name="client__tier", choices=Tier.choices)
    product = LinkedRowFilter(label=_("Product"), queryset=Product.objects.all(), method="with_product")
    survey = LinkedRowFilter(
        label=_("Survey"), field_name="survey_response__invitation__survey", queryset=Survey.objects.all()
    )
    surveyed = YesNoFilter(
        label=_("Answers to surveys"), field_name="survey_response", lookup_expr="isnull", exclude=True
    )
    campaign = LinkedRowFilter(
        label=_("Campaign"), field_name="survey_response__invitation__campaign", queryset=Campaign.objects.all()
    )
    in_campaign = YesNoFilter(
        label=_("From a campaign"),
        field_name="survey_response__invitation__campaign",
        lookup_expr="isnull",
        exclude=True,
    )
    group = django_filters.ChoiceFilter(
        label=_("Meaning"), choices=AnswerGroup.choices, method="in_group", empty_label=_("Any answer")
    )
    value = django_filters.NumberFilter(label=_("Answer"))
    commented = YesNoFilter(label=_("With a comment"), method="with_comment")

    class Meta:
        model = Score
        fields: list[str] = []

    def with_product(self, queryset: Any, name: str, value: Any) -> Any:
        return had_product(queryset, value, "at")

    def in_group(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.in_group(value)

    def with_comment(self, queryset: Any, name: str, value: bool) -> Any:
        has_words = Q(survey_response__search_text__gt="")
        return queryset.filter(has_words) if value else queryset.exclude(has_words)


class DeliveredFilter(StrictFilterSet):
    """Surveys that were delivered, by the same words as the answers; ``since`` and ``until`` are about the sending."""

    first_filters = ("scale", "answered")

    scale = django_filters.MultipleChoiceFilter(
        label=pgettext_lazy("survey", "Scale"), field_name="survey__kind", choices=Scale.choices
    )
    answered = YesNoFilter(label=_("Answered"), field_name="answered_at", lookup_expr="isnull", exclude=True)
    manager = django_filters.ModelChoiceFilter(
        label=_("Main manager"),
        field_name="client__main_manager",
        queryset=seen(AccountManager.objects.all()),
        empty_label=_("Anybody"),
    )
    unassigned = YesNoFilter(label=_("Without a manager"), field_name="client__main_manager", lookup_expr="isnull")
    tier = django_filters.MultipleChoiceFilter(label=_("Tier"), field_name="client__tier", choices=Tier.choices)
    client = LinkedRowFilter(label=_("Client"), queryset=Client.objects.all())
    product = LinkedRowFilter(label=_("Product"), queryset=Product.objects.all(), method="with_product")
    survey = LinkedRowFilter(label=_("Survey"), queryset=Survey.objects.all())
    campaign = LinkedRowFilter(label=_("Campaign"), queryset=Campaign.objects.all())
    in_campaign = YesNoFilter(label=_("From a campaign"), field_name="campaign", lookup_expr="isnull", exclude=True)
    since = django_filters.IsoDateTimeFilter(label=_("From"), field_name="sent_at", lookup_expr="gte")
    until = django_filters.IsoDateTimeFilter(label=_("Before"), field_name="sent_at", lookup_expr="lt")

    class Meta:
        model = SurveyInvitation
        fields: list[str] = []

    def with_product(self, queryset: Any, name: str, value: Any) -> Any:
        return had_product(queryset, value, "sent_at")


class ResultsFilter(StrictFilterSet):
    """What the results page can be narrowed by; managers, products, surveys and campaigns by a click on their row."""

    first_filters = ("tier",)

    tier = django_filters.ChoiceFilter(
        label=_("Tier"), field_name="client__tier", choices=Tier.choices, empty_label=_("Any tier")
    )
    manager = LinkedRowFilter(label=_("Main manager"), queryset=AccountManager.objects.all())
    unassigned = YesNoFilter(label=_("Without a manager"), widget=forms.HiddenInput)
    product = LinkedRowFilter(label=_("Product"), queryset=Product.objects.all())
    survey = LinkedRowFilter(label=_("Survey"), queryset=Survey.objects.all())
    campaign = LinkedRowFilter(label=_("Campaign"), queryset=Campaign.objects.all())
    since = django_filters.DateFilter(label=_("From"), widget=DateInput())
    until = django_filters.DateFilter(label=_("Before"), widget=DateInput())

    class Meta:
        model = Score
        fields: list[str] = []


class FiguresFilter(ScoreRowsFilter):
    """What figures of the API are narrowed by: whose answers and which, never what they say."""

    q = contact = source = surveyed = group = value = commented = scale = None


class ScaleFiguresFilter(FiguresFilter):
    scale = django_filters.ChoiceFilter(
        label=pgettext_lazy("survey", "Scale"), choices=Scale.choices, empty_label=None, initial=Scale.NPS
    )


class GroupedFiguresFilter(ScaleFiguresFilter):
    by = django_filters.ChoiceFilter(
        label=_("Told apart by"),
        choices=[(name, name) for name in ("tier", "product", "manager", "survey", "campaign")],
        method="keep",
        empty_label=None,
        initial="tier",
    )

    def keep(self, queryset: Any, name: str, value: str) -> Any:
        return queryset


#: What narrows answers, delivered surveys and the results page alike.
SCOPE = ("tier", "manager", "unassigned", "product", "survey", "campaign", "since", "until")
