"""The page behind an invitation's link: join at once, sign in first, or sign up."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from accounts.adapters import forget_invitation, remember_invitation
from accounts.models import User
from accounts.queries import memberships_of
from accounts.services import accept_invitation, find_invitation
from accounts.tenancy.context import tenant


class InvitationView(TemplateView):
    """Shows who invites whom to what. GET changes nothing; joining is a POST by the invited person."""

    template_name = "accounts/invitation.html"

    def dispatch(self, request, *args, **kwargs):
        self.invitation = find_invitation(kwargs["secret"])
        if self.invitation is None or not self.invitation.is_open:
            return self.refuse()
        return super().dispatch(request, *args, **kwargs)

    def refuse(self):
        """A link that nobody can use any more; the person who has used it is simply let in."""
        request = self.request
        if self.invitation is not None and request.user.is_authenticated:
            for member in memberships_of(request.user):
                if member.organization_id == self.invitation.organization_id:
                    return redirect(f"/o/{member.organization.slug}/")
        return self.response_class(
            request, "accounts/invitation_closed.html", {"invitation": self.invitation}, status=410
        )

    def get_context_data(self, **kwargs):
        invitation, user = self.invitation, self.request.user
        is_known = User.objects.filter(email=invitation.email).exists()
        if not user.is_authenticated and not is_known:
            remember_invitation(self.request, kwargs["secret"], invitation.email)
        return super().get_context_data(
            invitation=invitation,
            is_known=is_known,
            is_for_user=user.is_authenticated and user.email == invitation.email,
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return redirect(request.path)
        try:
            with tenant(self.invitation.organization_id):
                accept_invitation(invitation=self.invitation, user=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(request.path)
        forget_invitation(request)
        messages.success(request, _("Welcome to %(name)s.") % {"name": self.invitation.organization})
        return redirect(f"/o/{self.invitation.organization.slug}/")
