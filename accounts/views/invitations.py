"""Inviting colleagues: by mail at once, and by a link to hand over, which is shown once."""

from functools import partial

from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts import services
from accounts.forms.members import InvitationForm
from accounts.models import Invitation
from accounts.pages import ActionPage, FormPage, ListPage
from accounts.tenancy.context import on_commit_outside
from accounts.views.base import Refusing, SettingsPage

#: Session key of the link that the next page shows, and then forgets.
FRESH = "fresh_invitation"


def send_after_commit(request, invitation, link):
    """Mail the link when the invitation stands; the next page shows the link and says whether the mail went out."""
    fresh = {"email": invitation.email, "link": link, "sent": False}
    request.session[FRESH] = fresh
    on_commit_outside(partial(_deliver, request, services.invitation_mail(invitation=invitation, link=link)))


def _deliver(request, mail):
    request.session[FRESH] = {**request.session[FRESH], "sent": services.send_now(mail)}


class InvitationListView(SettingsPage, ListPage):
    permission = "accounts.view_invitation"
    tab = "accounts:invitation-list"
    queryset = Invitation.objects.select_related("invited_by__user")
    orderings = {"sent": "created_at", "email": "email"}
    default_sort = "-sent"
    template_name = "accounts/invitation_list.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(fresh=self.request.session.pop(FRESH, None), **kwargs)


class InvitationAddView(SettingsPage, FormPage):
    permission = "accounts.add_invitation"
    tab = "accounts:invitation-list"
    form_class = InvitationForm
    template_name = "accounts/invitation_form.html"

    def perform(self, **data):
        invitation, link = services.invite_member(actor=self.member, **data)
        send_after_commit(self.request, invitation, link)
        return reverse(self.tab)


class InvitationAction(Refusing, ActionPage):
    queryset = Invitation.objects.all()

    def get_success_url(self):
        return reverse("accounts:invitation-list")


class InvitationResendView(InvitationAction):
    """A new link and a new mail; the old link stops working."""

    permission = "accounts.resend_invitation"

    def perform(self):
        invitation, link = services.resend_invitation(actor=self.member, invitation=self.object)
        send_after_commit(self.request, invitation, link)


class InvitationRevokeView(InvitationAction):
    permission = "accounts.revoke_invitation"
    success_message = gettext_lazy("Withdrawn. The link has stopped working.")

    def perform(self):
        services.revoke_invitation(actor=self.member, invitation=self.object)
