"""What mail providers tell: one address per provider, outside every organization, signed, without cookies.

Two ways in. ``/accounts/mail-events/<a provider that Anymail knows>/`` takes that provider's own webhook, checked as
Anymail does. Any other name takes our own JSON, signed as Standard Webhooks says, so that any mail server's script can
tell what came back. Both are closed (404) until their secret is set; whose mail it was is never answered.
"""

import json
import time
from functools import cache

from anymail import urls
from anymail.exceptions import AnymailWebhookValidationFailure
from django.conf import settings
from django.http import Http404, JsonResponse
from django.utils.dateparse import parse_datetime
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from accounts.dispatch.choices import MailEventKind
from accounts.dispatch.events import record_event
from accounts.dispatch.signatures import is_signed

MOST_EVENTS = 1000


@method_decorator(csrf_exempt, name="dispatch")
class MailEventsView(View):
    """The signature stands in for the CSRF token: no cookie gives anybody a right here."""

    http_method_names = ["post", "head"]

    def dispatch(self, request, provider):
        anymail = anymail_views().get(provider)
        if anymail is not None:
            return self.by_anymail(request, anymail)
        if not settings.MAIL_EVENTS_SECRET:
            raise Http404
        return super().dispatch(request, provider=provider)

    def by_anymail(self, request, view):
        # Without a secret Anymail would believe everybody.
        if not getattr(settings, "ANYMAIL", {}).get("WEBHOOK_SECRET"):
            raise Http404
        try:
            return view(request)
        except AnymailWebhookValidationFailure:
            return refusal("The credentials of this call are not ours.", 403)

    def head(self, request, provider):
        """Some senders ask whether the address is there when it is entered."""
        return JsonResponse({})

    def post(self, request, provider):
        if not is_signed(settings.MAIL_EVENTS_SECRET, request.headers, request.body, now=time.time()):
            return refusal("The signature is missing, wrong, or more than five minutes old.", 403)
        try:
            events = read(request.body, provider, request.headers["webhook-id"])
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            return refusal(f"This is no list of events: {error}"[:300], 400)
        for event in events:
            record_event(**event)
        return JsonResponse({"accepted": len(events)})


def refusal(sentence, status):
    return JsonResponse({"detail": sentence}, status=status)


def read(body, provider, webhook_id):
    """The events of a call as ``record_event`` takes them, checked before the first is recorded."""
    told = json.loads(body)
    events = told["events"] if isinstance(told, dict) and "events" in told else [told]
    if not isinstance(events, list) or len(events) > MOST_EVENTS:
        raise ValueError(f"events holds a list of at most {MOST_EVENTS}.")
    return [event_of(each, provider, f"{webhook_id}:{number}") for number, each in enumerate(events)]


def event_of(told, provider, fallback_id):
    kind, at = told.get("kind"), told.get("at")
    if kind not in MailEventKind.values:
        raise ValueError(f"kind is one of {', '.join(MailEventKind.values)}.")
    moment = parse_datetime(at) if at is not None else None
    if at is not None and (moment is None or moment.tzinfo is None):
        raise ValueError("at is a moment with its zone, such as 2026-11-23T10:00:00Z.")
    texts = {name: told.get(name, "") for name in ("event_id", "recipient", "message_id", "detail")}
    for name, text in texts.items():
        if not isinstance(text, str) or "\x00" in text:
            raise ValueError(f"{name} is a text.")
    texts["event_id"] = texts["event_id"] or fallback_id
    return {"provider": provider, "kind": kind, "at": moment, **texts}


@cache
def anymail_views():
    """Anymail's webhooks by the provider's name."""
    tracking = "/tracking/"
    routes = {str(each.pattern): each.callback for each in urls.urlpatterns}
    return {route.removesuffix(tracking): view for route, view in routes.items() if route.endswith(tracking)}
