"""The list of addresses that are written to no more, as admins keep it."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.dispatch import suppression as dispatch
from accounts.dispatch.addresses import normal
from accounts.dispatch.choices import SuppressionReason
from accounts.dispatch.models import Suppression
from accounts.exceptions import DomainError
from accounts.models import Membership
from accounts.services import changes


@transaction.atomic
def suppress_address(*, actor: Membership | None, address: str, detail: str = "") -> Suppression:
    """Put an address on the list by hand."""
    try:
        validate_email(normal(address))
    except ValidationError as error:
        raise DomainError({"address": error.messages}) from error
    reason = dispatch.reason_for(address)
    if reason and reason != SuppressionReason.UNSUBSCRIBED:
        said = SuppressionReason(reason).label
        raise DomainError({"address": _("This address is suppressed already: %(reason)s.") % {"reason": said}})
    return dispatch.suppress(address=address, reason=SuppressionReason.MANUAL, detail=detail.strip(), actor=actor)


def lift_suppression(*, actor: Membership | None, suppression: Suppression, version: int | None = None) -> Suppression:
    """Write to the address again. The row stays as history; a next returned mail makes a new one."""
    if suppression.is_archived:
        raise DomainError(_("This suppression was lifted before."))
    return changes.change(actor=actor, obj=suppression, version=version, verb="lifted", archived_at=timezone.now())
