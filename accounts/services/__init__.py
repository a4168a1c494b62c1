"""What the ground floor can do. Every verb of people, organizations and keys starts here."""

from accounts.services.audit import record
from accounts.services.changes import add, archive, change, restore
from accounts.services.invitations import (
    accept_invitation,
    find_invitation,
    invitation_mail,
    invite_member,
    resend_invitation,
    revoke_invitation,
)
from accounts.services.mail import send_now
from accounts.services.members import (
    add_member,
    change_member,
    deactivate_member,
    leave_organization,
    reactivate_member,
)
from accounts.services.organizations import add_holiday, change_settings, found_organization, remove_holiday
from accounts.services.outbox import (
    discard_message,
    for_each_message,
    put_back_message,
    release_message,
    retry_message,
    trust_lists_again,
)
from accounts.services.suppressions import lift_suppression, suppress_address
from accounts.services.tokens import create_token, revoke_token
from accounts.services.users import change_profile, choose_language, choose_theme

__all__ = [
    "accept_invitation",
    "add",
    "add_holiday",
    "add_member",
    "archive",
    "change",
    "change_member",
    "change_profile",
    "change_settings",
    "choose_language",
    "choose_theme",
    "create_token",
    "deactivate_member",
    "discard_message",
    "find_invitation",
    "for_each_message",
    "found_organization",
    "invitation_mail",
    "invite_member",
    "leave_organization",
    "lift_suppression",
    "put_back_message",
    "reactivate_member",
    "record",
    "release_message",
    "remove_holiday",
    "resend_invitation",
    "restore",
    "retry_message",
    "revoke_invitation",
    "revoke_token",
    "send_now",
    "suppress_address",
    "trust_lists_again",
]
