"""What the filter sets of every app share: nothing is ignored in silence; archived rows come only when asked for."""

import itertools
import re
from functools import cached_property, lru_cache
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import CharField, Model, TextField
from django.db.models.lookups import BuiltinLookup
from django.utils.choices import BaseChoiceIterator
from django.utils.translation import gettext_lazy as _
from django_filters.fields import ModelChoiceField, ModelChoiceIterator
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from accounts.sight import sight_of
from accounts.tenancy.kept import Kept, Slot, kept
from accounts.text import fold

YES_NO = [("", _("Either")), ("true", _("Yes")), ("false", _("No"))]
ARCHIVED = [("false", _("In use")), ("true", _("Archived")), ("any", _("In use and archived"))]


@extend_schema_field(OpenApiTypes.BOOL)
class YesNoFilter(django_filters.TypedChoiceFilter):
    """``true`` or ``false``; Django's own takes any other word for no answer."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"choices": YES_NO, "coerce": lambda word: word == "true", **kwargs})


@extend_schema_field(OpenApiTypes.INT)
class DaysFilter(django_filters.Filter):
    """A whole number of days."""

    field_class = forms.IntegerField

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 0, "max_value": 3650, **kwargs})


class SearchFilter(django_filters.CharFilter):
    """Rows with every word in their ``search_text``, however it is spelled."""

    def filter(self, queryset: Any, value: str) -> Any:
        for pattern in patterns(value or ""):
            queryset = queryset.filter(search_text__like=pattern)
        return queryset


@TextField.register_lookup
@CharField.register_lookup
class Like(BuiltinLookup):
    """``LIKE`` with a pattern as it is: ``contains`` would make a new one, and a kept statement could not tell it."""

    lookup_name = "like"

    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        return f"LIKE {rhs}"


@lru_cache
def patterns(text: str) -> tuple[str, ...]:
    """One pattern for each word of the folded text; the same objects while the text is remembered."""
    return tuple(f"%{re.sub(LIKE_SIGNS, BACKSLASHED, word)}%" for word in fold(text).split())


LIKE_SIGNS, BACKSLASHED = re.compile(r"[\\%_]"), r"\\\g<0>"


class ReadOnce(BaseChoiceIterator):
    """Choices of several selects that come from the database once, when the first of them is drawn."""

    def __init__(self, choices: Any) -> None:
        self.choices = choices

    @cached_property
    def kept(self) -> list[Any]:
        # Not list(choices): it would ask for the length first, which is a count in the database.
        return list(iter(self.choices))

    def __iter__(self) -> Any:
        return iter(self.kept)


class KeptChoices(ModelChoiceIterator):
    """A select's rows by a statement that is built once. Django's own opens a cursor on the server for a few rows."""

    def __iter__(self) -> Any:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        if self.field.null_label is not None:
            yield (self.field.null_value, self.field.null_label)
        for row in kept(self.field.kept_as, lambda: Kept(self.queryset.all())).run():
            yield self.choice(row)


class StrictFilterSet(django_filters.FilterSet):
    """A value that does not hold answers with its error and with no rows, never with all of them."""

    #: Filters that offer the same choices as another one: ``{"account_team": "manager"}``.
    same_choices: dict[str, str] = {}

    @property
    def form(self) -> Any:
        if hasattr(self, "_form"):
            return self._form
        form = super().form
        member = getattr(self.request, "member", None)
        for name, field in form.fields.items():
            if isinstance(field, ModelChoiceField) and not isinstance(field, LinkedRowField) and member is not None:
                field.iterator = KeptChoices
                field.kept_as = ("choices", type(self), name, sight_of(member))
                field.widget.choices = ReadOnce(field.choices)
        for name, other in self.same_choices.items():
            if name in form.fields and other in form.fields:
                form.fields[name].widget.choices = form.fields[other].widget.choices
        return form

    def filter_queryset(self, queryset: Any) -> Any:
        return queryset.none() if self.form.errors else super().filter_queryset(queryset)

    def shape(self) -> tuple[tuple[Any, ...], dict[str, Any]] | None:
        """A key and the slots of what is asked (see ``accounts.keyset.KeptListing``), or None.

        Lists that are narrowed by rows and by words may be kept: those are slots. A filter with another value, which
        may mean a day or a number, or with a method of its own, which may ask what time it is, is built anew.
        """
        if not self.is_valid():
            return None
        key: list[Any] = []
        slots: dict[str, Any] = {}
        for name, each in self.filters.items():
            value = self.form.cleaned_data[name]
            if value is None or value == "" or value == []:
                continue
            if isinstance(each, SearchFilter):
                found = {f"{name} {number}": pattern for number, pattern in enumerate(patterns(value))}
            elif isinstance(value, Model) and each.method is None:
                found = {name: value.pk}
            elif name == "archived":
                found = {}
                key.append(value)
            else:
                return None
            key += [name, len(found)]
            slots |= found
        return tuple(key), slots


class ArchivableFilterSet(StrictFilterSet):
    """Leaves archived rows out; ``archived=true`` shows those alone, ``archived=any`` both."""

    archived = django_filters.ChoiceFilter(
        label=_("Archived"), choices=ARCHIVED, empty_label=None, null_label=None, method="keep"
    )

    def keep(self, queryset: Any, name: str, value: str) -> Any:
        return queryset

    def filter_queryset(self, queryset: Any) -> Any:
        asked = self.form.cleaned_data.get("archived") or "false"
        if asked != "any":
            queryset = queryset.filter(archived_at__isnull=asked == "false")
        return super().filter_queryset(queryset)


def seen(queryset: Any) -> Any:
    """Choices for a model filter: the rows the asking member may see. Without a request (a schema) there are none.

    They come by name, unless the queryset has an order of its own.
    """
    columns = {field.name for field in queryset.model._meta.local_fields}
    order = [name for name in ("search_text", "name") if name in columns][:1]
    choices = queryset if queryset.ordered or not order else queryset.order_by(*order, "pk")

    def rows(request: Any) -> Any:
        member = getattr(request, "member", None)
        return choices.visible_to(member) if member is not None else choices.none()

    return rows


class LinkedRowField(ModelChoiceField):
    #: Who asks, and which filter this is the field of.
    member: Any = None
    number = 0

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values or self.member is None:
            return super().to_python(value)
        try:
            key = self.queryset.model._meta.pk.to_python(value)
        except ValidationError:
            key = None
        name = ("linked row", self.number, sight_of(self.member))
        row = key and kept(name, lambda: Kept(self.queryset.filter(pk=Slot("key")))).first(key=key)
        if not row:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value})
        return row


class LinkedRowFilter(django_filters.ModelChoiceFilter):
    """Rows of one row that the member may see, named by its key in links: nobody picks it from a list of thousands."""

    field_class = LinkedRowField
    numbers = itertools.count(1)

    def __init__(self, *, queryset: Any, **options: Any) -> None:
        super().__init__(queryset=seen(queryset), widget=forms.HiddenInput, **options)
        self.number = next(self.numbers)

    @property
    def field(self) -> Any:
        field = super().field
        field.member, field.number = getattr(self.get_request(), "member", None), self.number
        return field
