"""A campaign in words, for its page."""

from typing import Any

from django.utils.translation import ngettext, pgettext

from accounts.countries import country_name
from accounts.wording import join_list
from interactions.campaigns.audience import CHOICES, LABELS, ROWS
from interactions.campaigns.triggers import trigger_of
from interactions.models import Campaign


def audience_in_words(campaign: Campaign) -> list[tuple[Any, str]]:
    """``[(criterion, "value, value"), …]``; nothing when it is for everybody. One statement for each kind of row."""
    chosen = {name: campaign.criteria(name) for name in LABELS}
    return [(label, join_list(_values(name, chosen[name]))) for name, label in LABELS.items() if chosen[name]]


def occasion_in_words(campaign: Campaign) -> str:
    return str(trigger_of(campaign).sentence(campaign))


def reminders_in_words(campaign: Campaign) -> str:
    """When those who did not answer are reminded."""
    if not campaign.reminders:
        return pgettext("reminders", "none")
    return join_list([_after(day, is_working=campaign.reminds_on_working_days) for day in campaign.reminders])


def _after(days: int, *, is_working: bool) -> str:
    if is_working:
        return ngettext("after %(n)d working day", "after %(n)d working days", days) % {"n": days}
    return ngettext("after %(n)d day", "after %(n)d days", days) % {"n": days}


def _values(name: str, chosen: list[str]) -> list[str]:
    if name in ROWS:
        return sorted(str(row) for row in ROWS[name].objects.filter(pk__in=chosen))
    if name in CHOICES:
        return [str(label) for value, label in CHOICES[name].choices if value in chosen]
    return [country_name(value) for value in chosen] if name == "countries" else chosen
