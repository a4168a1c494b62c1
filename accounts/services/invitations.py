"""Invitations: sent, found, accepted."""

import datetime

from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.choices import Role
from accounts.exceptions import DomainError
from accounts.links import public_url
from accounts.models import Invitation, Membership, User
from accounts.services import secrets
from accounts.services.audit import record
from accounts.services.changes import change
from accounts.services.members import add_member
from accounts.tenancy.context import required_organization_id, tenant

KIND = "rfi"
VALID_FOR = datetime.timedelta(days=7)


@transaction.atomic
def invite_member(*, actor: Membership, email: str, role: str = Role.MANAGER) -> tuple[Invitation, str]:
    """Invite an address with a role; returns the row and the link, which works once, for that address, for a week.

    An earlier open invitation to the same address is withdrawn. The caller mails the link after commit:
    ``send_now(invitation_mail(…))``.
    """
    email = email.strip().lower()
    if Membership.objects.active().filter(user__email=email).exists():
        raise DomainError({"email": _("%(email)s is already a member.") % {"email": email}})
    for earlier in Invitation.objects.open().filter(email=email):
        revoke_invitation(actor=actor, invitation=earlier)
    secret = secrets.make(KIND, required_organization_id())
    invitation = Invitation(
        email=email,
        role=role,
        invited_by=actor,
        digest=secrets.digest_of(secret),
        expires_at=timezone.now() + VALID_FOR,
    )
    invitation.full_clean(exclude=["organization"])
    invitation.save(force_insert=True)
    record(actor=actor, verb="invited", obj=invitation, after={"email": email, "role": role})
    return invitation, public_url("invitation", secret)


def invitation_mail(*, invitation: Invitation, link: str) -> EmailMessage:
    """The mail with the link, in the organization's language: nothing else is known about who reads it."""
    organization = invitation.organization
    with translation.override(organization.settings.language):
        context = {"organization": organization, "invitation": invitation, "link": link}
        subject = _("Invitation to %(organization)s on Rafiq") % {"organization": organization}
        body = render_to_string("mail/invitation.txt", context)
    return EmailMessage(subject, body, None, [invitation.email])


@transaction.atomic
def resend_invitation(*, actor: Membership, invitation: Invitation) -> tuple[Invitation, str]:
    """A fresh link for the same address and role; the old one stops working."""
    return invite_member(actor=actor, email=invitation.email, role=invitation.role)


def revoke_invitation(*, actor: Membership, invitation: Invitation) -> Invitation:
    """Withdraw an invitation: its link stops working."""
    return change(actor=actor, obj=invitation, verb="revoked", revoked_at=timezone.now())


def find_invitation(secret: str) -> Invitation | None:
    """The invitation of a link, used or not, with its organization and sender. Callable outside every organization."""
    parsed = secrets.parse(KIND, secret)
    if parsed is None:
        return None
    with tenant(parsed.organization_id):
        return (
            Invitation.objects.select_related("organization", "invited_by__user").filter(digest=parsed.digest).first()
        )


@transaction.atomic
def accept_invitation(*, invitation: Invitation, user: User) -> Membership:
    """``user`` joins with the invited role. Raises DomainError for a spent or expired link, or another's address."""
    locked = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if not locked.is_open:
        raise DomainError(_("This invitation was used, withdrawn or has expired. Ask for a new one."))
    if user.email.lower() != locked.email.lower():
        raise DomainError(
            _("This invitation is for %(invited)s, and you are signed in as %(own)s. Sign in with the invited address.")
            % {"invited": locked.email, "own": user.email}
        )
    member = add_member(actor=None, user=user, role=locked.role)
    change(actor=member, obj=locked, verb="accepted", accepted_at=timezone.now())
    return member
