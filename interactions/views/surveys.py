"""Surveys: the questions, sending one, and what came back."""

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.pages import ActionPage, DetailPage, ListPage, ObjectFormPage, RowAddPage, RowChangePage
from clients.models import Client
from interactions import services
from interactions.choices import Scale
from interactions.filters import SurveyFilter
from interactions.forms import SurveyForm, SurveySendForm
from interactions.models import Survey, SurveyInvitation, SurveyResponse
from interactions.presets import PRESETS
from interactions.views.survey_looks import previews


class SurveyListView(ListPage):
    permission = "interactions.view_survey"
    queryset = Survey.objects.all()
    filter_class = SurveyFilter
    orderings = {"name": "name"}
    template_name = "interactions/survey_list.html"
    table_template_name = "interactions/_survey_table.html"

    def get_queryset(self):
        return super().get_queryset().with_counts(self.member)

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_add=self.member.can("interactions.add_survey"), **kwargs)


class SurveyDetailView(DetailPage):
    """The newest invitations and answers; only those of clients that the member sees."""

    permission = "interactions.view_survey"
    queryset = Survey.objects.all()
    template_name = "interactions/survey_detail.html"
    context_object_name = "survey"

    def get_context_data(self, **kwargs):
        survey = self.object
        invitations = SurveyInvitation.objects.visible_to(self.member).filter(survey=survey)
        answers = SurveyResponse.objects.visible_to(self.member).filter(invitation__survey=survey).for_list()
        waiting = invitations.filter(answered_at=None, expires_at__gt=timezone.now()).for_list()
        context = {
            "counts": invitations.aggregate(sent=Count("pk"), answered=Count("answered_at")),
            "answers": answers[:20],
            "waiting": waiting[:20],
            "looks": previews(self.request, survey),
            "results_url": f"{reverse('reports:satisfaction')}?scale={survey.kind}&survey={survey.pk}&period=all",
            "may_change": self.member.can("interactions.change_survey", survey),
        }
        return super().get_context_data(**context, **kwargs)


class SurveyWords:
    """The form in both languages, beside how mail and page will look; "preview" draws them anew and saves nothing."""

    template_name = "interactions/survey_form.html"

    def post(self, request, *args, **kwargs):
        if "preview" in request.POST:
            return self.render_to_response(self.get_context_data(form=self.get_form()))
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return {**context, "looks": previews(self.request, context["form"].draft()), "presets": self.presets()}

    def presets(self):
        return []


class SurveyAddView(SurveyWords, RowAddPage):
    permission = "interactions.add_survey"
    form_class = SurveyForm
    title = gettext_lazy("New survey")
    lead = gettext_lazy("One question, in both languages; each contact is asked in theirs.")
    success_message = gettext_lazy("Survey added.")

    @property
    def preset(self):
        asked = self.request.GET.get("preset", "")
        return asked if asked in PRESETS else Scale.NPS

    def get_initial(self):
        return {"kind": self.preset, "asks_comment": True, **PRESETS[self.preset]["words"]}

    def presets(self):
        return [
            {"url": f"?preset={kind}", "label": preset["label"], "current": kind == self.preset}
            for kind, preset in PRESETS.items()
        ]

    def get_cancel_url(self):
        return reverse("interactions:survey-list")

    def perform(self, **data):
        survey = services.add_survey(actor=self.member, **data)
        return reverse("interactions:survey-detail", args=[survey.pk])


class SurveyChangeView(SurveyWords, RowChangePage):
    permission = "interactions.change_survey"
    queryset = Survey.objects.all()
    form_class = SurveyForm
    title = gettext_lazy("Edit survey")
    success_message = gettext_lazy("Saved.")

    def get_cancel_url(self):
        return reverse("interactions:survey-detail", args=[self.object.pk])

    def perform(self, **data):
        services.change_survey(actor=self.member, survey=self.object, **data)
        return self.get_cancel_url()


class SurveyArchiveView(ActionPage):
    permission = "interactions.archive_survey"
    queryset = Survey.objects.all()
    success_message = gettext_lazy("Survey archived.")

    def perform(self):
        services.archive_survey(actor=self.member, survey=self.object, version=self.version)

    def get_success_url(self):
        return reverse("interactions:survey-list")

    def undo_url(self):
        return reverse("interactions:survey-restore", args=[self.object.pk])


class SurveyRestoreView(ActionPage):
    permission = "interactions.restore_survey"
    queryset = Survey.objects.all()
    success_message = gettext_lazy("Survey restored.")

    def perform(self):
        services.restore_survey(actor=self.member, survey=self.object)

    def get_success_url(self):
        return reverse("interactions:survey-detail", args=[self.object.pk])


class SurveySendView(ObjectFormPage):
    """To one contact of one client, in the contact's language."""

    permission = "interactions.send_survey"
    queryset = Client.objects.current()
    form_class = SurveySendForm
    template_name = "interactions/survey_send.html"
    success_message = gettext_lazy("On its way. The answer will stand in the timeline.")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "client": self.object}

    def get_initial(self):
        return {"contact": self.object.contacts.current().filter(is_primary=True).first()}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        form = context["form"]
        survey = form.fields["survey"].queryset.first()
        contacts, today = form.fields["contact"].queryset, timezone.localdate()
        reasons = [(contact, services.why_not(survey, contact, today)) for contact in contacts] if survey else []
        return {
            **context,
            "title": _("Send a survey to %(client)s") % {"client": self.object},
            "refused": [(contact, why) for contact, why in reasons if why],
            "has_survey": survey is not None,
            "has_contact": bool(contacts),
            "may_add_survey": self.member.can("interactions.add_survey"),
        }

    def perform(self, survey, contact):
        services.send_survey(actor=self.member, survey=survey, contact=contact)
        return self.object.get_absolute_url()
