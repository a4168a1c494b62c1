"""The survey's public page: no sign-in, the contact's language, works without JavaScript.

A GET records nothing: mail scanners open every link, and ``?s=9`` only pre-selects. An answer needs the POST of a form
that was drawn at least two seconds earlier, which no scanner's pre-fetch is. That stamp, made for this link, stands in
for the CSRF token: no cookie gives anybody a right here, and with ``no-referrer`` browsers send ``Origin: null``.
"""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
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
from accounts.pages import add_errors
from interactions import services
from interactions.exceptions import SurveyClosed
from interactions.forms import AnswerForm
from interactions.models import SurveyInvitation, SurveyResponse
from interactions.queries.preselection import preselected
from interactions.queries.survey_links import find_invitation

FORM_SALT = "interactions.survey-form"
LONGEST_READING = 86_400
REFERRER = "no-referrer"


@method_decorator(csrf_exempt, name="dispatch")
class PublicSurveyPage(View):
    """Finds the invitation, speaks the contact's language (``?lang=`` switches) and keeps the link to itself."""

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, token: str) -> HttpResponse:  # type: ignore[override]
        with find_invitation(token) as invitation:
            if invitation is not None:
                self.language = chosen_language(request, invitation)
                with translation.override(self.language):
                    return self.sealed(super().dispatch(request, token=token, invitation=invitation))
        unknown = render(request, "interactions/survey_unknown.html", {"referrer": REFERRER}, status=404)
        return self.sealed(unknown)

    def sealed(self, response: HttpResponse) -> HttpResponse:
        """Nothing keeps the page or passes its address on."""
        response["Referrer-Policy"] = REFERRER
        response["X-Robots-Tag"] = "noindex"
        response["Cache-Control"] = "no-store"
        return response

    def page(
        self, request: HttpRequest, template: str, invitation: SurveyInvitation, status: int = 200, **context: Any
    ) -> HttpResponse:
        other = "en" if self.language == "ar" else "ar"
        context |= {
            "invitation": invitation,
            "survey": invitation.survey,
            "organization_name": invitation.organization.name,
            "brand_hue": invitation.organization.settings.brand_hue,
            "other_language": other,
            "other_language_name": Language(other).label,
            "language": self.language,
            "direction": "rtl" if self.language == "ar" else "ltr",
            # The page's own word counts for more than the header's.
            "referrer": REFERRER,
        }
        return render(request, template, context, status=status)


def chosen_language(request: HttpRequest, invitation: SurveyInvitation) -> str:
    asked = request.POST.get("switch") or request.POST.get("lang") or request.GET.get("lang") or invitation.language
    return asked if asked in Language.values else settings.LANGUAGE_CODE


class SurveyPage(PublicSurveyPage):
    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, token: str, invitation: SurveyInvitation) -> HttpResponse:
        try:
            response = services.open_invitation(invitation=invitation)
        except SurveyClosed as error:
            return self.closed(request, invitation, error)
        if response is not None and "change" not in request.GET:
            return self.thanks(request, invitation, response)
        if response is not None:
            given = {"value": response.value, "comment": response.comment, "second_answer": response.second_answer}
            return self.form_page(request, invitation, self.form(invitation, initial=given), is_change=True)
        return self.form_page(request, invitation, self.form(invitation, initial={"value": preselected(request)}))

    def post(self, request: HttpRequest, token: str, invitation: SurveyInvitation) -> HttpResponse:
        if "switch" in request.POST:
            return self.in_other_language(request, invitation)
        form = self.form(invitation, data=request.POST)
        if not drawn_by_us(request.POST.get("drawn", ""), token):
            hint = _("Please look at your answer and send it once more.")
            return self.form_page(request, invitation, form, hint=hint)
        if not form.is_valid():
            return self.form_page(request, invitation, form)
        try:
            services.answer_survey(invitation=invitation, language=self.language, **form.cleaned_data)
        except SurveyClosed as error:
            return self.closed(request, invitation, error)
        except ValidationError as error:
            add_errors(form, error)
            return self.form_page(request, invitation, form)
        return redirect(f"{reverse('survey', args=[token])}?lang={self.language}")

    def in_other_language(self, request: HttpRequest, invitation: SurveyInvitation) -> HttpResponse:
        """The same form with what was entered; nothing is recorded and nothing is complained about yet."""
        try:
            services.open_invitation(invitation=invitation)
        except SurveyClosed as error:
            return self.closed(request, invitation, error)
        entered = {name: request.POST.get(name, "") for name in AnswerForm.base_fields}
        return self.form_page(request, invitation, self.form(invitation, initial=entered))

    def thanks(self, request: HttpRequest, invitation: SurveyInvitation, answer: SurveyResponse) -> HttpResponse:
        context = {"answer": answer, "words": invitation.survey.thanks(self.language)}
        with timezone.override(ZoneInfo(invitation.client.time_zone or invitation.organization.settings.time_zone)):
            return self.page(request, "interactions/survey_thanks.html", invitation, **context)

    def closed(self, request: HttpRequest, invitation: SurveyInvitation, error: SurveyClosed) -> HttpResponse:
        was_answered = invitation.answered_at is not None
        return self.page(
            request,
            "interactions/survey_closed.html",
            invitation,
            status=410,
            reason=error.messages[0],
            was_answered=was_answered,
        )

    def form(self, invitation: SurveyInvitation, **kwargs: Any) -> AnswerForm:
        return AnswerForm(survey=invitation.survey, language=self.language, **kwargs)

    def form_page(
        self, request: HttpRequest, invitation: SurveyInvitation, form: AnswerForm, hint: str = "", **context: Any
    ) -> HttpResponse:
        token = request.resolver_match.kwargs["token"] if request.resolver_match else ""
        drawn = signing.TimestampSigner(salt=FORM_SALT).sign(token[-12:])
        status = 422 if form.errors or hint else 200
        context |= {"form": form, "drawn": drawn, "hint": hint, "action": reverse("survey", args=[token])}
        return self.page(request, "interactions/survey_page.html", invitation, status, **context)


def drawn_by_us(stamp: str, token: str) -> bool:
    """Whether the form was drawn for this link, more than a moment and less than a day ago."""
    signer = signing.TimestampSigner(salt=FORM_SALT)
    try:
        is_ours = signer.unsign(stamp, max_age=LONGEST_READING) == token[-12:]
    except signing.BadSignature:
        return False
    return is_ours and not _is_younger(signer, stamp, settings.SURVEY_SHORTEST_READING)


def _is_younger(signer: signing.TimestampSigner, stamp: str, seconds: float) -> bool:
    try:
        signer.unsign(stamp, max_age=seconds)
    except signing.SignatureExpired:
        return False
    return True


class SurveyUnsubscribePage(PublicSurveyPage):
    """GET asks, POST does it; RFC 8058 lets the mail program POST without cookies, so there is no CSRF token."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, token: str, invitation: SurveyInvitation) -> HttpResponse:
        return self.page(request, "interactions/survey_unsubscribe.html", invitation, token=token)

    def post(self, request: HttpRequest, token: str, invitation: SurveyInvitation) -> HttpResponse:
        services.unsubscribe(contact=invitation.contact)
        return self.page(request, "interactions/survey_unsubscribed.html", invitation)
