"""The message that the fault tests send, and the kill at the worst possible moment."""

import os
import signal
from pathlib import Path

from django.core.mail import EmailMessage

from accounts.dispatch.registry import register

KIND = "chaos"


def write(message):
    return EmailMessage(subject=message.send_key, body="How likely are you to recommend us?", to=[message.recipient])


def die_before_the_commit(message):
    """Runs after the mail server's 250, in the transaction that records it: kill -9 here costs exactly one copy."""
    if message.payload.get("kill") and message.attempts == 1:
        with Path(os.environ["CHAOS_KILLS"]).open("a") as log:
            log.write(f"{message.send_key}\n")
        os.kill(os.getpid(), signal.SIGKILL)


register(KIND, write, on_sent=die_before_the_commit)
