"""Errors as people read them: what went wrong, and whose turn it is. The server's own words stand beside."""

import re

from django.utils.translation import gettext as _

from accounts.dispatch.bounces import is_about_address, is_about_recipient, is_mailbox_full
from accounts.dispatch.reap import WORKER_LOST
from accounts.dispatch.suppression import WITHHELD

_ANSWER = re.compile(r"^[245]\d\d\b")
_OWN_SENTENCES = {WORKER_LOST, *WITHHELD.values()}
_NETWORK = re.compile(
    r"^(SMTP\w*|\w*(Timeout|Connection|SSL|Socket)\w*|gaierror|OSError|BrokenPipeError)\b", re.IGNORECASE
)


def explain(error: str) -> str:
    """One error in a sentence of the reader's language; "" for none."""
    if not error:
        return ""
    if error in _OWN_SENTENCES:
        return _(error)
    if _ANSWER.match(error):
        return _answer(error)
    if _NETWORK.match(error):
        return _("The mail server could not be reached, or the connection broke off. Rafiq tries again by itself.")
    return _("Rafiq could not write this message. Sending it again helps once the cause is mended.")


def is_own_sentence(error: str) -> bool:
    """Whether the error is our own sentence, so that nothing need stand beside it."""
    return error in _OWN_SENTENCES


def _answer(error: str) -> str:
    if error.startswith("4"):
        if is_about_recipient(error):
            return _("The recipient’s server could not take it for now. Rafiq tries again for about three days.")
        return _("The recipient’s server takes no more mail from us for now. Rafiq tries again for about three days.")
    if is_mailbox_full(error):
        return _("The recipient’s mailbox is full.")
    if is_about_address(error, at_recipient=True):
        return _("The recipient’s server says that this address takes no mail. Check the address of the contact.")
    return _("The recipient’s server refused the text or our sender, not the person. Another message may well pass.")
