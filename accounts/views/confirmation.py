"""Send the confirmation of an address once more: to whom it was promised, and to nobody else."""

from allauth.account.internal.flows.email_verification import send_verification_email_at_login
from allauth.account.stages import EmailVerificationStage, LoginStageController
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST


@require_POST
def resend_confirmation(request):
    """The address is the one that this browser has just signed up or in with, so nobody can be sent mail by others."""
    stage = LoginStageController.enter(request, EmailVerificationStage.key)
    if stage is None:
        messages.info(request, _("Sign in to have the confirmation sent again."))
        return redirect("account_login")
    if send_verification_email_at_login(request, stage.login):
        messages.info(request, _("The confirmation is on its way again."))
    else:
        messages.warning(request, _("We sent one a moment ago. Please wait three minutes before asking again."))
    return redirect("account_email_verification_sent")
