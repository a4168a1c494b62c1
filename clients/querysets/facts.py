from typing import Self

from clients.querysets.base import ClientRowQuerySet, OpenQuerySet, SearchableQuerySet


class TagQuerySet(SearchableQuerySet, OpenQuerySet):
    def for_list(self) -> Self:
        return self.order_by("search_text", "pk")


class ChurnEventQuerySet(ClientRowQuerySet):
    def losses(self) -> Self:
        return self.filter(is_reactivation=False)

    def for_list(self) -> Self:
        return self.select_related("client").order_by("-on", "-pk")
