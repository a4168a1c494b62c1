"""Managers, teams and absences are shown to every member: their names are needed to assign and to ask.

Numbers about a manager are for those above; that is the rule ``managers.view_portfolio``.
"""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db.models import Q, QuerySet

if TYPE_CHECKING:
    from accounts.models import Membership


class OpenToMembersQuerySet(QuerySet):
    """Rows that every member of the organization may see."""

    def visible_to(self, member: "Membership") -> Self:
        return self

    def for_list(self) -> Self:
        return self


class TeamQuerySet(OpenToMembersQuerySet):
    def in_use(self) -> Self:
        return self.filter(archived_at=None)

    def for_list(self) -> Self:
        return self.order_by("search_text", "pk")


class AccountManagerQuerySet(OpenToMembersQuerySet):
    def active(self) -> Self:
        """In service: those one can assign clients to."""
        return self.filter(archived_at=None, left_on=None)

    def of_member(self, member: "Membership") -> Self:
        return self.active().filter(member=member)

    def for_list(self) -> Self:
        return self.select_related("team", "reports_to").order_by("search_text", "pk")


class ReportingLineQuerySet(OpenToMembersQuerySet):
    def open(self) -> Self:
        return self.filter(until_on=None)

    def on(self, day: date) -> Self:
        """The line as it stood on a day; a line that ended that day has already given way to the next."""
        return self.filter(Q(until_on=None) | Q(until_on__gt=day), from_on__lte=day)


class AbsenceQuerySet(OpenToMembersQuerySet):
    def on(self, day: date) -> Self:
        return self.filter(archived_at=None, from_on__lte=day, until_on__gte=day)

    def overlapping(self, from_on: date, until_on: date) -> Self:
        return self.filter(archived_at=None, from_on__lte=until_on, until_on__gte=from_on)

    def for_list(self) -> Self:
        return self.select_related("manager", "substitute").order_by("-from_on", "pk")
