"""The filter bar: what is asked every day stands in it, the rest behind "More filters"."""

from dataclasses import dataclass
from typing import Any

from django import forms, template

register = template.Library()


@dataclass(frozen=True)
class Choice:
    """One bound field of the bar; ``is_multiple`` is drawn as a list of boxes to tick."""

    field: Any
    is_multiple: bool
    chosen: int

    @property
    def is_set(self) -> bool:
        return bool(self.chosen)


@dataclass(frozen=True)
class Bar:
    search: Any
    first: list[Choice]
    more: list[Choice]

    @property
    def more_set(self) -> int:
        return sum(choice.is_set for choice in self.more)


@register.simple_tag
def filter_fields(filterset: Any) -> Bar:
    """The bar of a django-filter set whose ``first_filters`` names what stands in it; the search box is named ``q``."""
    form = filterset.form
    first = getattr(filterset, "first_filters", None)
    fields = {bound.name: _choice(bound) for bound in form.visible_fields()}
    search = fields.pop("q").field if "q" in fields else None
    names = [name for name in (first if first is not None else fields) if name in fields]
    return Bar(
        search=search,
        first=[fields[name] for name in names],
        more=[choice for name, choice in fields.items() if name not in names],
    )


def _choice(bound: Any) -> Choice:
    is_multiple = isinstance(bound.field, forms.MultipleChoiceField)
    if is_multiple:
        return Choice(bound, is_multiple, len(bound.form.data.getlist(bound.html_name)) if bound.form.is_bound else 0)
    value = bound.value()
    return Choice(
        bound, is_multiple, int(value not in (None, "", "false") or (value == "false" and bound.name != "archived"))
    )
