"""Opportunities: the board, the list, and the verbs that move one."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.pages import ActionPage, DetailPage, ListPage, ObjectFormPage, Page, RowAddPage, RowChangePage
from clients import services
from clients.choices import OPEN_STAGES, OpportunityStage
from clients.filters import OPPORTUNITY_ORDERINGS, OpportunityFilter
from clients.forms import LoseForm, OpportunityForm
from clients.models import Client, Opportunity, StagePeriod
from clients.queries import board


class OpportunityBoardView(Page):
    permission = "clients.view_opportunity"
    template_name = "clients/opportunity_board.html"

    def get_context_data(self, **kwargs):
        rows = Opportunity.objects.current().visible_to(self.member)
        found = OpportunityFilter(self.request.GET, rows, request=self.request)
        context = {
            "filter": found,
            "columns": board(found.qs),
            "may_add": self.member.can("clients.add_opportunity"),
            "may_move": self.member.can("clients.move_opportunity"),
            "open_stages": OPEN_STAGES,
            "today": timezone.localdate(),
        }
        return super().get_context_data(**context, **kwargs)


class OpportunityListView(ListPage):
    permission = "clients.view_opportunity"
    queryset = Opportunity.objects.for_list()
    filter_class = OpportunityFilter
    orderings = OPPORTUNITY_ORDERINGS
    template_name = "clients/opportunity_list.html"
    table_template_name = "clients/_opportunity_table.html"

    def get_context_data(self, **kwargs):
        context = {"may_add": self.member.can("clients.add_opportunity"), "today": timezone.localdate()}
        return super().get_context_data(**context, **kwargs)


class OpportunityDetailView(DetailPage):
    permission = "clients.view_opportunity"
    queryset = Opportunity.objects.select_related("client", "product", "owner")
    template_name = "clients/opportunity_detail.html"
    context_object_name = "opportunity"

    def get_context_data(self, **kwargs):
        opportunity = self.object
        context = {
            "may": {verb: self.member.can(f"clients.{verb}_opportunity", opportunity) for verb in VERBS},
            "periods": StagePeriod.objects.filter(opportunity=opportunity).order_by("from_at"),
            "stages": [(stage, stage.label, stage == opportunity.stage) for stage in OPEN_STAGES],
            "today": timezone.localdate(),
            "lose_form": LoseForm(initial={"version": opportunity.version}),
        }
        return super().get_context_data(**context, **kwargs)


VERBS = ("change", "move", "win", "lose", "reopen", "archive")


class OpportunityAddView(RowAddPage):
    permission = "clients.add_opportunity"
    form_class = OpportunityForm
    title = gettext_lazy("New opportunity")
    lead = gettext_lazy("Something a client could use more of, and the need it would serve.")
    success_message = gettext_lazy("Opportunity added.")

    @property
    def client(self):
        """The one named in the address; nobody else's can be named."""
        key = self.request.GET.get("client")
        if not key:
            return None
        try:
            return get_object_or_404(Client.objects.visible_to(self.member), pk=key)
        except ValidationError:
            raise Http404 from None

    def get_initial(self):
        client = self.client
        if client is None:
            return {}
        return {"client": client.pk, "currency": client.currency, "owner": client.main_manager_id}

    def get_cancel_url(self):
        return reverse("clients:opportunity-board")

    def perform(self, client, **data):
        if not self.member.can("clients.add_opportunity", client):
            raise PermissionDenied
        return services.add_opportunity(actor=self.member, client=client, **data).get_absolute_url()


class OpportunityChangeView(RowChangePage):
    permission = "clients.change_opportunity"
    queryset = Opportunity.objects.select_related("client")
    form_class = OpportunityForm
    title = gettext_lazy("Edit opportunity")
    success_message = gettext_lazy("Saved.")

    def perform(self, **data):
        return services.change_opportunity(actor=self.member, opportunity=self.object, **data).get_absolute_url()


class OpportunityAction(ActionPage):
    queryset = Opportunity.objects.select_related("client")

    def get_success_url(self):
        return self.object.get_absolute_url()


class OpportunityMoveView(OpportunityAction):
    """To another stage: ``stage`` is posted. Dropping a card on "won" or "lost" wins or loses it."""

    permission = "clients.move_opportunity"

    def perform(self):
        stage, reason = self.request.POST.get("stage", ""), self.request.POST.get("reason", "")
        if stage not in OpportunityStage.values:
            raise Http404
        verb = {OpportunityStage.WON: "win", OpportunityStage.LOST: "lose"}.get(stage)
        if verb and not self.member.can(f"clients.{verb}_opportunity", self.object):
            raise PermissionDenied
        services.move_opportunity(
            actor=self.member, opportunity=self.object, stage=stage, reason=reason, version=self.version
        )
        self.success_message = _("Moved to “%(stage)s”.") % {"stage": OpportunityStage(stage).label}

    def get_success_url(self):
        return reverse("clients:opportunity-board")


class OpportunityWinView(OpportunityAction):
    permission = "clients.win_opportunity"
    success_message = gettext_lazy("Won. Well done!")

    def perform(self):
        services.win_opportunity(actor=self.member, opportunity=self.object, version=self.version)

    def undo_url(self):
        return reverse("clients:opportunity-reopen", args=[self.object.pk])


class OpportunityLoseView(ObjectFormPage):
    """Asks why before it is lost."""

    permission = "clients.lose_opportunity"
    queryset = Opportunity.objects.select_related("client")
    form_class = LoseForm
    template_name = "row_form.html"
    success_message = gettext_lazy("Marked as lost.")

    def get_initial(self):
        return {"version": self.object.version}

    def get_context_data(self, **kwargs):
        words = {"title": _("Why was “%(name)s” lost?") % {"name": self.object}, "submit_label": _("Mark as lost")}
        return super().get_context_data(cancel_url=self.object.get_absolute_url(), columns=1, **words, **kwargs)

    def perform(self, reason, version):
        services.lose_opportunity(actor=self.member, opportunity=self.object, reason=reason, version=version)
        return self.object.get_absolute_url()


class OpportunityReopenView(OpportunityAction):
    permission = "clients.reopen_opportunity"
    success_message = gettext_lazy("Open again.")

    def perform(self):
        services.reopen_opportunity(actor=self.member, opportunity=self.object)


class OpportunityArchiveView(OpportunityAction):
    permission = "clients.archive_opportunity"
    success_message = gettext_lazy("Opportunity archived.")

    def perform(self):
        services.archive_opportunity(actor=self.member, opportunity=self.object, version=self.version)

    def get_success_url(self):
        return reverse("clients:opportunity-board")

    def undo_url(self):
        return reverse("clients:opportunity-restore", args=[self.object.pk])


class OpportunityRestoreView(OpportunityAction):
    permission = "clients.restore_opportunity"
    success_message = gettext_lazy("Opportunity restored.")

    def perform(self):
        services.restore_opportunity(actor=self.member, opportunity=self.object)
