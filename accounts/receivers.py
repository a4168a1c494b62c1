"""The ground floor's own reactions."""

from typing import Any

from allauth.account.signals import email_confirmed
from django.dispatch import receiver
from django.utils import translation

from accounts.models import User
from accounts.services import found_organization


@receiver(email_confirmed)
def found_asked_organization(sender: Any, email_address: Any, **kwargs: Any) -> None:
    """Whoever signed up has proven their address: the organization they asked for comes into being, once."""
    user = User.objects.select_for_update().get(pk=email_address.user_id)
    if not user.founding:
        return
    name, user.founding = user.founding, ""
    user.save(update_fields=["founding"])
    found_organization(user=user, name=name, language=translation.get_language() or "")
