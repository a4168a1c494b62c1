from typing import Self

from clients.choices import AssignmentRole
from clients.querysets.base import ArchivableQuerySet, ClientRowQuerySet, PeriodQuerySet, SearchableQuerySet


class ContactQuerySet(SearchableQuerySet, ArchivableQuerySet, ClientRowQuerySet):
    def reachable(self) -> Self:
        """Still there, and with an address."""
        return self.current().filter(left_on=None).exclude(email="")

    def for_list(self) -> Self:
        return self.select_related("client").order_by("search_text", "pk")


class AssignmentQuerySet(PeriodQuerySet):
    def main(self) -> Self:
        return self.filter(role=AssignmentRole.MAIN)

    def for_list(self) -> Self:
        return self.select_related("manager").order_by("until_on", "from_on", "pk")
