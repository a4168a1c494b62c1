"""The demo's surveys: a year of NPS, some answered, some not."""

from datetime import datetime, timedelta
from random import Random

from clients.models import Contact
from interactions import tokens
from interactions.choices import InvitationStatus, Scale, ScoreSource
from interactions.demo import words
from interactions.demo.book import Book
from interactions.demo.history import HistoryMaker
from interactions.demo.portfolio import Account
from interactions.demo.time import Calendar
from interactions.models import Score, Survey, SurveyAnswerVersion, SurveyInvitation, SurveyResponse
from interactions.services.surveys import VALID_FOR

VALUES = (range(7), range(6, 10), range(8, 11))


class SurveyMaker:
    def __init__(self, book: Book, calendar: Calendar, rng: Random, history: HistoryMaker) -> None:
        self.book, self.calendar, self.rng, self.history = book, calendar, rng, history
        self.survey = book.add(
            Survey(
                name="Relationship · العلاقة",
                kind=Scale.NPS,
                question_en="How likely are you to recommend us to a colleague or a friend?",
                question_ar="ما مدى احتمال أن توصي بنا زميلًا أو صديقًا؟",
            )
        )
        book.add(
            Survey(
                name="After support · بعد الدعم",
                kind=Scale.CSAT,
                question_en="How satisfied are you with the help you received?",
                question_ar="ما مدى رضاك عن المساعدة التي تلقيتها؟",
            )
        )

    def ask(self, account: Account) -> None:
        """Up to three of the client's contacts, each once, the primary one long ago: they may be asked again today."""
        if account.left_on is not None or self.rng.random() < 0.35:
            return
        willing = [contact for contact in account.contacts if contact.survey_consent][:3]
        for position, contact in enumerate(willing):
            days_ago = self.rng.randint(95, 400) if position == 0 else self.rng.randint(8, 330)
            if (self.calendar.day(-days_ago) - account.since).days > 30:
                self.invite(account, contact, days_ago, is_answered=self.rng.random() < 0.62)

    def invite(
        self, account: Account, contact: Contact, days_ago: int, *, is_answered: bool, value: int | None = None
    ) -> SurveyInvitation:
        sent_at = self.calendar.working_moment(-days_ago)
        is_over = sent_at + VALID_FOR < self.calendar.moment(0)
        contact.last_surveyed_on = sent_at.date()
        invitation = SurveyInvitation(
            survey=self.survey,
            client=account.client,
            contact=contact,
            sent_by=self.history.member_of(account),
            asked_on=sent_at.date(),
            language=contact.language,
            sent_at=sent_at,
            expires_at=sent_at + VALID_FOR,
            status=InvitationStatus.EXPIRED if is_over else InvitationStatus.SENT,
        )
        invitation.token_digest = tokens.digest_for(invitation.pk)
        if is_answered:
            self._answer(account, invitation, sent_at, value)
        return self.book.add(invitation)

    def _answer(self, account: Account, invitation: SurveyInvitation, sent_at: datetime, value: int | None) -> None:
        at = min(sent_at + timedelta(hours=self.rng.randint(1, 70)), self.calendar.moment(0, 7))
        at = max(at, sent_at)
        value = value if value is not None else self.rng.choice(VALUES[account.mood])
        group = "detractor" if value <= 6 else "passive" if value <= 8 else "promoter"
        comment = account.say(self.rng.choice(words.COMMENTS[group]))
        invitation.status = InvitationStatus.ANSWERED
        invitation.opened_at = invitation.answered_at = at
        response = self.book.add(
            SurveyResponse(
                invitation=invitation, value=value, comment=comment, language=invitation.language, answered_at=at
            )
        )
        self.book.add(SurveyAnswerVersion(response=response, version=1, value=value, comment=comment, at=at))
        self.book.add(
            Score(
                client=account.client,
                contact=invitation.contact,
                scale=Scale.NPS,
                value=value,
                at=at,
                source=ScoreSource.SURVEY,
                survey_response=response,
            )
        )
