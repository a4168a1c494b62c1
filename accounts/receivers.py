"""The ground floor's own reactions."""

from typing import Any

from allauth.account.signals import email_confirmed
from anymail.signals import tracking
from django.dispatch import receiver
from django.utils import translation

from accounts.dispatch.events import record_event
from accounts.dispatch.tracking import facts_of
from accounts.models import User
from accounts.services import found_organization, record
from accounts.signals import address_suppressed


@receiver(email_confirmed)
def found_asked_organization(sender: Any, email_address: Any, **kwargs: Any) -> None:
    """Whoever signed up has proven their address: the organization they asked for comes into being, once."""
    user = User.objects.select_for_update().get(pk=email_address.user_id)
    if not user.founding:
        return
    name, user.founding = user.founding, ""
    user.save(update_fields=["founding"])
    found_organization(user=user, name=name, language=translation.get_language() or "")


@receiver(address_suppressed)
def record_suppression(sender: Any, suppression: Any, is_new: bool, actor: Any, **kwargs: Any) -> None:
    """Dispatch stands below the services, so that its list is noted in the audit log from here."""
    if is_new:
        after = {"reason": suppression.reason, "detail": suppression.detail}
        record(actor=actor, verb="suppressed", obj=suppression, after=after)


@receiver(tracking)
def record_provider_event(sender: Any, event: Any, esp_name: str, **kwargs: Any) -> None:
    record_event(**facts_of(event, esp_name.lower()))
