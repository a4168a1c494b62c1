"""Search and jump (Ctrl K): a fragment for the palette, a page without JavaScript."""

from typing import Any

from accounts.pages import Page
from reports.queries.search import find

LONGEST = 100


class SearchPage(Page):
    permission = "reports.search"
    template_name = "reports/search.html"

    def get_template_names(self) -> list[str]:
        return ["reports/_search_results.html" if self.is_fragment else self.template_name]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = self.request.GET.get("q", "")[:LONGEST].strip()
        limit = 6 if self.is_fragment else 20
        return super().get_context_data(text=text, groups=find(self.member, text, limit=limit), **kwargs)
