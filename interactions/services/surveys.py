"""Surveys and sending them: who may be asked, and the row that the mail engine takes."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.calendar import local_today
from accounts.dispatch import queue
from accounts.dispatch.choices import Lane
from accounts.dispatch.models import Message
from accounts.dispatch.suppression import is_suppressed
from accounts.models import Membership, OrganizationSettings
from accounts.services import changes
from clients.models import Contact
from interactions import tokens
from interactions.choices import CampaignStatus, InvitationStatus, Scale
from interactions.exceptions import SurveyRefused
from interactions.models import Survey, SurveyInvitation
from interactions.signals import survey_sent

SURVEY_MAIL = "survey"
SURVEY_TEST_MAIL = "test_survey"

# A contact is asked at most once in this time, whatever the survey.
REST = timedelta(days=90)
VALID_FOR = timedelta(days=30)

_UNANSWERED = (InvitationStatus.QUEUED, InvitationStatus.SENDING, InvitationStatus.SENT, InvitationStatus.OPENED)


def add_survey(
    *, actor: Membership | None, name: str, question_en: str, question_ar: str, kind: str = Scale.NPS, **words: Any
) -> Survey:
    """Add a question; ``words`` is what stands round it (subject, introduction, second question, thanks)."""
    questions = {"question_en": question_en.strip(), "question_ar": question_ar.strip()}
    survey = Survey(name=name.strip(), kind=kind, **questions, **words)
    _refuse_half(survey, {})
    return changes.add(actor=actor, obj=survey)


@transaction.atomic
def change_survey(*, actor: Membership | None, survey: Survey, version: int | None = None, **fields: Any) -> Survey:
    """Change a survey. Its scale stays once somebody was asked: the answers would no longer mean the same."""
    if fields.get("kind", survey.kind) != survey.kind and survey.invitations.exists():
        raise SurveyRefused(
            {"kind": _("This survey has been sent, so its scale is fixed. Make another survey for the other scale.")}
        )
    _refuse_half(survey, fields)
    if fields.get("is_active") is False and survey.is_active:
        _refuse_under_way(survey)
    return changes.change(actor=actor, obj=survey, version=version, **fields)


def _refuse_half(survey: Survey, fields: dict[str, Any]) -> None:
    """What stands in one language stands in the other: half of the contacts read only that."""

    def is_empty(name: str) -> bool:
        return not str(fields.get(name, getattr(survey, name))).strip()

    missing = {"en": _("Give it in English as well, or leave both empty."),
               "ar": _("Give it in Arabic as well, or leave both empty.")}  # fmt: skip
    errors = {}
    for name in ("subject", "intro", "second_question", "thanks"):
        empty = [language for language in missing if is_empty(f"{name}_{language}")]
        if len(empty) == 1:
            errors[f"{name}_{empty[0]}"] = missing[empty[0]]
    if errors:
        raise ValidationError(errors)


def archive_survey(*, actor: Membership | None, survey: Survey, version: int | None = None) -> Survey:
    _refuse_under_way(survey)
    return changes.archive(actor=actor, obj=survey, version=version)


def restore_survey(*, actor: Membership | None, survey: Survey, version: int | None = None) -> Survey:
    return changes.restore(actor=actor, obj=survey, version=version)


@transaction.atomic
def send_survey(*, actor: Membership | None, survey: Survey, contact: Contact) -> SurveyInvitation:
    """Ask one contact one question by mail; raises ``SurveyRefused`` saying why when that is not possible now.

    The mail goes out at once: quiet hours hold what the clock sends, and here a person has decided to ask.
    The rest period is taken by one conditional UPDATE, so two senders at once cannot both ask.
    """
    today = local_today()
    _refuse(survey, contact)
    if is_suppressed(contact.email):
        raise SurveyRefused(
            _("Mail to %(email)s is suppressed. An admin can see why, and lift it, in the settings.")
            % {"email": contact.email}
        )
    if not _take_rest_period(contact, today):
        contact.refresh_from_db(fields=["last_surveyed_on"])
        raise SurveyRefused(_resting_sentence(contact))
    invitation = SurveyInvitation(
        survey=survey,
        client=contact.client,
        contact=contact,
        sent_by=actor,
        asked_on=today,
        language=language_of(contact),
        expires_at=timezone.now() + VALID_FOR,
    )
    invitation.token_digest = tokens.digest_for(invitation.pk)
    changes.add(actor=actor, obj=invitation, verb="sent")
    queue.enqueue(
        kind=SURVEY_MAIL,
        send_key=invitation.send_key,
        lane=Lane.BULK,
        recipient=contact.email,
        payload={"invitation": str(invitation.pk)},
    )
    survey_sent.send(SurveyInvitation, invitation=invitation, actor=actor)
    return invitation


def send_test_survey(*, actor: Membership, survey: Survey, language: str) -> Message:
    """The survey's mail to the member who asks for it, marked as a test; nobody else is asked, nothing is recorded.

    At most one a minute of each language, so that an impatient finger is no flood.
    """
    minute = timezone.now().strftime("%Y%m%d%H%M")
    return queue.enqueue(
        kind=SURVEY_TEST_MAIL,
        send_key=f"{SURVEY_TEST_MAIL}:{survey.pk}:{actor.pk}:{language}:{minute}",
        lane=Lane.URGENT,
        recipient=actor.user.email,
        payload={"survey": str(survey.pk), "member": str(actor.pk), "language": language},
    )


def why_not(survey: Survey, contact: Contact, today: date | None = None) -> str:
    """The sentence with which ``send_survey`` would refuse, or "" when it would not; for pages.

    Who asks about many contacts gives ``today``, the organization's day.
    """
    try:
        _refuse(survey, contact)
    except SurveyRefused as refusal:
        return " ".join(refusal.messages)
    is_resting = contact.last_surveyed_on and contact.last_surveyed_on > (today or local_today()) - REST
    return _resting_sentence(contact) if is_resting else ""


def language_of(contact: Contact) -> str:
    """The language to write to a contact in: their own, else their company's, else the organization's."""
    wanted = contact.language or contact.client.language
    return wanted or OrganizationSettings.objects.values_list("language", flat=True).first() or "en"


@transaction.atomic
def unsubscribe(*, contact: Contact) -> bool:
    """The contact wants no more surveys. Harmless when repeated; True the first time.

    An archived contact may say so as well, hence not through ``change``. What still waits to be sent is called back.
    """
    changed = Contact.objects.filter(pk=contact.pk, survey_consent=True).update(
        survey_consent=False, version=F("version") + 1, updated_at=timezone.now()
    )
    if changed:
        changes.record(
            actor=None,
            verb="unsubscribed",
            obj=contact,
            before={"survey_consent": True},
            after={"survey_consent": False},
        )
    waiting = SurveyInvitation.objects.filter(contact=contact, status=InvitationStatus.QUEUED)
    for invitation in waiting.select_for_update(of=("self",)):
        if queue.cancel(invitation.send_key):
            _set_status(invitation.pk, InvitationStatus.SUPPRESSED)
    return bool(changed)


def record_survey_mailed(message: Message) -> None:
    """The mail server took it. An answer may be quicker than this record, so only a waiting status moves."""
    SurveyInvitation.objects.filter(
        pk=message.payload["invitation"], status__in=(InvitationStatus.QUEUED, InvitationStatus.SENDING)
    ).update(
        status=InvitationStatus.SENT,
        sent_at=message.sent_at or timezone.now(),
        updated_at=timezone.now(),
        version=F("version") + 1,
    )


def record_survey_withheld(message: Message) -> None:
    """Between queueing and sending the contact left, or withdrew consent. What was answered stays answered."""
    _set_status(message.payload["invitation"], InvitationStatus.SUPPRESSED)


def expire_invitations() -> int:
    """What nobody answered in time."""
    overdue = SurveyInvitation.objects.filter(status__in=_UNANSWERED, expires_at__lte=timezone.now())
    return overdue.update(status=InvitationStatus.EXPIRED, updated_at=timezone.now(), version=F("version") + 1)


def _set_status(invitation_id: Any, status: str) -> None:
    SurveyInvitation.objects.filter(pk=invitation_id, status__in=_UNANSWERED).update(
        status=status, updated_at=timezone.now(), version=F("version") + 1
    )


def _refuse_under_way(survey: Survey) -> None:
    if survey.campaigns.filter(status__in=(CampaignStatus.RUNNING, CampaignStatus.PAUSED)).exists():
        raise SurveyRefused(_("A campaign still sends “%(survey)s”. Stop the campaign first.") % {"survey": survey})


def _take_rest_period(contact: Contact, today: date) -> bool:
    rested = Q(last_surveyed_on__isnull=True) | Q(last_surveyed_on__lte=today - REST)
    return bool(Contact.objects.filter(rested, pk=contact.pk).update(last_surveyed_on=today))


def _resting_sentence(contact: Contact) -> str:
    last = contact.last_surveyed_on or local_today()
    return _("%(contact)s was asked on %(day)s. The next survey can go out from %(next)s.") % {
        "contact": contact,
        "day": date_format(last, "DATE_FORMAT"),
        "next": date_format(last + REST, "DATE_FORMAT"),
    }


def _refuse(survey: Survey, contact: Contact) -> None:
    names = {"contact": contact, "client": contact.client, "survey": survey}
    if survey.is_archived or not survey.is_active:
        raise SurveyRefused(_("“%(survey)s” is not active. Activate it, or choose another survey.") % names)
    if contact.client.is_archived:
        raise SurveyRefused(_("“%(client)s” is archived. Restore the client first.") % names)
    if contact.left_on is not None or contact.is_archived:
        raise SurveyRefused(_("%(contact)s is no longer at %(client)s. Choose another contact.") % names)
    if not contact.email:
        raise SurveyRefused(_("%(contact)s has no e-mail address. Add one, then send the survey.") % names)
    if not contact.survey_consent:
        raise SurveyRefused(_("%(contact)s does not want to be surveyed. Choose another contact.") % names)
