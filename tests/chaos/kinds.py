"""The messages that the fault tests send: good ones, poison, and the kill at the worst possible moment."""

import os
import re
import signal
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage

from accounts.dispatch.choices import Lane
from accounts.dispatch.models import Message
from accounts.dispatch.queue import Draft, enqueue_many
from accounts.dispatch.registry import register, register_generator
from accounts.models import Organization
from accounts.tenancy.context import current_organization_id

KIND = "chaos"
ADDRESS = "contact{}@client.example"
#: An organization with a plan bears it as its name: first number, end, step.
PLAN = "Plan {} {} {}"


def write(message):
    act = message.payload.get("act")
    if act == "raise":
        raise ValueError("This message cannot be written.")
    if act == "die":
        _die(message)
    return EmailMessage(subject=message.send_key, body="How likely are you to recommend us?", to=[message.recipient])


def die_before_the_commit(message):
    """Runs after the mail server's 250, in the transaction that records it: kill -9 here costs exactly one copy."""
    if message.payload.get("act") == "kill" and message.attempts == 1:
        _die(message)


def _die(message):
    with Path(os.environ["CHAOS_KILLS"]).open("a") as log:
        log.write(f"{message.send_key}\n")
    os.kill(os.getpid(), signal.SIGKILL)


def drafts(numbers, act=lambda number: None, address=ADDRESS):
    return [Draft(f"chaos:{number}", address.format(number), {"act": act(number)}) for number in numbers]


def plan():
    """Turn an organization's plan into messages, as reminders and campaigns do: by any number of clocks at once."""
    name = Organization.objects.get(pk=current_organization_id()).name
    found = re.fullmatch(PLAN.format(*[r"(\d+)"] * 3), name)
    numbers = range(*map(int, found.groups())) if found else ()
    if Message.objects.count() < len(numbers):
        enqueue_many(kind=KIND, lane=Lane.BULK, drafts=drafts(numbers))


register(KIND, write, on_sent=die_before_the_commit)
register_generator("chaos", 2 if settings.CHAOS_PLANS else 3600, plan)
