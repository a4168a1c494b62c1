"""Account managers: who they are, whom they report to, who covers for them."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.pages import ActionPage, DetailPage, ListPage, RowAddPage, RowChangePage
from managers import services
from managers.filters import ManagerFilter
from managers.forms import ManagerForm
from managers.models import Absence, AccountManager


class ManagerListView(ListPage):
    permission = "managers.view_accountmanager"
    queryset = AccountManager.objects.select_related("team", "reports_to", "member__user")
    filter_class = ManagerFilter
    orderings = {"name": "search_text", "title": "title", "created": "created_at"}
    template_name = "managers/manager_list.html"
    table_template_name = "managers/_manager_table.html"

    def get_context_data(self, **kwargs):
        may = {
            "add": self.member.can("managers.appoint_accountmanager"),
            "teams": self.member.can("managers.view_team"),
        }
        return super().get_context_data(may=may, **kwargs)


class ManagerDetailView(DetailPage):
    permission = "managers.view_accountmanager"
    queryset = AccountManager.objects.select_related("team", "reports_to", "member__user")
    template_name = "managers/manager_detail.html"
    context_object_name = "manager"

    def get_context_data(self, **kwargs):
        manager, today = self.object, timezone.localdate()
        absences = Absence.objects.filter(manager=manager, archived_at=None).select_related("substitute")
        context = {
            "reports": AccountManager.objects.active().filter(reports_to=manager).order_by("search_text"),
            "absences": [(absence, absence.state(today)) for absence in absences.order_by("-from_on")[:20]],
            "may": {verb: self.member.can(name, manager) for verb, name in VERBS.items()},
        }
        return super().get_context_data(**context, **kwargs)


VERBS = {
    "change": "managers.change_accountmanager",
    "leave": "managers.remove_accountmanager",
    "plan": "managers.plan_absence",
    "cost": "managers.view_cost_accountmanager",
    "portfolio": "managers.view_portfolio",
}


class ManagerAddView(RowAddPage):
    permission = "managers.appoint_accountmanager"
    form_class = ManagerForm
    title = _("New account manager")
    lead = _("A member who looks after clients, or somebody you will invite later.")
    success_message = _("Appointed.")

    def get_cancel_url(self):
        return reverse("managers:manager-list")

    def perform(self, **data):
        return services.appoint_manager(actor=self.member, **data).get_absolute_url()


class ManagerChangeView(RowChangePage):
    permission = "managers.change_accountmanager"
    queryset = AccountManager.objects.all()
    form_class = ManagerForm
    title = _("Edit account manager")
    success_message = _("Saved.")

    def perform(self, **data):
        return services.change_manager(actor=self.member, manager=self.object, **data).get_absolute_url()


class ManagerLeaveView(ActionPage):
    """Out of service from today: clients wait to be assigned, people below move up."""

    permission = "managers.remove_accountmanager"
    queryset = AccountManager.objects.all()
    success_message = _("Left. Their clients wait in the list “to assign”.")

    def perform(self):
        services.remove_manager(actor=self.member, manager=self.object)

    def get_success_url(self):
        return reverse("managers:manager-list")
