"""Mail that somebody waits for at the screen: sent at once, and a failure is said."""

import logging

from django.core.mail import EmailMessage

logger = logging.getLogger(__name__)


def send_now(message: EmailMessage) -> bool:
    """Hand ``message`` to the mail server, for at most ``EMAIL_TIMEOUT`` seconds; False when it was not taken.

    Call it after commit: no transaction may wait for a mail server.
    """
    try:
        return bool(message.send())
    except OSError as error:
        logger.warning("Mail was not taken by the mail server: %s: %s", type(error).__name__, error)
        return False
