"""Founding an organization and changing its settings."""

import datetime
import re
import unicodedata
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Role
from accounts.exceptions import DomainError
from accounts.models import Holiday, Membership, Organization, OrganizationSettings, User
from accounts.services.audit import record
from accounts.services.changes import change
from accounts.signals import member_joined, organization_founded, times_changed
from accounts.tenancy.context import tenant

#: A holiday that keeps its date is entered for so many years.
YEARS_AHEAD = 5
#: Names that would read as something else in an address.
RESERVED = {"admin", "api", "accounts", "static", "o", "s", "healthz", "readyz", "metrics", "new", "www", "rafiq"}


@transaction.atomic
def found_organization(
    *, user: User, name: str, slug: str = "", language: str = "", time_zone: str = "UTC", currency: str = "USD"
) -> Membership:
    """Make an organization with ``user`` as its first admin. Raises ValidationError for a taken or reserved slug."""
    organization = Organization(name=name.strip(), slug=slug or free_slug(name))
    if organization.slug in RESERVED:
        raise DomainError({"slug": _("“%(slug)s” is reserved. Choose another address.") % {"slug": organization.slug}})
    organization.full_clean()
    organization.save(force_insert=True)
    with tenant(organization.pk, switch=True):
        settings = OrganizationSettings(
            language=language or user.language or "en", time_zone=time_zone, currency=currency
        )
        settings.full_clean(exclude=["organization"])
        settings.save(force_insert=True)
        member = Membership.objects.create(user=user, role=Role.ADMIN)
        record(actor=member, verb="founded", obj=organization, after={"name": organization.name})
        organization_founded.send(Organization, organization=organization, member=member)
        member_joined.send(Membership, member=member, actor=member)
    return member


def free_slug(name: str) -> str:
    """An address made of ``name``'s Latin letters that nobody has; ``team``, ``team-2`` … when it has none."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:32].strip("-") or "team"
    if stem in RESERVED:
        stem = f"{stem}-team"
    taken = set(Organization.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    if stem not in taken:
        return stem
    return next(f"{stem}-{n}" for n in range(2, len(taken) + 3) if f"{stem}-{n}" not in taken)


@transaction.atomic
def change_settings(
    *,
    actor: Membership,
    settings: OrganizationSettings,
    name: str | None = None,
    version: int | None = None,
    **fields: Any,
) -> OrganizationSettings:
    """Change the organization's settings, and its name when given."""
    changed = change(actor=actor, obj=settings, version=version, **fields)
    organization = changed.organization
    if name is not None and name.strip() != organization.name:
        before, organization.name = organization.name, name.strip()
        organization.full_clean()
        organization.save(update_fields=["name"])
        record(
            actor=actor, verb="renamed", obj=organization, before={"name": before}, after={"name": organization.name}
        )
    times_changed.send(OrganizationSettings, actor=actor)
    return changed


@transaction.atomic
def add_holiday(*, actor: Membership, on: datetime.date, name: str, every_year: bool = False) -> Holiday:
    """A day off; ``every_year`` adds the same date in the next four years, where it is free."""
    holiday = Holiday(on=on, name=name)
    holiday.full_clean(exclude=["organization"], validate_constraints=False)
    holiday.validate_constraints()
    holiday.save(force_insert=True)
    record(actor=actor, verb="added", obj=holiday, after={"on": on, "name": name})
    if every_year:
        _repeat(actor, holiday)
    times_changed.send(Holiday, actor=actor)
    return holiday


def _repeat(actor: Membership, holiday: Holiday) -> None:
    days = [day for years in range(1, YEARS_AHEAD) if (day := _in_years(holiday.on, years)) is not None]
    taken = set(Holiday.objects.filter(on__in=days).values_list("on", flat=True))
    for copy in Holiday.objects.bulk_create(Holiday(on=day, name=holiday.name) for day in days if day not in taken):
        record(actor=actor, verb="added", obj=copy, after={"on": copy.on, "name": copy.name})


def _in_years(day: datetime.date, years: int) -> datetime.date | None:
    """The same date so many years on; 29 February only where there is one."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return None


@transaction.atomic
def remove_holiday(*, actor: Membership, holiday: Holiday) -> None:
    record(actor=actor, verb="removed", obj=holiday, before={"on": holiday.on, "name": holiday.name})
    holiday.delete()
    times_changed.send(Holiday, actor=actor)
