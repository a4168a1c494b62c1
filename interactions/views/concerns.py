"""Concerns: a client's problem, from opening to resolved."""

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.pages import ActionPage, ChildAddPage, ListPage, RowChangePage
from clients.models import Client
from interactions import services
from interactions.choices import ConcernState
from interactions.filters import ConcernPageFilter
from interactions.forms import ConcernForm
from interactions.models import Concern
from interactions.services.concerns import STEPS


class ConcernListView(ListPage):
    """Open ones, unless closed ones or a certain state are asked for."""

    permission = "interactions.view_concern"
    queryset = Concern.objects.select_related("client")
    filter_class = ConcernPageFilter
    orderings = {"opened": "opened_at"}
    default_sort = "-opened"
    template_name = "interactions/concern_list.html"
    table_template_name = "interactions/_concern_table.html"

    def get_queryset(self):
        rows = super().get_queryset()
        asked = self.request.GET
        return rows if asked.get("open") or asked.get("state") else rows.open()

    def get_context_data(self, **kwargs):
        url, asked = reverse("interactions:concern-list"), self.request.GET
        shown = asked.get("open") or ("" if asked.get("state") else "true")
        views = [
            {"url": url, "label": _("Open concerns"), "current": shown == "true"},
            {"url": f"{url}?open=false", "label": _("Closed concerns"), "current": shown == "false"},
        ]
        return super().get_context_data(views=views, **kwargs)


class ConcernOpenView(ChildAddPage):
    permission = "interactions.add_concern"
    queryset = Client.objects.current()
    form_class = ConcernForm
    success_message = gettext_lazy("Concern opened.")

    @property
    def title(self):
        return _("New concern of %(client)s") % {"client": self.object}

    def get_initial(self):
        return {"currency": self.object.currency}

    def perform(self, **data):
        services.open_concern(actor=self.member, client=self.object, currency=self.object.currency, **data)
        return self.object.get_absolute_url()


class ConcernChangeView(RowChangePage):
    permission = "interactions.change_concern"
    queryset = Concern.objects.select_related("client")
    form_class = ConcernForm
    template_name = "interactions/concern_form.html"
    success_message = gettext_lazy("Saved.")

    @property
    def title(self):
        return _("Concern of %(client)s") % {"client": self.object.client}

    def get_cancel_url(self):
        return self.object.client.get_absolute_url()

    def get_context_data(self, **kwargs):
        steps = [(step, step.label) for step in STEPS.get(self.object.state, ())]
        return super().get_context_data(steps=steps, **kwargs)

    def perform(self, **data):
        services.change_concern(actor=self.member, concern=self.object, **data)
        return self.get_cancel_url()


class ConcernAction(ActionPage):
    queryset = Concern.objects.select_related("client")

    def get_success_url(self):
        return self.object.client.get_absolute_url()


class ConcernAdvanceView(ConcernAction):
    """``state`` is posted."""

    permission = "interactions.advance_concern"
    success_message = gettext_lazy("Moved on.")

    def perform(self):
        state = self.request.POST.get("state", "")
        if state not in ConcernState.values:
            raise Http404
        services.advance_concern(actor=self.member, concern=self.object, state=state, version=self.version)


class ConcernResolveView(ConcernAction):
    permission = "interactions.resolve_concern"
    success_message = gettext_lazy("Resolved.")

    def perform(self):
        services.resolve_concern(actor=self.member, concern=self.object, version=self.version)


class ConcernLoseView(ConcernAction):
    permission = "interactions.lose_concern"
    success_message = gettext_lazy("Closed as not solved.")

    def perform(self):
        services.lose_concern(actor=self.member, concern=self.object, version=self.version)


class ConcernReopenView(ConcernAction):
    permission = "interactions.reopen_concern"
    success_message = gettext_lazy("Open again.")

    def perform(self):
        services.reopen_concern(actor=self.member, concern=self.object)
