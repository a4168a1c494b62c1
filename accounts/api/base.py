"""The viewset every app builds on. Its page twins are in ``accounts.pages``.

A viewset is queryset + serializer (+ filter set), and what it does is one service call per action. ``visible_to`` is
applied to every query, so somebody else's row is 404; the rule named after the action decides about a visible one.
"""

import uuid

from django.http import Http404
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.api.authentication import MemberAuthentication
from accounts.api.concurrency import etag, expected_version, is_versioned
from accounts.api.filters import ArchivedFilterBackend, MemberFilterBackend, check_parameters, list_shape
from accounts.api.idempotency import IdempotentPosts
from accounts.api.metadata import MethodsMetadata
from accounts.api.negotiation import AlwaysJSON
from accounts.api.pagination import KeysetPagination
from accounts.api.parsers import JSONParser
from accounts.api.permissions import MemberPermission, refusal
from accounts.api.problems import exception_handler
from accounts.api.reading import representation
from accounts.api.renderers import JSONRenderer
from accounts.api.schema import ProblemSchema
from accounts.api.strict import NoInput
from accounts.api.throttling import PrincipalThrottle
from accounts.choices import Scope
from accounts.exceptions import StaleVersion
from accounts.sight import sight_of
from accounts.tenancy.kept import Kept, Slot, kept

UUID = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"


class MemberViewSet(IdempotentPosts, viewsets.GenericViewSet):
    """A viewset for members, showing only rows they may see."""

    authentication_classes = [MemberAuthentication]
    permission_classes = [MemberPermission]
    throttle_classes = [PrincipalThrottle]
    renderer_classes = [JSONRenderer]
    parser_classes = [JSONParser]
    content_negotiation_class = AlwaysJSON
    metadata_class = MethodsMetadata
    pagination_class = KeysetPagination
    filter_backends = [MemberFilterBackend, ArchivedFilterBackend]
    schema = ProblemSchema()
    lookup_value_regex = UUID

    #: What a token needs. The organization's own administration asks for ``Scope.ADMIN``.
    read_scope = Scope.READ
    write_scope = Scope.WRITE
    #: Rules of actions that are not named after their action: {"move": "clients.change_opportunity"}.
    permissions: dict = {}
    #: Query parameters of actions other than ``list``: {"retrieve": ["as_of"]}.
    query_parameters: dict = {}
    #: Verbs that take a body, and answers that are not the resource itself: {"lose": LoseInput}.
    inputs: dict = {}
    outputs: dict = {}
    filterset_class = None
    hides_archived = True
    #: Names in ``?ordering=`` and the column each means; ``ordering`` is what nobody asked for.
    ordering_fields: dict = {}
    ordering: tuple = ()
    #: Output name → column: a list is then one SQL statement written out as it comes, without a serializer.
    row_fields: dict | None = None

    @property
    def member(self):
        return getattr(self.request._request, "member", None)

    def get_queryset(self):
        return super().get_queryset().visible_to(self.member)

    def filter_queryset(self, queryset):
        # Filters narrow lists; one row is found whether it is archived or not.
        return super().filter_queryset(queryset) if self.action == "list" else queryset

    def get_object(self):
        """The visible row of this key, by a statement that is built once for all who see the same."""
        name = (type(self), self.action, sight_of(self.member), "object")
        statement = kept(name, lambda: Kept(self.filter_queryset(self.get_queryset()).filter(pk=Slot("key"))))
        obj = statement.first(key=uuid.UUID(self.kwargs[self.lookup_url_kwarg or self.lookup_field]))
        if obj is None:
            raise Http404
        self.check_object_permissions(self.request, obj)
        return obj

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if self.action is not None:
            check_parameters(request, self)

    def get_exception_handler(self):
        return exception_handler

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def require(self, permission, obj=None):
        """Ask a rule about another object than the one in the address (the client of a new contact)."""
        if not self.member.can(permission, obj):
            self.permission_denied(self.request, message=refusal(self.member))

    def input(self, serializer_class=None, *, instance=None, partial=False):
        """The validated body of this request; a verb that has no entry in ``inputs`` takes none."""
        serializer_class = serializer_class or self.inputs.get(self.action, NoInput)
        serializer = serializer_class(
            instance, data=self.request.data, partial=partial, context=self.get_serializer_context()
        )
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def answer(self, obj, status=200, headers=None):
        """One object as JSON, with the version to send back in ``If-Match``."""
        headers = {**(headers or {}), **({"ETag": etag(obj)} if is_versioned(obj) else {})}
        return Response(self.represent(obj), status=status, headers=headers)

    def represent(self, obj):
        """The resource as it is read, whatever serializer took the body."""
        return representation(self.serializer_class, obj, self.get_serializer_context())

    def get_serializer_class(self):
        return self.inputs.get(self.action, self.serializer_class)


class ListMixin:
    def list(self, request):
        if self.row_fields is None:
            page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
            rows = [self.represent(row) for row in page]
        else:
            page = self.paginator.paginate_rows(self.build_rows, request, self, list_shape(self))
            rows = [dict(zip(self.row_fields, row, strict=False)) for row in page]
        return self.get_paginated_response(rows)

    def build_rows(self):
        """The columns of ``row_fields`` alone, as tuples."""
        # select_related has no meaning for rows and is dropped by values_list itself.
        named = {name: source for name, source in self.row_fields.items() if not isinstance(source, str)}
        renamed = {f"row_{name}": source for name, source in named.items()}
        columns = [f"row_{name}" if name in named else source for name, source in self.row_fields.items()]
        return self.filter_queryset(self.get_queryset()).annotate(**renamed).values_list(*columns)


class RetrieveMixin:
    def retrieve(self, request, **kwargs):
        return self.answer(self.get_object())


class CreateMixin:
    """``perform_create(serializer)`` calls a service and returns the new row."""

    def create(self, request, **kwargs):
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return self.created(self.perform_create(serializer))

    def created(self, obj):
        headers = {}
        if hasattr(self, "retrieve"):
            headers["Location"] = reverse(f"{self.basename}-detail", args=[obj.pk], request=self.request)
        return self.answer(obj, 201, headers)


class VersionGuard:
    """Changes name the version they are based on; another one is answered with the row as it is now."""

    def expected_version(self, obj):
        return expected_version(self.request, obj)

    def handle_exception(self, exc):
        if isinstance(exc, StaleVersion):
            current = self.get_queryset().filter(**self.get_lookup()).first()
            if current is not None:
                # The answer is made before the transaction is marked as broken: it reads.
                document, tag = self.represent(current), etag(current)
                response = super().handle_exception(exc)
                response.data["current"] = document
                response["ETag"] = tag
                return response
        return super().handle_exception(exc)

    def get_lookup(self):
        return {self.lookup_field: self.kwargs[self.lookup_url_kwarg or self.lookup_field]}


class ChangeMixin(VersionGuard):
    """``perform_change(obj, version, data)`` calls a service; ``version`` is None for ``If-Match: *``."""

    def partial_update(self, request, **kwargs):
        obj = self.get_object()
        version = self.expected_version(obj)
        data = self.input(self.get_serializer_class(), instance=obj, partial=True)
        return self.answer(self.perform_change(obj, version, data))


class ArchiveMixin(VersionGuard):
    """DELETE takes a row out of the lists, ``restore`` brings it back. Nothing is lost."""

    def destroy(self, request, **kwargs):
        obj = self.get_object()
        self.perform_archive(obj, self.expected_version(obj))
        return Response(status=204)

    @action(detail=True, methods=["post"])
    def restore(self, request, **kwargs):
        obj = self.get_object()
        self.input()
        return self.answer(self.perform_restore(obj))
