"""Surveys: the questions, sending one, and what came back."""

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.pages import ActionPage, DetailPage, ListPage, ObjectFormPage, RowAddPage, RowChangePage
from clients.models import Client
from interactions import services
from interactions.filters import SurveyFilter
from interactions.forms import SurveyForm, SurveySendForm
from interactions.models import Survey, SurveyInvitation, SurveyResponse


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
            "answers": answers[:50],
            "waiting": waiting[:20],
            "may_change": self.member.can("interactions.change_survey", survey),
        }
        return super().get_context_data(**context, **kwargs)


class SurveyAddView(RowAddPage):
    permission = "interactions.add_survey"
    form_class = SurveyForm
    title = gettext_lazy("New survey")
    lead = gettext_lazy("One question, in both languages; each contact is asked in theirs.")
    success_message = gettext_lazy("Survey added.")

    def get_initial(self):
        return {
            "kind": "nps",
            "question_en": "How likely are you to recommend us to a colleague?",
            "question_ar": "ما مدى احتمال أن توصي بنا زميلًا لك؟",
        }

    def get_cancel_url(self):
        return reverse("interactions:survey-list")

    def perform(self, **data):
        survey = services.add_survey(actor=self.member, **data)
        return reverse("interactions:survey-detail", args=[survey.pk])


class SurveyChangeView(RowChangePage):
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
