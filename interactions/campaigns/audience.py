"""Whom a campaign is for, and who of them can be asked now.

An audience is a filter of clients and of the roles of their contacts. Clients that left are asked only when the
lifecycle "churned" is chosen; who made the campaign reaches the clients that they see, no others.
"""

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from clients.choices import ContactRole, Lifecycle, Tier
from clients.fields import validate_country
from clients.models import Client, ClientTag, Contact, ContractLine, Product, Tag
from interactions.models import Campaign
from managers.models import AccountManager, Team

if TYPE_CHECKING:
    from accounts.models import Membership

LABELS: dict[str, Any] = {
    "tiers": gettext_lazy("Tier"),
    "lifecycles": gettext_lazy("Lifecycle"),
    "products": gettext_lazy("Product"),
    "managers": gettext_lazy("Main manager"),
    "teams": gettext_lazy("Team"),
    "tags": gettext_lazy("Tag"),
    "countries": gettext_lazy("Country"),
    "segments": gettext_lazy("Segment"),
    "roles": pgettext_lazy("contact", "Role"),
}
CHOICES = {"tiers": Tier, "lifecycles": Lifecycle, "roles": ContactRole}
ROWS: dict[str, Any] = {"products": Product, "managers": AccountManager, "teams": Team, "tags": Tag}
MAX_VALUES = 100


def clean(audience: Any) -> dict[str, list[str]]:
    """The audience as it is stored: known criteria with their values as text; empty ones fall away."""
    if not isinstance(audience, dict):
        raise ValidationError({"audience": _("An audience is an object of lists, such as {“tiers”: [“core”]}.")})
    unknown = sorted(set(audience) - set(LABELS))
    if unknown:
        raise ValidationError({"audience": _("There is no criterion “%(name)s”.") % {"name": unknown[0]}})
    return {name: _values(name, audience[name]) for name in LABELS if audience.get(name)}


def _values(name: str, given: Any) -> list[str]:
    if not isinstance(given, list | tuple | set | QuerySet) or len(given) > MAX_VALUES:
        sentence = _("“%(name)s” takes a list of at most %(count)d values.")
        raise ValidationError({"audience": sentence % {"name": name, "count": MAX_VALUES}})
    values = sorted({str(getattr(value, "pk", value)).strip() for value in given} - {""})
    _check(name, values)
    return values


def _check(name: str, values: list[str]) -> None:
    if name in CHOICES:
        unknown = set(values) - set(CHOICES[name].values)
    elif name in ROWS:
        unknown = _missing_rows(ROWS[name], values)
    elif name == "countries":
        unknown = {value for value in values if not _holds(validate_country, value)}
    else:
        unknown = {value for value in values if len(value) > 80}
    if unknown:
        sentence = _("“%(name)s” does not know “%(value)s”.")
        raise ValidationError({"audience": sentence % {"name": name, "value": min(unknown)}})


def _missing_rows(model: Any, values: list[str]) -> set[str]:
    keys = {value for value in values if _holds(uuid.UUID, value)}
    found = {str(key) for key in model.objects.filter(pk__in=keys).values_list("pk", flat=True)}
    return set(values) - found


def _holds(check: Callable[[str], Any], value: str) -> bool:
    try:
        check(value)
    except (ValidationError, ValueError):
        return False
    return True


def clients_of(campaign: Campaign, today: date, member: "Membership | None" = None) -> QuerySet[Client]:
    """The clients that the audience names, of those that ``member`` sees (else: who made the campaign)."""
    seer = member or campaign.created_by
    rows = Client.objects.current()
    rows = rows.none() if seer is None else rows.visible_to(seer)
    lifecycles = campaign.criteria("lifecycles")
    rows = rows.filter(lifecycle__in=lifecycles) if lifecycles else rows.exclude(lifecycle=Lifecycle.CHURNED)
    columns = {
        "tiers": "tier",
        "managers": "main_manager",
        "teams": "main_manager__team",
        "countries": "country",
        "segments": "segment",
    }
    for name, column in columns.items():
        if chosen := campaign.criteria(name):
            rows = rows.filter(**{f"{column}__in": chosen})
    if products := campaign.criteria("products"):
        lines = ContractLine.objects.running(today).filter(product__in=products)
        rows = rows.filter(pk__in=lines.values("client_id"))
    if tags := campaign.criteria("tags"):
        rows = rows.filter(pk__in=ClientTag.objects.filter(tag__in=tags).values("client_id"))
    return rows


def contacts_of(campaign: Campaign, today: date, member: "Membership | None" = None) -> QuerySet[Contact]:
    """Everybody whom the audience names, whether they can be asked or not."""
    rows = Contact.objects.current().filter(client__in=clients_of(campaign, today, member).values("pk"))
    roles = campaign.criteria("roles")
    return rows.filter(role__in=roles) if roles else rows


def rested_q(rest_days: int, today: date) -> Q:
    """Not asked for so many days, by whatever survey."""
    return Q(last_surveyed_on__isnull=True) | Q(last_surveyed_on__lte=today - timedelta(days=rest_days))


def askable(contacts: QuerySet[Contact], rest_days: int, today: date) -> QuerySet[Contact]:
    """Still there, with an address, willing and rested. Whether the address is suppressed is asked apart."""
    return contacts.reachable().filter(rested_q(rest_days, today), survey_consent=True)
