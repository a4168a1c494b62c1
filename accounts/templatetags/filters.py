"""The filter bar: what is asked every day stands in it, the rest behind "More filters"."""

from dataclasses import dataclass
from typing import Any

from django import forms, template
from django.template.loader import render_to_string
from django.utils.translation import get_language

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


@register.simple_tag(takes_context=True)
def filter_bar(context: Any, filterset: Any, target: str) -> Any:
    """The bar of a filter set: the same for all who may choose and who ask the same, so it is drawn for them once."""
    request = context["request"]
    choices = tuple(
        tuple((str(value), str(label)) for value, label in field.widget.choices)
        for field in filterset.form.fields.values()
        if hasattr(field.widget, "choices") and not field.widget.is_hidden
    )
    asked = tuple((name, tuple(values)) for name, values in request.GET.lists() if name != "cursor")
    key = (type(filterset), get_language(), request.path, target, asked, choices)
    drawn = _drawn.get(key)
    if drawn is None:
        while len(_drawn) >= MOST_BARS:
            _drawn.pop(next(iter(_drawn)), None)
        bar = {"filter": filterset, "bar": filter_fields(filterset), "target": target, "path": request.path}
        drawn = render_to_string("components/filter_bar_drawn.html", bar | {"sort": request.GET.get("sort", "")})
        _drawn[key] = drawn
    return drawn


MOST_BARS = 200
_drawn: dict[Any, Any] = {}


@register.simple_tag
def filter_fields(filterset: Any) -> Bar:
    """What stands in a bar: ``first_filters`` of the set names it; the search box is named ``q``."""
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
