from accounts.dispatch.models import (
    MailEvent,
    Message,
    Provider,
    SendingAllowance,
    SendingState,
    Suppression,
    Tally,
    WorkerHeartbeat,
)
from accounts.models.api_token import ApiToken
from accounts.models.audit import AuditEntry
from accounts.models.external_id import ExternalId
from accounts.models.idempotency_key import IdempotencyKey
from accounts.models.invitation import Invitation
from accounts.models.membership import Membership
from accounts.models.organization import Holiday, Organization, OrganizationSettings
from accounts.models.user import User

__all__ = [
    "ApiToken",
    "AuditEntry",
    "ExternalId",
    "Holiday",
    "IdempotencyKey",
    "Invitation",
    "MailEvent",
    "Membership",
    "Message",
    "Organization",
    "OrganizationSettings",
    "Provider",
    "SendingAllowance",
    "SendingState",
    "Suppression",
    "Tally",
    "User",
    "WorkerHeartbeat",
]
