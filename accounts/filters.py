"""How lists of the ground floor are narrowed, on the page and in the API."""

import datetime
import re

import django_filters
from django import forms
from django.apps import apps
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit_words import VERBS
from accounts.choices import Role
from accounts.dispatch.addresses import normal
from accounts.dispatch.choices import Lane, MessageStatus, SuppressionReason
from accounts.dispatch.outbox import Tray, in_tray
from accounts.dispatch.registry import kinds, label_of
from accounts.form_fields import DateInput
from accounts.models import AuditEntry, Membership, Message, Organization, Suppression
from accounts.tenancy.models import VersionedModel

STATES = [("active", _("Active")), ("inactive", _("Deactivated"))]


class MemberFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Name or e-mail"), method="search")
    role = django_filters.ChoiceFilter(label=_("Role"), choices=Role.choices, empty_label=_("Any role"))
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=STATES, empty_label=_("Active and deactivated"), method="in_state"
    )

    class Meta:
        model = Membership
        fields = []

    def search(self, queryset, name, value):
        return queryset.filter(Q(user__name__icontains=value) | Q(user__email__icontains=value))

    def in_state(self, queryset, name, value):
        return queryset.filter(is_active=value == "active")


def _members(request):
    return Membership.objects.for_list() if request else Membership.objects.none()


def _verbs():
    return sorted(VERBS.items(), key=lambda pair: str(pair[1]))


def _kinds():
    """What people change: the versioned rows, and the organization itself."""
    models = [Organization, *(model for model in apps.get_models() if issubclass(model, VersionedModel))]
    named = ((model._meta.label_lower, str(model._meta.verbose_name).capitalize()) for model in models)
    return sorted(named, key=lambda pair: pair[1])


class AuditFilter(django_filters.FilterSet):
    """Days are the organization's; ``object`` is the history of one row, ``client`` of everything about one client."""

    actor = django_filters.ModelChoiceFilter(label=_("Person"), queryset=_members, empty_label=_("Anybody"))
    verb = django_filters.ChoiceFilter(label=_("What"), choices=_verbs, empty_label=_("Anything"))
    model = django_filters.ChoiceFilter(label=_("Kind"), choices=_kinds, empty_label=_("Any kind"))
    since = django_filters.DateFilter(label=_("From"), widget=DateInput(), method="from_day")
    until = django_filters.DateFilter(label=_("To"), widget=DateInput(), method="to_day")
    object = django_filters.UUIDFilter(label=_("Row"), field_name="object_id")
    client = django_filters.UUIDFilter(label=_("Client"), field_name="client_id")

    class Meta:
        model = AuditEntry
        fields = []

    def from_day(self, queryset, name, value):
        return queryset.filter(at__gte=_start_of(value))

    def to_day(self, queryset, name, value):
        return queryset.filter(at__lt=_start_of(value + datetime.timedelta(days=1)))


def _start_of(day):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


WHOLE_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}")


def _message_kinds():
    return sorted(((kind.name, label_of(kind.name)) for kind in kinds()), key=lambda pair: pair[1])


def find_address(queryset, field, value):
    """Part of an address, however it is written; a whole one is found by the index."""
    address = normal(value)
    if WHOLE_ADDRESS.fullmatch(address):
        return queryset.filter(**{field: address})
    return queryset.filter(**{f"{field}__contains": address})


class MessageFilter(django_filters.FilterSet):
    """``status`` also knows ``queued`` and ``retrying``: waiting for the first try, and for another one."""

    q = django_filters.CharFilter(label=_("Recipient"), method="search")
    status = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[*Tray.choices, *(pair for pair in MessageStatus.choices if pair[0] not in Tray.values)],
        widget=forms.HiddenInput,
        method="in_state",
    )
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=_message_kinds, empty_label=_("Any kind"))
    lane = django_filters.ChoiceFilter(label=_("Lane"), choices=Lane.choices, empty_label=_("Any lane"))

    class Meta:
        model = Message
        fields = []

    def search(self, queryset, name, value):
        return find_address(queryset, "recipient", value)

    def in_state(self, queryset, name, value):
        return queryset.filter(in_tray(value))


class SuppressionFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Address"), method="search")
    reason = django_filters.ChoiceFilter(
        label=_("Reason"), choices=SuppressionReason.choices, empty_label=_("Any reason")
    )

    class Meta:
        model = Suppression
        fields = []

    def search(self, queryset, name, value):
        return find_address(queryset, "address", value)
