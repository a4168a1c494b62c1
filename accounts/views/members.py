"""Who belongs to the organization, with which role."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import services
from accounts.filters import MemberFilter
from accounts.forms.members import MemberForm
from accounts.links import outside_path
from accounts.models import Membership
from accounts.pages import ActionPage, ListPage, ObjectFormPage
from accounts.views.base import Refusing, SettingsPage


class MemberListView(SettingsPage, ListPage):
    permission = "accounts.view_membership"
    tab = "accounts:member-list"
    queryset = Membership.objects.select_related("user")
    filter_class = MemberFilter
    orderings = {"name": "user__name", "role": "role", "title": "title", "joined": "created_at"}
    template_name = "accounts/member_list.html"
    table_template_name = "accounts/_member_table.html"

    def get_context_data(self, **kwargs):
        may_change = self.member.can("accounts.change_membership")
        return super().get_context_data(
            may_change=may_change, may_invite=self.member.can("accounts.add_invitation"), **kwargs
        )


class MemberChangeView(SettingsPage, ObjectFormPage):
    permission = "accounts.change_membership"
    tab = "accounts:member-list"
    queryset = Membership.objects.select_related("user")
    form_class = MemberForm
    template_name = "accounts/member_form.html"
    success_message = gettext_lazy("Saved.")

    def get_initial(self):
        return {"version": self.object.version, "role": self.object.role, "title": self.object.title}

    def perform(self, **data):
        services.change_member(actor=self.member, member=self.object, **data)
        return reverse("accounts:member-list")


class MemberAction(Refusing, ActionPage):
    queryset = Membership.objects.select_related("user")

    def get_success_url(self):
        return reverse("accounts:member-list")


class MemberDeactivateView(MemberAction):
    """Shut out at once, with every token; what they did stays."""

    permission = "accounts.deactivate_membership"
    success_message = gettext_lazy("Deactivated. Their sessions and tokens have stopped.")

    def perform(self):
        services.deactivate_member(actor=self.member, member=self.object)

    def undo_url(self):
        return reverse("accounts:member-reactivate", args=[self.object.pk])


class MemberReactivateView(MemberAction):
    permission = "accounts.reactivate_membership"
    success_message = gettext_lazy("Active again, with the role they had.")

    def perform(self):
        services.reactivate_member(actor=self.member, member=self.object)


class LeaveView(MemberAction):
    """One's own way out; the last admin stays."""

    permission = "accounts.leave_organization"

    def get_object(self, queryset=None):
        return self.member

    def perform(self):
        services.leave_organization(actor=self.member)
        self.has_left = True

    def post(self, request, *args, **kwargs):
        self.has_left = False
        response = super().post(request, *args, **kwargs)
        if not self.has_left:
            return response
        messages.success(request, _("You have left %(name)s.") % {"name": request.organization})
        return redirect(outside_path("organizations"))
