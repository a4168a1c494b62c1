"""Kinds of message for these tests: one that writes what the payload says, and hooks that can be told to fail."""

from django.core.mail import EmailMessage
from django.utils import translation

from accounts.dispatch.outgoing import HttpCall
from accounts.dispatch.registry import register

#: What the hooks were told: (hook, send key, status).
heard = []
#: Called by the hooks and by the renderer, when set.
doing = {}


def write(message):
    if doing.get("write"):
        return doing["write"](message)
    translation.activate(message.payload.get("language", "en"))
    return EmailMessage(subject=message.send_key, body=message.payload.get("body", "Hello."))


def sent(message):
    assert message.sent_at is not None
    heard.append(("sent", message.send_key, message.status))
    if doing.get("sent"):
        doing["sent"](message)


def dead(message):
    heard.append(("dead", message.send_key, message.status))


register("test.mail", write, on_sent=sent, on_dead=dead)
register("test.plain", write)
register("test.contact", write, is_to_contacts=True)


def call(message):
    return HttpCall(message.payload["url"], b'{"type":"test"}', {"webhook-id": str(message.pk)})


register("test.hook", call, on_sent=sent, on_dead=dead)
