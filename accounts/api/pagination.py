"""Lists in pages: ``{"results", "next", "previous"}``, by position (see ``accounts.keyset``)."""

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from accounts.keyset import InvalidCursor, KeptListing, Listing
from accounts.tenancy.kept import kept


class KeysetPagination(BasePagination):
    page_size = 50
    max_page_size = 200
    parameters = ("cursor", "page_size", "ordering")

    def paginate_queryset(self, queryset, request, view=None):
        return self.paginate_rows(lambda: queryset, request, view, None)

    def paginate_rows(self, build, request, view, shape):
        """One page of the queryset that ``build()`` makes. With a shape (key and slots) it is made only once."""
        self.request = request
        ordering = tuple(self.get_ordering(request, view))
        values = {}
        if shape is None:
            listing = Listing(build(), ordering)
        else:
            key, values = shape
            listing = kept((*key, ordering), lambda: KeptListing(build(), ordering, values))
        try:
            self.page = listing.page(request.query_params.get("cursor") or None, self.get_page_size(request), values)
        except InvalidCursor as error:
            raise ValidationError(
                {"cursor": _("This cursor does not belong to this list and ordering. Begin again without it.")}
            ) from error
        return self.page.rows

    def get_page_size(self, request):
        given = request.query_params.get("page_size")
        if not given:
            return self.page_size
        if not (given.isascii() and given.isdigit() and int(given[:10]) >= 1):
            sentence = _("Give a whole number from 1 to %(max)s.")
            raise ValidationError({"page_size": sentence % {"max": self.max_page_size}})
        return min(int(given[:10]), self.max_page_size)

    def get_ordering(self, request, view):
        given = request.query_params.get("ordering")
        if not given:
            return view.ordering
        ordering = []
        for term in given.split(",")[:5]:
            name = term.strip()
            lookup = view.ordering_fields.get(name.removeprefix("-"))
            if lookup is None:
                raise ValidationError(
                    {
                        "ordering": _("“%(name)s” is not an ordering of this list. Known: %(known)s.")
                        % {"name": name, "known": ", ".join(view.ordering_fields)}
                    }
                )
            ordering.append(f"-{lookup}" if name.startswith("-") else lookup)
        return ordering

    def get_paginated_response(self, data):
        links = {"next": self.link(self.page.next_cursor), "previous": self.link(self.page.previous_cursor)}
        return Response({"results": data, **links})

    def link(self, cursor):
        return cursor and replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)

    def get_paginated_response_schema(self, schema):
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["results", "next", "previous"],
            "properties": {"results": schema, "next": link, "previous": link},
        }

    def get_schema_operation_parameters(self, view):
        known = [sign + name for name in view.ordering_fields for sign in ("", "-")]
        most = self.max_page_size
        size = {"type": "integer", "minimum": 1, "default": self.page_size}
        parameters = [
            ("cursor", {"type": "string"}, "Where a page begins: taken from `next` or `previous`, never made up."),
            ("page_size", size, f"Rows per page; more than {most} count as {most}."),
            ("ordering", {"type": "string", "enum": known}, "`-` sorts downwards; rows without a value come last."),
        ]
        return [
            {"name": name, "in": "query", "required": False, "schema": schema, "description": description}
            for name, schema, description in parameters
            if name != "ordering" or known
        ]
