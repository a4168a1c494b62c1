"""The server-rendered pages every app builds on. Their API twins are in ``accounts.api.base``.

A page is queryset + permission + template (+ filter | form + ``perform``). ``visible_to`` is applied to every query, so
somebody else's row is "not found"; the rule named by ``permission`` decides what may be done with a visible one.
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, BadRequest, PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.generic import DetailView, FormView, ListView, TemplateView, View
from django.views.generic.detail import SingleObjectMixin

from accounts import wording
from accounts.exceptions import StaleVersion
from accounts.keyset import InvalidCursor, KeptListing, Listing
from accounts.models import AuditEntry
from accounts.redirects import safe_path
from accounts.sight import sight_of
from accounts.tenancy.kept import kept


class MemberPage:
    """A page for members who may do ``permission``."""

    permission: str = ""
    request: Any

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.check_entry()
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    @property
    def member(self) -> Any:
        return self.request.member

    def check_entry(self) -> None:
        """Refuse before anything is read; pages about one object check again with the object."""
        self.check_permission()

    def check_permission(self, obj: Any = None) -> None:
        if self.member is None or not self.member.can(self.permission, obj):
            raise PermissionDenied

    @property
    def is_fragment(self) -> bool:
        """Whether htmx asks for a part of the page; a boosted or restored page is a whole one."""
        headers = self.request.headers
        return "HX-Request" in headers and "HX-Boosted" not in headers and "HX-History-Restore-Request" not in headers


class VisibleRows:
    """Only rows that the member may see."""

    def get_queryset(self) -> Any:
        return super().get_queryset().visible_to(self.member)  # type: ignore[misc]


class Page(MemberPage, TemplateView):
    """A page that composes what it shows in ``get_context_data``."""


class ListPage(VisibleRows, MemberPage, ListView):
    """A filtered, sorted list with keyset pages. To htmx it answers with ``table_template_name`` alone.

    ``orderings`` maps the names used in ``?sort=`` (with ``-`` for descending) to fields; the first is the default.
    The context has ``rows``, ``page`` (next_cursor, previous_cursor), ``filter`` and ``sort``.
    """

    filter_class: Any = None
    table_template_name = ""
    page_size = 50
    orderings: dict[str, str] = {}
    default_sort = ""
    #: Whether rows depend on the member, the filters and the order alone: then their statement is built only once.
    is_kept = False

    def get_queryset(self) -> Any:
        self.filter = self.filter_class and self.filter_class(self.request.GET, request=self.request)
        return None if self.is_kept else self.build_rows()

    def build_rows(self) -> Any:
        queryset = super().get_queryset()
        if self.filter is None:
            return queryset
        self.filter.queryset = queryset
        return self.filter.qs

    def listing(self) -> tuple[Listing, dict[str, Any]]:
        """The rows in their order, and the values that this request brings to them."""
        ordering = tuple(self.get_ordering_fields())
        if not self.is_kept:
            return Listing(self.object_list, ordering), {}
        shape = self.filter.shape()
        if shape is None:
            return Listing(self.build_rows(), ordering), {}
        key, slots = shape
        name = (type(self), sight_of(self.member), key, ordering)
        return kept(name, lambda: KeptListing(self.build_rows(), ordering, slots)), slots

    @property
    def sort(self) -> str:
        asked = self.request.GET.get("sort", "")
        return asked if asked.removeprefix("-") in self.orderings else self.default_sort or next(iter(self.orderings))

    def get_ordering_fields(self) -> list[str]:
        sign = "-" if self.sort.startswith("-") else ""
        return [sign + self.orderings[self.sort.removeprefix("-")]]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        listing, values = self.listing()
        try:
            page = listing.page(self.request.GET.get("cursor", ""), self.page_size, values)
        except InvalidCursor:
            raise BadRequest("This place in the list is not known.") from None
        context = {"page": page, "rows": page.rows, "filter": self.filter, "sort": self.sort, **kwargs}
        return super().get_context_data(object_list=page.rows, **context)

    def get_template_names(self) -> list[str]:
        return [self.table_template_name if self.is_fragment and self.table_template_name else str(self.template_name)]


class DetailPage(VisibleRows, MemberPage, DetailView):
    """One row that the member may see."""

    def check_entry(self) -> None:
        if self.member is None:
            raise PermissionDenied

    def get_object(self, queryset: Any = None) -> Any:
        obj = super().get_object(queryset)
        self.check_permission(obj)
        return obj


class FormPage(MemberPage, FormView):
    """A form whose work is one service call: ``perform(**cleaned_data)`` returns where to go next.

    Errors from the service go to their fields; what was typed stays. To htmx, an invalid form is 422.
    """

    # Browsers send forms by GET and POST; Django's form views would take a PUT for a POST without a body.
    http_method_names = ["get", "head", "post", "options"]
    success_message: Any = ""

    def perform(self, **data: Any) -> Any:
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            target = self.perform(**form.cleaned_data)
        except StaleVersion as error:
            return self.stale(form, error)
        except ValidationError as error:
            add_errors(form, error)
            return self.form_invalid(form)
        if self.success_message:
            messages.success(self.request, self.success_message)
        return redirect(target)

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def stale(self, form: Any, error: StaleVersion) -> HttpResponse:
        """Somebody was faster: show both sides; sending again from here overwrites theirs knowingly."""
        form.add_error(None, error)
        return self.render_to_response(self.get_context_data(form=form), status=409)


class ObjectFormPage(VisibleRows, SingleObjectMixin, FormPage):
    """A form about one visible row, in ``self.object``; give the form the row's ``version`` in ``get_initial``."""

    queryset: Any = None

    def check_entry(self) -> None:
        if self.member is None:
            raise PermissionDenied
        self.object = self.get_object()
        self.check_permission(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(object=self.object, **kwargs)


class RowAddPage(FormPage):
    """A ``RowForm`` for a new row. Subclasses give ``title`` and, by ``get_cancel_url``, the way back."""

    template_name = "row_form.html"
    title: Any = ""
    lead: Any = ""
    submit_label: Any = ""

    def get_cancel_url(self) -> str:
        return ""

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "member": self.member}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"title": self.title, "lead": self.lead, "submit_label": self.submit_label}
        return super().get_context_data(**words, cancel_url=self.get_cancel_url(), **kwargs)


class ChildAddPage(ObjectFormPage, RowAddPage):
    """A ``RowForm`` for a new row under a visible one: ``self.object`` is the parent, which the rule is asked about."""

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()


class RowChangePage(ObjectFormPage, RowAddPage):
    """A ``RowForm`` about one visible row. On a conflict, what others changed stands beside what was typed."""

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.object}

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()

    def stale(self, form: Any, error: StaleVersion) -> HttpResponse:
        current = self.get_object()
        fresh = type(form)(member=self.member, instance=current)
        form.data = form.data.copy()
        form.data[form.add_prefix("version")] = current.version
        form.add_error(None, error)
        context = self.get_context_data(form=form, conflicts=conflicts(form, fresh), changed_by=last_change(current))
        return self.render_to_response(context, status=409)


class ActionPage(VisibleRows, MemberPage, SingleObjectMixin, View):
    """A button: POST does one service call on one visible row, ``perform``, and goes to ``get_success_url``.

    ``undo_url`` may return the address that takes it back; the message then carries an Undo button.
    """

    http_method_names = ["post"]
    queryset: Any = None
    success_message: Any = ""

    def check_entry(self) -> None:
        if self.member is None:
            raise PermissionDenied

    @property
    def version(self) -> int | None:
        """The version that the button was drawn with; without one the newest state is meant."""
        posted = self.request.POST.get("version", "")
        return int(posted) if posted.isascii() and posted.isdigit() else None

    def perform(self) -> Any:
        raise NotImplementedError

    def get_success_url(self) -> str:
        raise NotImplementedError

    def undo_url(self) -> str:
        return ""

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        self.check_permission(self.object)
        try:
            self.perform()
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            if self.success_message:
                undo = self.undo_url()
                messages.success(request, self.success_message, extra_tags=f"undo:{undo}" if undo else "")
        return redirect(safe_path(request.POST.get("next"), self.get_success_url()))


def conflicts(form: Any, fresh: Any) -> list[dict[str, Any]]:
    """Fields in which what was typed differs from what stands now: ``[{"label", "yours", "theirs"}]``."""
    found = []
    for bound in form:
        if bound.name == "version" or bound.is_hidden:
            continue
        theirs, yours = fresh[bound.name].initial, form.cleaned_data.get(bound.name)
        if bound.field.has_changed(theirs, bound.data):
            found.append({"label": bound.label, "yours": in_words(bound, yours), "theirs": in_words(bound, theirs)})
    return found


def in_words(bound: Any, value: Any) -> str:
    """A form field's value as its reader would say it."""
    if isinstance(value, (list, tuple, QuerySet)):
        return wording.join_list([in_words(bound, each) for each in value])
    choices = getattr(bound.field, "choices", None)
    if choices is not None:
        key = str(getattr(value, "pk", value))
        return next((str(label) for choice, label in choices if str(choice) == key), "")
    return str(bound.field.prepare_value(value) if value not in (None, "") else "")


def last_change(row: Any) -> AuditEntry | None:
    return AuditEntry.objects.of(row).first()


def add_errors(form: Any, error: ValidationError) -> None:
    """Put a service's errors at the form's fields; those of fields the form has not go to its top."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, found in error.error_dict.items():
        form.add_error(name if name in form.fields and name != NON_FIELD_ERRORS else None, found)
