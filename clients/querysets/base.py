"""Who sees a client's rows, written once for every table that hangs on a client."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db.models import Q, QuerySet

from accounts.choices import Role
from accounts.text import fold
from managers.queries.reporting import portfolio_ids

if TYPE_CHECKING:
    from accounts.models import Membership


def seen_clients(member: "Membership", path: str = "") -> Q:
    """The condition under which ``member`` sees a row whose client is at ``path``; "" for clients themselves.

    Admins and viewers see everything; the others what is assigned to their portfolio (themselves, those below a
    lead, those they cover for), and leads also what is assigned to nobody. One subquery over the account teams.
    """
    portfolio = portfolio_ids(member)
    if portfolio is None:
        return Q()
    assignments = apps.get_model("clients", "Assignment").objects.current().filter(manager__in=portfolio)
    seen = Q(**{f"{path or 'pk'}__in": assignments.values("client_id")})
    if member.role != Role.LEAD:
        return seen
    if not path:
        return seen | Q(main_manager__isnull=True)
    return seen | Q(**{f"{path}__isnull": False, f"{path}__main_manager__isnull": True})


class SearchableQuerySet(QuerySet):
    """Rows that are found by their folded ``search_text``."""

    def search(self, text: str) -> Self:
        """Rows that contain every word of ``text``, however it is spelled (Arabic folding, case, digits)."""
        rows = self
        for word in fold(text).split():
            rows = rows.filter(search_text__contains=word)
        return rows


class ArchivableQuerySet(QuerySet):
    def current(self) -> Self:
        return self.filter(archived_at=None)


class OpenQuerySet(QuerySet):
    """Rows that every member of the organization sees: its catalogue and its words."""

    def visible_to(self, member: "Membership") -> Self:
        return self


class ClientRowQuerySet(QuerySet):
    """Rows that belong to a client and are seen with it."""

    client_path = "client"

    def visible_to(self, member: "Membership") -> Self:
        return self.filter(seen_clients(member, self.client_path))


class PeriodQuerySet(ClientRowQuerySet):
    """From/to rows: ``until_on`` is the day on which the next one took over; the open row is today's."""

    def current(self) -> Self:
        return self.filter(until_on=None)

    def on(self, day: date) -> Self:
        return self.filter(Q(until_on=None) | Q(until_on__gt=day), from_on__lte=day)
