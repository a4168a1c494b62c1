"""The same filters as on the page, and a plain answer to a parameter that nobody knows."""

from functools import lru_cache

from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from django_filters.utils import translate_validation
from rest_framework.exceptions import ValidationError
from rest_framework.filters import BaseFilterBackend

from accounts.filter_sets import StrictFilterSet
from accounts.sight import sight_of

ARCHIVED = {"false": {"archived_at": None}, "true": {"archived_at__isnull": False}, "any": {}}


class MemberFilterBackend(DjangoFilterBackend):
    """Binds the view's ``filterset_class``, shared with the HTML list.

    A filter set copies its filters and makes a form field of each, which costs more than the list itself: only those
    that were asked for are made.
    """

    def filter_queryset(self, request, queryset, view):
        filterset = asked_filters(view)
        if filterset is None:
            return queryset
        if not filterset.is_valid():
            raise translate_validation(filterset.errors)
        filterset.queryset = queryset
        return filterset.qs


def asked_filters(view):
    """The view's filter set with the filters that this request names, or None when it names none."""
    if not hasattr(view, "_asked_filters"):
        asked = view.request.query_params
        names = tuple(name for name in own_filters(view) if not asked.keys().isdisjoint(spoken(view, name)))
        made = narrowed(view.filterset_class, names) if names else None
        view._asked_filters = made and made(asked, queryset=view.queryset, request=view.request)
    return view._asked_filters


def list_shape(view):
    """A key and the slots of a list that may be kept, or None."""
    filterset = asked_filters(view)
    if filterset is None:
        asked = (), {}
    else:
        asked = filterset.shape() if isinstance(filterset, StrictFilterSet) else None
    if asked is None:
        return None
    key, slots = asked
    return (type(view), view.action, sight_of(view.member), view.request.query_params.get("archived"), *key), slots


@lru_cache(maxsize=256)
def narrowed(filterset_class, names):
    """The filter set with only these filters."""
    filters = {name: filterset_class.base_filters[name] for name in names}
    made = type(filterset_class.__name__, (filterset_class,), {})
    made.base_filters = filters
    return made


def spoken(view, name):
    """The parameters of one filter: its name, or one for each part of a range."""
    suffixes = getattr(own_filters(view)[name].field_class.widget, "suffixes", None)
    return [f"{name}_{suffix}" for suffix in suffixes] if suffixes else [name]


class ArchivedFilterBackend(BaseFilterBackend):
    """``archived=false`` (left out: the same), ``true`` or ``any``, in lists of rows that can be archived."""

    def filter_queryset(self, request, queryset, view):
        if view.action != "list" or not is_archivable(view):
            return queryset
        given = request.query_params.get("archived")
        if given and "archived" in own_filters(view):
            return queryset
        given = given or "false"
        if given not in ARCHIVED:
            raise ValidationError({"archived": _("Choose among: %(known)s.") % {"known": ", ".join(ARCHIVED)}})
        return queryset.filter(**ARCHIVED[given])

    def get_schema_operation_parameters(self, view):
        if view.action != "list" or not is_archivable(view) or "archived" in own_filters(view):
            return []
        return [
            {
                "name": "archived",
                "in": "query",
                "required": False,
                "description": "Archived rows: left out, only those, or both.",
                "schema": {"type": "string", "enum": list(ARCHIVED), "default": "false"},
            }
        ]


def is_archivable(view):
    """Whether the list leaves archived rows out unless it is asked for them."""
    return view.hides_archived and hasattr(view.queryset.model, "archived_at")


def own_filters(view):
    return getattr(view.filterset_class, "base_filters", {})


def check_parameters(request, view):
    """Unknown query parameters are refused: a misspelt filter must not answer with everything."""
    known = known_parameters(view)
    unknown = [name for name in request.query_params if name not in known]
    if not unknown:
        return
    told = ", ".join(known) or _("none")
    sentence = _("There is no such parameter here. Known: %(known)s.") % {"known": told}
    raise ValidationError(dict.fromkeys(unknown, sentence))


def known_parameters(view):
    declared = list(view.query_parameters.get(view.action, ()))
    if view.action != "list":
        return declared
    for name in own_filters(view):
        declared += spoken(view, name)
    if is_archivable(view):
        declared.append("archived")
    return list(dict.fromkeys([*declared, *view.pagination_class.parameters]))
