"""How lists of the ground floor are narrowed, on the page and in the API."""

import datetime

import django_filters
from django.apps import apps
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit_words import VERBS
from accounts.choices import Role
from accounts.dispatch.choices import MessageStatus
from accounts.form_fields import DateInput
from accounts.models import AuditEntry, Membership, Message, Organization
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


class MessageFilter(django_filters.FilterSet):
    status = django_filters.ChoiceFilter(label=_("State"), choices=MessageStatus.choices, empty_label=_("Any state"))
    recipient = django_filters.CharFilter(label=_("Recipient"), lookup_expr="iexact")

    class Meta:
        model = Message
        fields = []
