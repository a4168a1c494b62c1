"""The demo's surveys: more than a year of NPS, CSAT and CES, some answered, some not, poor ones followed up."""

from datetime import datetime, timedelta
from random import Random

from clients.models import Contact
from interactions import tokens
from interactions.choices import (
    AnswerGroup,
    Direction,
    Hat,
    InteractionKind,
    InvitationStatus,
    Priority,
    Scale,
    ScoreSource,
    TaskSource,
    TaskStatus,
    answer_group,
)
from interactions.demo import words
from interactions.demo.book import Book
from interactions.demo.campaigns import CampaignMaker
from interactions.demo.history import HistoryMaker
from interactions.demo.portfolio import Account
from interactions.demo.time import Calendar
from interactions.models import (
    Interaction,
    Participant,
    Score,
    Survey,
    SurveyAnswerVersion,
    SurveyInvitation,
    SurveyResponse,
    Task,
)
from interactions.presets import PRESETS
from interactions.services.surveys import REST, VALID_FOR

#: What sour, content and glad clients answer.
VALUES = {
    Scale.NPS: (range(7), range(6, 10), range(8, 11)),
    Scale.CSAT: ((2, 2, 3, 3, 4), (3, 4, 4, 5), (4, 5, 5)),
    Scale.CES: ((2, 3, 4), (4, 5, 5, 6), (5, 6, 7, 7)),
}
GROUPS = {AnswerGroup.GOOD: "promoter", AnswerGroup.MIDDLE: "passive", AnswerGroup.POOR: "detractor"}


class SurveyMaker:
    def __init__(self, book: Book, calendar: Calendar, rng: Random, history: HistoryMaker) -> None:
        self.book, self.calendar, self.rng, self.history = book, calendar, rng, history
        # Of its own, so that more surveys leave the rest of the demo as it is.
        self.more = Random("surveys")
        self.surveys = {kind: book.add(Survey(kind=kind, **preset["words"])) for kind, preset in PRESETS.items()}
        self.campaigns: CampaignMaker | None = None

    def ask(self, account: Account) -> None:
        """Up to three of the client's contacts, each once, the primary one long ago: they may be asked again today."""
        if account.left_on is not None or self.rng.random() < 0.35:
            return
        willing = [contact for contact in account.contacts if contact.survey_consent][:3]
        for position, contact in enumerate(willing):
            days_ago = self.rng.randint(95, 400) if position == 0 else self.rng.randint(8, 330)
            if (self.calendar.day(-days_ago) - account.since).days > 30:
                self.invite(account, contact, days_ago, is_answered=self.rng.random() < 0.62)
        self._ask_more(account, willing)

    def _ask_more(self, account: Account, willing: list[Contact]) -> None:
        """What support and delivery asked in between, and the year before."""
        for kind, chance in ((Scale.CSAT, 0.6), (Scale.CES, 0.5), (Scale.NPS, 0.5)):
            for position, contact in enumerate(willing):
                # The primary contact has rested, so that the first campaign finds somebody to ask.
                days_ago = self.more.randint(REST.days + 5, 420) if position == 0 else self.more.randint(4, 260)
                sent_at = self.calendar.working_day(-days_ago)
                is_known = (sent_at - account.since).days > 30
                if is_known and self.more.random() < chance and contact.last_surveyed_on != sent_at:
                    self.invite(account, contact, days_ago, is_answered=self.more.random() < 0.55, kind=kind)

    def invite(
        self,
        account: Account,
        contact: Contact,
        days_ago: int,
        *,
        is_answered: bool,
        value: int | None = None,
        kind: Scale = Scale.NPS,
    ) -> SurveyInvitation:
        sent_at = self.calendar.working_moment(-days_ago)
        is_over = sent_at + VALID_FOR < self.calendar.moment(0)
        contact.last_surveyed_on = max(filter(None, (contact.last_surveyed_on, sent_at.date())))
        invitation = SurveyInvitation(
            survey=self.surveys[kind],
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
        if self.campaigns is not None:
            self.campaigns.claim(invitation)
        if is_answered:
            self._answer(account, invitation, sent_at, value)
        return self.book.add(invitation)

    def _answer(self, account: Account, invitation: SurveyInvitation, sent_at: datetime, value: int | None) -> None:
        kind = Scale(invitation.survey.kind)
        dice = self.rng if kind == Scale.NPS else self.more
        at = min(sent_at + timedelta(hours=dice.randint(1, 70)), self.calendar.moment(0, 7))
        at = max(at, sent_at)
        value = value if value is not None else dice.choice(VALUES[kind][account.mood])
        group = answer_group(kind, value)
        comment = account.say(dice.choice(words.COMMENTS[GROUPS[AnswerGroup(group)]]))
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
                scale=kind,
                value=value,
                at=at,
                source=ScoreSource.SURVEY,
                survey_response=response,
            )
        )
        if group == AnswerGroup.POOR:
            self._follow_up(account, invitation, response)

    def _follow_up(self, account: Account, invitation: SurveyInvitation, response: SurveyResponse) -> None:
        """What came of a poor answer: a task that was done, and a call where it was long ago."""
        member, contact, came = self.history.member_of(account), invitation.contact, response.answered_at
        done_at = came + timedelta(days=1, hours=2)
        if done_at > self.calendar.moment(-3):
            return
        names = {"contact": contact.name, "scale": invitation.survey.get_kind_display(), "value": response.value}
        titles = ("Call %(contact)s about the %(scale)s answer %(value)s",
                  "الاتصال بـ %(contact)s بشأن إجابة %(scale)s: %(value)s")  # fmt: skip
        task = Task(
            client=account.client,
            contact=contact,
            assignee=member,
            title=account.say(titles) % names,
            due_on=(came + timedelta(days=1)).date(),
            priority=Priority.HIGH,
            status=TaskStatus.DONE,
            done_at=done_at,
            done_by=member,
            source=TaskSource.DETRACTOR,
            survey_response=response,
            created_at=came,
        )
        self.book.add(task)
        # A recent call would make a silent client a talkative one.
        if came < self.calendar.moment(-120):
            summary = account.say(words.CALLED_BACK)
            call = Interaction(
                client=account.client,
                kind=InteractionKind.CALL,
                direction=Direction.BOTH,
                hat=Hat.RELATIONS,
                happened_at=done_at,
                minutes=20,
                summary=summary,
                logged_by=member,
            )
            self.book.add(call)
            self.book.add(Participant(interaction=call, contact=contact))
