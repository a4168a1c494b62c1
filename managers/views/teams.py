"""Teams: names under which managers stand together."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.pages import ActionPage, DetailPage, ListPage, RowAddPage, RowChangePage
from managers import services
from managers.filters import TeamFilter
from managers.forms import TeamForm
from managers.models import AccountManager, Team

IN_SERVICE = Q(managers__left_on=None, managers__archived_at=None)


class TeamListView(ListPage):
    permission = "managers.view_team"
    queryset = Team.objects.annotate(people=Count("managers", filter=IN_SERVICE))
    filter_class = TeamFilter
    orderings = {"name": "search_text"}
    template_name = "managers/team_list.html"
    table_template_name = "managers/_team_table.html"

    def get_context_data(self, **kwargs):
        may = {verb: self.member.can(f"managers.{verb}_team") for verb in ("add", "change", "archive")}
        return super().get_context_data(may=may, **kwargs)


class TeamDetailView(DetailPage):
    permission = "managers.view_team"
    queryset = Team.objects.all()
    template_name = "managers/team_detail.html"
    context_object_name = "team"

    def get_context_data(self, **kwargs):
        people = AccountManager.objects.active().filter(team=self.object).for_list()
        return super().get_context_data(people=people, **kwargs)


class TeamAddView(RowAddPage):
    permission = "managers.add_team"
    form_class = TeamForm
    title = _("New team")
    success_message = _("Team added.")

    def get_cancel_url(self):
        return reverse("managers:team-list")

    def perform(self, **data):
        services.add_team(actor=self.member, **data)
        return reverse("managers:team-list")


class TeamChangeView(RowChangePage):
    permission = "managers.change_team"
    queryset = Team.objects.all()
    form_class = TeamForm
    title = _("Rename team")
    success_message = _("Saved.")

    def perform(self, **data):
        services.change_team(actor=self.member, team=self.object, **data)
        return reverse("managers:team-list")


class TeamAction(ActionPage):
    queryset = Team.objects.all()

    def get_success_url(self):
        return reverse("managers:team-list")


class TeamArchiveView(TeamAction):
    permission = "managers.archive_team"
    success_message = _("Team archived.")

    def perform(self):
        services.archive_team(actor=self.member, team=self.object)

    def undo_url(self):
        return reverse("managers:team-restore", args=[self.object.pk])


class TeamRestoreView(TeamAction):
    permission = "managers.restore_team"
    success_message = _("Team restored.")

    def perform(self):
        services.restore_team(actor=self.member, team=self.object)
