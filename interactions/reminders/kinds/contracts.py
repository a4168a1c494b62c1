"""Contracts: the day by which notice must be given, and the day on which their term ends."""

from collections.abc import Iterator

from django.db.models import DateField, Exists, F, Func, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.links import inside_path
from accounts.wording import in_days, isolated
from clients.choices import Lifecycle
from clients.models import Contract
from interactions.models import Reminder
from interactions.reminders.registry import Fact, Moment, ReminderKind, Window

# ``Contract.notice_on`` in SQL: a date less a number of days.
NOTICE_ON = Func(
    F("ends_on"), F("notice_days"), template="(%(expressions)s)", arg_joiner=" - ", output_field=DateField()
)


def end_facts(window: Window) -> Iterator[Fact]:
    return _facts(window, CONTRACT_END, F("ends_on"))


def notice_facts(window: Window) -> Iterator[Fact]:
    return _facts(window, NOTICE_DEADLINE, NOTICE_ON)


def end_is_true(at: Moment) -> Exists:
    return Exists(_living().filter(pk=OuterRef("subject_id"), ends_on=OuterRef("about_on")))


def notice_is_true(at: Moment) -> Exists:
    rows = _living().annotate(deadline=NOTICE_ON)
    return Exists(rows.filter(pk=OuterRef("subject_id"), deadline=OuterRef("about_on")))


def end_words(reminder: Reminder) -> str:
    return _("The term of the contract “%(contract)s” ends on %(day)s") % _names(reminder)


def notice_words(reminder: Reminder) -> str:
    return _("Notice for the contract “%(contract)s” must be given by %(day)s") % _names(reminder)


def _names(reminder: Reminder) -> dict[str, str]:
    return {"contract": isolated(reminder.title), "day": in_days(reminder.about_on) if reminder.about_on else ""}


def _living():
    return Contract.objects.current().filter(client__archived_at=None).exclude(client__lifecycle=Lifecycle.CHURNED)


def _facts(window: Window, kind: ReminderKind, day: F | Func) -> Iterator[Fact]:
    span = kind.days_about(window.calendar, window.first_on, window.last_on, window.lead)
    contracts = (
        _living()
        .annotate(day=day)
        # Neither day lies after the end: what ended before is passed over by the index.
        .filter(day__range=span, ends_on__gte=span[0])
        .exclude(window.told("pk", about_on=OuterRef("day")))
        .order_by("day", "pk")
        .values_list("pk", "day", "name", "client_id")[: window.limit]
    )
    for pk, about_on, name, client_id in contracts:
        yield Fact(pk, about_on, name, inside_path("clients:contract-detail", pk), client_id)


NOTICE_DEADLINE = ReminderKind(
    name="notice_deadline",
    label=gettext_lazy("Notice deadlines"),
    hint=gettext_lazy("The last day on which a contract can be given notice. To the client’s main manager."),
    icon="calendar-clock",
    subject="clients.contract",
    leads=(10, 3, 0),
    facts=notice_facts,
    still_true=notice_is_true,
    words=notice_words,
    is_urgent=True,
)

CONTRACT_END = ReminderKind(
    name="contract_end",
    label=gettext_lazy("Contract ends"),
    hint=gettext_lazy("The day on which a contract’s term ends. To the client’s main manager."),
    icon="file-text",
    subject="clients.contract",
    leads=(40, 10),
    facts=end_facts,
    still_true=end_is_true,
    words=end_words,
)
