"""How a survey looks before anybody is asked: drawn while it is typed, as a page, and as a mail to oneself."""

from django.contrib import messages
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.choices import Language
from accounts.pages import ActionPage, DetailPage, MemberPage
from interactions import services
from interactions.choices import SCALE_ENDS
from interactions.forms import AnswerForm, SurveyForm
from interactions.models import Survey
from interactions.queries.preselection import preselected


class SurveyLookView(MemberPage, View):
    """How a survey that is being typed looks as a mail and as a page, in both languages; nothing is saved."""

    http_method_names = ["post"]
    permission = "interactions.add_survey"

    def post(self, request, *args, **kwargs):
        form = SurveyForm(request.POST, member=self.member)
        context = {"looks": previews(request, form.draft())}
        return render(request, "interactions/_survey_looks.html", context)


class SurveyPreviewView(DetailPage):
    """The public page as a contact will see it, where the links of a test mail lead. It takes no answer."""

    permission = "interactions.view_survey"
    queryset = Survey.objects.all()
    template_name = "interactions/survey_preview.html"
    context_object_name = "survey"

    def dispatch(self, request, *args, **kwargs):
        asked = request.GET.get("lang", "")
        self.language = asked if asked in Language.values else get_language()
        with translation.override(self.language):
            response = super().dispatch(request, *args, **kwargs)
            return response.render() if hasattr(response, "render") else response

    def get_context_data(self, **kwargs):
        given = {"value": preselected(self.request)}
        form = AnswerForm(survey=self.object, language=self.language, initial=given)
        other = "en" if self.language == "ar" else "ar"
        context = {
            "form": form,
            "organization_name": self.request.organization.name,
            "other_language": other,
            "other_language_name": Language(other).label,
            "language": self.language,
            "words": self.object.thanks(self.language),
        }
        return super().get_context_data(**context, **kwargs)


class SurveyTestView(ActionPage):
    """The mail to whoever is signed in and to nobody else; it asks nobody and records nothing."""

    permission = "interactions.change_survey"
    queryset = Survey.objects.all()

    def perform(self):
        language = self.request.POST.get("language", "")
        services.send_test_survey(
            actor=self.member, survey=self.object, language=language if language in Language.values else "en"
        )
        sentence = _("A test is on its way to %(address)s.") % {"address": self.member.user.email}
        messages.success(self.request, sentence)

    def get_success_url(self):
        return reverse("interactions:survey-detail", args=[self.object.pk])


def previews(request, survey):
    """A mail and a page for each language, as the templates draw them."""
    return [look_of(request, survey, language) for language in ("en", "ar")]


def look_of(request, survey, language):
    with translation.override(language):
        lowest, highest = SCALE_ENDS[survey.kind]
        ours = _("A question from %(organization)s") % {"organization": request.organization.name}
        return {
            "language": language,
            "direction": "rtl" if language == "ar" else "ltr",
            "label": Language(language).label,
            "organization": request.organization.name,
            "sender": request.member.user.name,
            "subject": survey.subject(language) or ours,
            "intro": survey.intro(language),
            "question": survey.question(language),
            "second_question": survey.second_question(language),
            "thanks": survey.thanks(language),
            "asks_comment": survey.asks_comment,
            "values": list(survey.values),
            # Said here, while the language is the contact's and not the reader's.
            "lowest": str(lowest),
            "highest": str(highest),
            "greeting": _("Hello %(name)s,") % {"name": _("Mona Saleh")},
            "choose": _("Choose a number; it opens a page where you confirm it. It takes less than a minute."),
            "open": _("Open the survey"),
            "why": _("Would you like to tell us why?"),
            "send": _("Send answer"),
            "thank_you": _("Thank you"),
        }
