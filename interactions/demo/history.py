"""Eighteen months of what happened with the demo's clients."""

from datetime import date, datetime, timedelta
from random import Random

from accounts.models import AuditEntry, Membership
from clients.choices import OpportunityKind, OpportunityStage, Tier
from clients.models import Measure, Opportunity, Product, StagePeriod
from interactions.choices import (
    ConcernState,
    Direction,
    Hat,
    InteractionKind,
    Priority,
    Scale,
    ScoreSource,
    Sentiment,
    Severity,
    TaskStatus,
)
from interactions.demo import words
from interactions.demo.book import Book
from interactions.demo.portfolio import Account
from interactions.demo.time import HISTORY, Calendar
from interactions.models import Concern, ConcernPeriod, Interaction, Participant, Score, Task
from managers.models import AccountManager

# Interactions a month, and how recent the last two-way contact is, in days, when nobody has forgotten the client.
PACE = {Tier.STRATEGIC: 2.6, Tier.CORE: 1.3, Tier.SCALE: 0.45}
RECENT = {Tier.STRATEGIC: (1, 11), Tier.CORE: (2, 24), Tier.SCALE: (4, 52)}
SILENT = {Tier.STRATEGIC: (24, 40), Tier.CORE: (46, 80), Tier.SCALE: (70, 130)}
MINUTES = {
    InteractionKind.CALL: (5, 35),
    InteractionKind.MEETING: (30, 90),
    InteractionKind.VISIT: (60, 240),
    InteractionKind.CHAT: (3, 15),
}
STAGES = (OpportunityStage.IDENTIFIED, OpportunityStage.QUALIFIED, OpportunityStage.PROPOSED)


class HistoryMaker:
    """Fills the past of accounts. Where a story needs something particular, ``stories`` asks for it by name."""

    def __init__(
        self, book: Book, calendar: Calendar, rng: Random, *, fallback: Membership, products: list[Product]
    ) -> None:
        self.book, self.calendar, self.rng = book, calendar, rng
        self.fallback = fallback
        self.products = {product.name: product for product in products}

    def member_of(self, account: Account) -> Membership:
        manager = account.manager
        return manager.member if manager is not None and manager.member is not None else self.fallback

    def interact(
        self,
        account: Account,
        at: datetime,
        summary: str,
        *,
        kind: str = InteractionKind.CALL,
        hat: str = Hat.SERVICE,
        direction: str = Direction.BOTH,
        sentiment: str = "",
        minutes: int | None = None,
        by: Membership | None = None,
    ) -> Interaction:
        interaction = self.book.add(
            Interaction(
                client=account.client,
                kind=kind,
                hat=hat,
                direction=direction,
                happened_at=at,
                minutes=minutes,
                summary=summary,
                sentiment=sentiment,
                logged_by=by or self.member_of(account),
            )
        )
        if account.contacts and kind != InteractionKind.NOTE:
            self.book.add(Participant(interaction=interaction, contact=self.rng.choice(account.contacts[:3])))
            self.book.add(Participant(interaction=interaction, member=interaction.logged_by))
        return interaction

    def live(self, account: Account, *, is_forgotten: bool, associate: Membership | None = None) -> None:
        """Interactions, tickets with ratings and done tasks, up to a last talk that is as recent as it should be."""
        tier = Tier(account.client.tier)
        first = max(-HISTORY, (account.since - self.calendar.today).days)
        last = -self.rng.randint(*(SILENT if is_forgotten else RECENT)[tier])
        if account.left_on is not None:
            last = (account.left_on - self.calendar.today).days - 2
        last = max(last, first)
        for _number in range(round((last - first) / 30.4 * PACE[tier] * self.rng.uniform(0.8, 1.2))):
            self._happen(account, self.rng.randint(first, last), associate)
        self.interact(
            account,
            self.calendar.working_moment(last),
            account.say(words.INTERACTIONS[self.rng.randint(0, 4)][2:]),
            minutes=self.rng.randint(8, 30),
            sentiment=Sentiment.POSITIVE if account.mood == 2 else "",
        )
        for _number in range(self.rng.randint(0, {Tier.STRATEGIC: 7, Tier.CORE: 4}.get(tier, 2))):
            at = self.calendar.working_moment(self.rng.randint(first, last))
            self.task(account, words.TASKS, due=at.date(), done_at=at)

    def _happen(self, account: Account, offset: int, associate: Membership | None) -> None:
        kind, hat, english, arabic = self.rng.choice(words.INTERACTIONS)
        low, high = MINUTES.get(kind, (0, 0))
        direction = {
            InteractionKind.TICKET: Direction.INBOUND,
            InteractionKind.NOTE: Direction.OUTBOUND,
            InteractionKind.EMAIL: self.rng.choice(list(Direction)),
        }.get(kind, Direction.BOTH)
        interaction = self.interact(
            account,
            self.calendar.working_moment(offset),
            account.say((english, arabic)),
            kind=kind,
            hat=hat,
            direction=direction,
            minutes=self.rng.randint(low, high) if high else None,
            sentiment=self.rng.choice(
                ("", "", (Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.POSITIVE)[account.mood])
            ),
            by=associate if associate and self.rng.random() < 0.3 else None,
        )
        if kind == InteractionKind.TICKET and self.rng.random() < 0.7:
            value = self.rng.choices(
                (1, 2, 3, 4, 5), ((2, 3, 3, 2, 1), (0, 1, 3, 5, 3), (0, 0, 1, 4, 7))[account.mood]
            )[0]
            at = interaction.happened_at + timedelta(hours=3)
            self.book.add(
                Score(
                    client=account.client,
                    scale=Scale.CSAT,
                    value=value,
                    at=at,
                    source=ScoreSource.TICKET,
                    interaction=interaction,
                )
            )

    def task(
        self,
        account: Account | None,
        titles: list[tuple[str, str]],
        *,
        due: date | None = None,
        done_at: datetime | None = None,
        priority: str = Priority.NORMAL,
        assignee: Membership | None = None,
    ) -> Task:
        pair = self.rng.choice(titles)
        assignee = assignee or (self.member_of(account) if account else self.fallback)
        return self.book.add(
            Task(
                client=account.client if account else None,
                contact=account.contacts[0] if account and account.contacts else None,
                assignee=assignee,
                created_by=assignee,
                title=account.say(pair) if account else pair[0],
                due_on=due,
                priority=priority,
                status=TaskStatus.DONE if done_at else TaskStatus.OPEN,
                done_at=done_at,
                done_by=assignee if done_at else None,
            )
        )

    def opportunity(
        self,
        account: Account,
        stage: str,
        *,
        opened: int,
        closes: int,
        template: int | None = None,
        owner: AccountManager | None = None,
    ) -> Opportunity:
        """``opened`` and ``closes`` are days from today; a closed one closed on that day."""
        rng = self.rng
        english, arabic, product = words.OPPORTUNITIES[
            rng.randrange(len(words.OPPORTUNITIES)) if template is None else template
        ]
        is_price = product == "Nahda Books" and english.startswith("Price")
        is_closed = stage not in STAGES
        row = self.book.add(
            Opportunity(
                client=account.client,
                kind=OpportunityKind.PRICE
                if is_price
                else rng.choice((OpportunityKind.UPSELL, OpportunityKind.CROSS_SELL)),
                name=account.say((english, arabic)),
                product=self.products.get(product),
                amount_minor=None
                if rng.random() < 0.06
                else rng.randint(4, 60) * max(account.mrr_minor // 1000, 5) * 100,
                currency=account.client.currency,
                expected_close_on=self.calendar.day(closes),
                owner=owner or account.manager,
                stage=stage,
                closed_at=self.calendar.working_moment(closes) if is_closed else None,
                lost_reason=account.say(rng.choice(words.LOST_REASONS)) if stage == OpportunityStage.LOST else "",
            )
        )
        self._write_stages(row, opened, closes)
        return row

    def _write_stages(self, row: Opportunity, opened: int, closes: int) -> None:
        passed = [*STAGES, row.stage] if row.stage not in STAGES else list(STAGES[: STAGES.index(row.stage) + 1])
        end = closes if row.stage not in STAGES else 0
        step = max((end - opened) // len(passed), 0)
        starts = [self.calendar.moment(opened + number * step, 11) for number in range(len(passed))]
        if row.closed_at is not None:
            starts[-1] = row.closed_at
        for position, (stage, from_at) in enumerate(zip(passed, starts, strict=True)):
            until_at = starts[position + 1] if position + 1 < len(starts) else None
            self.book.add(StagePeriod(opportunity=row, stage=stage, from_at=from_at, until_at=until_at))

    def concern(
        self,
        account: Account,
        text: tuple[str, str, str, str],
        *,
        opened: int,
        state: str = ConcernState.RESOLVED,
        severity: str = "",
        detail: str = "",
        days: int = 9,
    ) -> Concern:
        kind, usual, english, arabic = text
        is_closed = state in (ConcernState.RESOLVED, ConcernState.LOST)
        opened_at = self.calendar.working_moment(opened)
        until = min(opened_at + timedelta(days=days), self.calendar.moment(0, 8))
        row = self.book.add(
            Concern(
                client=account.client,
                title=account.say((english, arabic)),
                kind=kind,
                severity=severity or usual,
                detail=detail,
                mrr_at_stake_minor=account.mrr_minor
                if (severity or usual) in (Severity.HIGH, Severity.CRITICAL)
                else None,
                currency=account.client.currency,
                opened_at=opened_at,
                state=state,
                resolved_at=until if is_closed else None,
            )
        )
        if state == ConcernState.OPEN:
            self.book.add(ConcernPeriod(concern=row, state=state, from_at=opened_at))
            return row
        self.book.add(ConcernPeriod(concern=row, state=ConcernState.OPEN, from_at=opened_at, until_at=until))
        self.book.add(ConcernPeriod(concern=row, state=state, from_at=until))
        return row

    def usage(self, account: Account) -> None:
        """A measure a month: who is glad uses more and more."""
        value = self.rng.randint(8, 30) * {Tier.STRATEGIC: 12, Tier.CORE: 4}.get(Tier(account.client.tier), 1)
        for months_ago in range(HISTORY // 30, -1, -1):
            month = self.calendar.month_start(months_ago)
            if month < account.since or (account.left_on and month > account.left_on):
                continue
            value = max(round(value * self.rng.uniform(*((0.9, 1.01), (0.97, 1.04), (0.99, 1.07))[account.mood])), 1)
            self.book.add(Measure(client=account.client, name="Active users", month=month, value=value))

    def audit(self, account: Account, verb: str = "added") -> None:
        """The first line of a client's history, as if it had been written then."""
        actor = self.member_of(account)
        self.book.add(
            AuditEntry(
                at=self.calendar.moment((account.since - self.calendar.today).days, 9),
                actor=actor,
                actor_name=str(actor),
                verb=verb,
                model="clients.client",
                object_id=account.client.pk,
                object_name=account.client.name,
                client_id=account.client.pk,
                after={"name": account.client.name, "tier": account.client.tier},
            )
        )
