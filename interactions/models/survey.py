from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.constraints import DatabaseUnique
from accounts.fields import SearchTextField
from accounts.tenancy.fields import TenantForeignKey
from accounts.tenancy.models import TenantManager, TenantModel, VersionedModel
from interactions.choices import SCALE_RANGES, InteractionKind, InvitationStatus, Scale, answer_group
from interactions.querysets import SurveyInvitationQuerySet, SurveyQuerySet, SurveyResponseQuerySet

# How long an answer may still be changed by the one who gave it.
EDIT_WINDOW = timedelta(hours=24)


class Survey(VersionedModel):
    """One satisfaction question, in both languages."""

    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=Scale, default=Scale.NPS)
    question_en = models.CharField(_("question in English"), max_length=500)
    question_ar = models.CharField(_("question in Arabic"), max_length=500)
    # What stands round the question; blank means our own words.
    subject_en = models.CharField(_("subject in English"), max_length=150, blank=True, default="")
    subject_ar = models.CharField(_("subject in Arabic"), max_length=150, blank=True, default="")
    intro_en = models.TextField(_("introduction in English"), max_length=1_000, blank=True, default="")
    intro_ar = models.TextField(_("introduction in Arabic"), max_length=1_000, blank=True, default="")
    second_question_en = models.CharField(_("second question in English"), max_length=500, blank=True, default="")
    second_question_ar = models.CharField(_("second question in Arabic"), max_length=500, blank=True, default="")
    thanks_en = models.TextField(_("thanks in English"), max_length=1_000, blank=True, default="")
    thanks_ar = models.TextField(_("thanks in Arabic"), max_length=1_000, blank=True, default="")
    asks_comment = models.BooleanField(_("ask for a comment"), default=True)
    # Where answers to the mail go; blank means to whoever sent it.
    reply_to = models.EmailField(_("replies go to"), blank=True, default="")
    is_active = models.BooleanField(_("active"), default=True)

    objects = TenantManager.from_queryset(SurveyQuerySet)()

    class Meta(VersionedModel.Meta):
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        indexes = [models.Index(fields=["organization", "name", "id"], name="survey_name")]

    def __str__(self) -> str:
        return self.name

    def question(self, language: str) -> str:
        return self.question_ar if language == "ar" else self.question_en

    def subject(self, language: str) -> str:
        return self.subject_ar if language == "ar" else self.subject_en

    def intro(self, language: str) -> str:
        return self.intro_ar if language == "ar" else self.intro_en

    def second_question(self, language: str) -> str:
        return self.second_question_ar if language == "ar" else self.second_question_en

    def thanks(self, language: str) -> str:
        return self.thanks_ar if language == "ar" else self.thanks_en

    @property
    def values(self) -> range:
        """Every answer that the scale allows, lowest first."""
        lowest, highest = SCALE_RANGES[self.kind]
        return range(lowest, highest + 1)


class SurveyInvitation(VersionedModel):
    """A survey sent to one contact. Only the digest of its link is kept (``interactions.tokens``)."""

    survey = TenantForeignKey(Survey, on_delete=models.CASCADE, related_name="invitations")
    client = TenantForeignKey("clients.Client", on_delete=models.CASCADE, related_name="survey_invitations")
    contact = TenantForeignKey("clients.Contact", on_delete=models.CASCADE, related_name="survey_invitations")
    sent_by = TenantForeignKey(
        "accounts.Membership", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    campaign = TenantForeignKey(
        "interactions.Campaign",
        on_delete=models.SET_NULL,
        verbose_name=_("campaign"),
        null=True,
        blank=True,
        related_name="invitations",
    )
    # The occasion inside the campaign, a business fact: "2026Q4", "contract:<id>:2027-01-31"; "" when it asks once.
    period = models.CharField(max_length=80, blank=True, default="", db_default="", editable=False)
    asked_on = models.DateField(default=timezone.localdate, editable=False)
    token_digest = models.CharField(max_length=64, editable=False)
    status = models.CharField(_("status"), max_length=20, choices=InvitationStatus, default=InvitationStatus.QUEUED)
    language = models.CharField(_("language"), max_length=10)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires at"))
    reminders_sent = models.PositiveSmallIntegerField(_("reminders sent"), default=0, db_default=0, editable=False)
    next_reminder_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = TenantManager.from_queryset(SurveyInvitationQuerySet)()

    class Meta(VersionedModel.Meta):
        verbose_name = _("survey invitation")
        verbose_name_plural = _("survey invitations")
        indexes = [
            models.Index(fields=["organization", "survey", "status"], name="survey_invite_survey"),
            models.Index(fields=["organization", "client", "-created_at", "-id"], name="survey_invite_client"),
            models.Index(fields=["organization", "contact", "-created_at"], name="survey_invite_contact"),
            models.Index(fields=["organization", "sent_by"], name="survey_invite_sent_by"),
            models.Index(fields=["organization", "-created_at", "-id"], name="survey_invite_latest"),
            models.Index(fields=["organization", "campaign", "status"], name="survey_invite_campaign"),
            models.Index(
                fields=["organization", "next_reminder_at"],
                condition=models.Q(next_reminder_at__isnull=False),
                name="survey_invite_remind",
            ),
        ]
        constraints = [
            DatabaseUnique(fields=["organization", "token_digest"], name="survey_invite_token"),
            models.UniqueConstraint(
                fields=["organization", "survey", "contact", "asked_on"],
                condition=models.Q(campaign__isnull=True),
                name="survey_invite_once_a_day",
                violation_error_message=_("This contact was already asked today."),
            ),
            DatabaseUnique(fields=["organization", "campaign", "contact", "period"], name="survey_invite_occasion"),
        ]

    def __str__(self) -> str:
        return f"{self.survey} · {self.contact}"

    @property
    def send_key(self) -> str:
        if self.campaign_id:
            return f"campaign:{self.campaign_id}:{self.contact_id}:{self.period}"
        return f"survey:{self.survey_id}:{self.contact_id}:{self.asked_on.isoformat()}"

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()


class SurveyResponse(TenantModel):
    """The one answer to an invitation, as it stands; earlier wordings are ``SurveyAnswerVersion`` rows."""

    invitation = TenantForeignKey(SurveyInvitation, on_delete=models.CASCADE, related_name="responses")
    value = models.SmallIntegerField(_("value"))
    comment = models.TextField(_("comment"), blank=True, max_length=5_000)
    # To the survey's second question, when it has one.
    second_answer = models.TextField(_("second answer"), blank=True, default="", max_length=5_000)
    language = models.CharField(_("language"), max_length=10)
    answered_at = models.DateTimeField(_("answered at"), default=timezone.now)
    version = models.PositiveSmallIntegerField(default=1)
    search_text = SearchTextField("comment", "second_answer", max_length=4000)

    objects = TenantManager.from_queryset(SurveyResponseQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("survey answer")
        verbose_name_plural = _("survey answers")
        indexes = [models.Index(fields=["organization", "-answered_at", "-id"], name="survey_response_latest")]
        constraints = [
            DatabaseUnique(fields=["organization", "invitation"], name="survey_response_once"),
        ]

    def __str__(self) -> str:
        return str(self.value)

    @property
    def group(self) -> str:
        """Good, in between or poor: an ``AnswerGroup``."""
        return answer_group(self.invitation.survey.kind, self.value)

    @property
    def contacted_in_words(self) -> str:
        """How the client was first spoken to since; the timeline reads it along."""
        kind = getattr(self, "contacted_by", None)
        return str(InteractionKind(kind).label) if kind else ""

    @property
    def is_editable(self) -> bool:
        """Whether the contact may still change the answer: a day, counted from the first one."""
        return timezone.now() < self.editable_until

    @property
    def editable_until(self) -> datetime:
        return self.answered_at + EDIT_WINDOW


class SurveyAnswerVersion(TenantModel):
    """Every wording that an answer has had, the first and the last included."""

    response = TenantForeignKey(SurveyResponse, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveSmallIntegerField()
    value = models.SmallIntegerField()
    comment = models.TextField(blank=True)
    second_answer = models.TextField(blank=True, default="")
    at = models.DateTimeField(default=timezone.now)

    class Meta(TenantModel.Meta):
        verbose_name = _("version of a survey answer")
        verbose_name_plural = _("versions of survey answers")
        constraints = [
            DatabaseUnique(fields=["organization", "response", "version"], name="survey_answer_version"),
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.value}"
