"""Links in reminder mails that act: one press, no sign-in, the member's language, works without JavaScript.

A GET (and a scanner's HEAD) changes nothing: it draws a page with one button. Only the POST of a form that was drawn
for this very link acts; that stamp stands in for the CSRF token, as on a survey's page.
"""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from accounts.choices import Language
from interactions import act_links, services
from interactions.act_links import Act
from interactions.queries.act_links import ActState, FoundAct, find_act
from interactions.reminders.words import words_of
from interactions.services.mail_acts import act_by_mail, snoozed_until
from interactions.views.public import FORM_SALT, REFERRER, drawn_by_us

STATUS = {ActState.EXPIRED: 410, ActState.GONE: 410}


@method_decorator(csrf_exempt, name="dispatch")
class ActPage(View):
    http_method_names = ["get", "head", "post"]

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, token: str) -> HttpResponse:  # type: ignore[override]
        with find_act(token) as found:
            if found is not None:
                self.settings = found.reminder.organization.settings
                self.language = self.chosen_language(request, found)
                with translation.override(self.language), timezone.override(ZoneInfo(self.settings.time_zone)):
                    return self.sealed(super().dispatch(request, token=token, found=found))
        unknown = render(request, "interactions/survey_unknown.html", {"referrer": REFERRER}, status=404)
        return self.sealed(unknown)

    def chosen_language(self, request: HttpRequest, found: FoundAct) -> str:
        asked = request.POST.get("lang") or request.GET.get("lang")
        if asked in Language.values:
            return str(asked)
        return found.reminder.member.user.language or self.settings.language or settings.LANGUAGE_CODE

    def sealed(self, response: HttpResponse) -> HttpResponse:
        """Nothing keeps the page or passes its address on."""
        response["Referrer-Policy"] = REFERRER
        response["X-Robots-Tag"] = "noindex"
        response["Cache-Control"] = "no-store"
        return response

    def get(self, request: HttpRequest, token: str, found: FoundAct) -> HttpResponse:
        return self.page(request, token, found, found.state)

    def post(self, request: HttpRequest, token: str, found: FoundAct) -> HttpResponse:
        if not drawn_by_us(request.POST.get("drawn", ""), token):
            hint = _("Please look at what the button does and press it once more.")
            return self.page(request, token, found, found.state, hint=hint)
        state = act_by_mail(found)
        if state != ActState.READY:
            return self.page(request, token, found, state)
        return redirect(f"{reverse('act', args=[token])}?did=1&lang={self.language}")

    def page(self, request: HttpRequest, token: str, found: FoundAct, state: ActState, hint: str = "") -> HttpResponse:
        reminder = found.reminder
        context: dict[str, Any] = {
            "state": state.value,
            "act": found.link.act,
            "reminder": reminder,
            "task": reminder.task,
            "client": reminder.task.client if reminder.task else reminder.client,
            "words": words_of(reminder),
            "hint": hint,
            "just_now": "did" in request.GET,
            "organization_name": reminder.organization.name,
            "open_url": act_links.reminder_url(reminder),
            "language": self.language,
            "direction": "rtl" if self.language == "ar" else "ltr",
            "other_language": "en" if self.language == "ar" else "ar",
            "other_language_name": Language("en" if self.language == "ar" else "ar").label,
            # The page's own word counts for more than the header's.
            "referrer": REFERRER,
            "token": token,
        }
        if state == ActState.READY:
            context["drawn"] = signing.TimestampSigner(salt=FORM_SALT).sign(token[-12:])
            context["others"] = self.others(reminder, found.link.act)
            if found.link.act != Act.DONE:
                context["until"] = snoozed_until(found.link.act, reminder)
        elif state == ActState.DONE and reminder.task is not None:
            context["next_task"] = services.next_occurrence(reminder.task)
        status = 422 if hint and state == ActState.READY else STATUS.get(state, 200)
        return render(request, "interactions/act_page.html", context, status=status)

    def others(self, reminder: Any, act: str) -> list[dict[str, Any]]:
        """What else can be done about it, each a page with a button of its own."""
        rest = [each for each in Act if each not in (act, Act.OPEN)]
        path = [(each, reverse("act", args=[act_links.act_token(reminder, each)])) for each in rest]
        return [{"label": each.label, "url": f"{url}?lang={self.language}"} for each, url in path]
