"""Clients of the demo: their people, contracts and account teams."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product
from random import Random

from accounts.choices import Language
from clients.choices import AssignmentRole, BillingPeriod, ChurnReason, ContactRole, Influence, Stance, Tier
from clients.lifecycle import Line, standing_of
from clients.models import (
    Assignment,
    ChurnEvent,
    Client,
    ClientTag,
    Contact,
    Contract,
    ContractLine,
    LifecyclePeriod,
    Product,
    Tag,
)
from interactions.demo import names, words
from interactions.demo.book import Book
from interactions.demo.time import Calendar
from managers.models import AccountManager

# MRR of a client by tier, in whole units of the currency, and how many people one knows there.
MRR = {Tier.STRATEGIC: (28_000, 85_000), Tier.CORE: (4_500, 17_000), Tier.SCALE: (500, 2_600)}
PEOPLE = {Tier.STRATEGIC: (4, 5), Tier.CORE: (2, 4), Tier.SCALE: (1, 2)}
CONTACT_ROLES = (
    ContactRole.DECISION_MAKER,
    ContactRole.CHAMPION,
    ContactRole.FINANCE,
    ContactRole.USER,
    ContactRole.TECHNICAL,
)


@dataclass
class Account:
    """A client and what the rest of the demo needs to know of it; ``mood`` is 0 sour, 1 content, 2 glad."""

    client: Client
    manager: AccountManager | None
    mood: int
    contacts: list[Contact] = field(default_factory=list)
    contracts: list[Contract] = field(default_factory=list)
    lines: list[ContractLine] = field(default_factory=list)
    left_on: date | None = None

    @property
    def since(self) -> date:
        assert self.client.since is not None
        return self.client.since

    @property
    def is_arabic(self) -> bool:
        return self.client.language == Language.ARABIC

    def say(self, pair: tuple[str, str]) -> str:
        """An (English, Arabic) pair in the client's language."""
        return pair[1] if self.is_arabic else pair[0]

    @property
    def mrr_minor(self) -> int:
        return sum(line.mrr_minor for line in self.lines if line.ends_on is None)


class PortfolioMaker:
    def __init__(self, book: Book, calendar: Calendar, rng: Random, *, currency: str, is_arabic: bool = True) -> None:
        self.book, self.calendar, self.rng = book, calendar, rng
        self.currency, self.is_arabic = currency, is_arabic
        self.products = [
            book.add(Product(name=name, code=code, description=description, list_price_minor=price, currency=currency))
            for name, code, description, price in words.PRODUCTS
        ]
        self.tags = [book.add(Tag(name=name)) for name in words.TAGS]
        combinations = list(product(names.COMPANIES, names.TRADES))
        rng.shuffle(combinations)
        self._names = iter(combinations)
        self._taken: set[tuple[str, str]] = set()

    def make(
        self,
        *,
        tier: str,
        manager: AccountManager | None,
        name: tuple[str, str] | None = None,
        years: float | None = None,
        mood: int | None = None,
    ) -> Account:
        """One client with contacts, contract, lines and its main manager. ``name``: company and trade in Latin."""
        company, trade = self._name(name)
        rng = self.rng
        latin, arabic = f"{company[0]} {trade[0]}", f"{company[1]} {trade[1]}"
        is_arabic = self.is_arabic and rng.random() < 0.5
        country, zone, prefix, _weight = rng.choices(names.COUNTRIES, [row[3] for row in names.COUNTRIES])[0]
        # One in fourteen has just come and is still being set up.
        years = years or (rng.uniform(0.05, 0.2) if rng.random() < 0.07 else rng.uniform(0.6, 3.4))
        since = self.calendar.day(-int(years * 365))
        client = Client(
            name=arabic if is_arabic else latin,
            name_other=latin if is_arabic else (arabic if self.is_arabic and rng.random() < 0.6 else ""),
            tier=tier,
            segment=rng.choice(("Mid-market", "Enterprise", "Small business")),
            industry=trade[2],
            country=country,
            time_zone=zone,
            language=Language.ARABIC if is_arabic else Language.ENGLISH,
            since=since,
            currency=self.currency,
            acquisition_cost_minor=rng.randrange(200, 4000) * 1000,
            website=f"https://{_slug(latin)}.example",
            main_manager=manager,
        )
        account = Account(
            self.book.add(client), manager, mood if mood is not None else rng.choices((0, 1, 2), (1, 3, 5))[0]
        )
        self._add_contacts(account, _slug(latin), prefix)
        self._add_contract(account, since)
        if manager is not None:
            from_on = max(since, self.calendar.day(-rng.randint(120, 700)))
            self.book.add(Assignment(client=client, manager=manager, role=AssignmentRole.MAIN, from_on=from_on))
        if rng.random() < 0.3:
            self.book.add(ClientTag(client=client, tag=rng.choice(self.tags)))
        return account

    def join(self, account: Account, manager: AccountManager, role: str) -> None:
        """Put somebody else on the account team."""
        from_on = max(account.since, self.calendar.day(-self.rng.randint(30, 300)))
        self.book.add(Assignment(client=account.client, manager=manager, role=role, share=30, from_on=from_on))

    def churn(self, account: Account, days_ago: int, *, came_back_days_ago: int | None = None) -> None:
        """Let a client have left, and perhaps have come back."""
        account.left_on = day = self.calendar.day(-days_ago)
        reason, english, arabic = self.rng.choice(words.CHURN)
        for contract in account.contracts:
            contract.ends_on = day
        for line in account.lines:
            line.ends_on = max(line.starts_on, day)
        self.book.add(ChurnEvent(client=account.client, on=day, reason=reason, feedback=account.say((english, arabic))))
        if came_back_days_ago is not None:
            account.left_on = None
            back = self.calendar.day(-came_back_days_ago)
            self.book.add(ChurnEvent(client=account.client, on=back, reason=ChurnReason.OTHER, is_reactivation=True))
            self._add_contract(account, back)

    def write_lifecycles(self, accounts: list[Account]) -> None:
        """From/to rows that a firm which had used the product all along would have."""
        for account in accounts:
            ends = {contract.pk: contract for contract in account.contracts}
            lines = [
                Line(
                    line.starts_on,
                    line.ends_on,
                    line.mrr_minor,
                    self.currency,
                    ends[line.contract_id].ends_on,
                    ends[line.contract_id].notice_days,
                )
                for line in account.lines
            ]
            self._write_lifecycle(account.client, account.since, lines)

    def _write_lifecycle(self, client: Client, since: date, lines: list[Line]) -> None:
        day: date = since
        period: LifecyclePeriod | None = None
        while day <= self.calendar.today:
            standing = standing_of(lines, day)
            if period is None or standing.lifecycle != period.lifecycle:
                from_on = day if period is None else max(period.from_on, min(standing.since or day, day))
                if period is not None:
                    period.until_on = from_on
                period = self.book.add(LifecyclePeriod(client=client, lifecycle=standing.lifecycle, from_on=from_on))
            if day == self.calendar.today:
                break
            day = min(day + timedelta(days=7), self.calendar.today)

    def _name(self, wanted: tuple[str, str] | None) -> tuple[tuple[str, str], tuple[str, str, str]]:
        if wanted is not None:
            self._taken.add(wanted)
            company = next(pair for pair in names.COMPANIES if pair[0] == wanted[0])
            return company, next(row for row in names.TRADES if row[0] == wanted[1])
        return next((company, trade) for company, trade in self._names if (company[0], trade[0]) not in self._taken)

    def _add_contacts(self, account: Account, domain: str, prefix: str) -> None:
        rng, seen = self.rng, set()
        for number in range(rng.randint(*PEOPLE[Tier(account.client.tier)])):
            first, family = rng.choice(rng.choice((names.MEN, names.WOMEN))), rng.choice(names.FAMILIES)
            latin, arabic = f"{first[0]} {family[0]}", f"{first[1]} {family[1]}"
            if latin in seen:
                continue
            seen.add(latin)
            account.contacts.append(
                self.book.add(
                    Contact(
                        client=account.client,
                        name=arabic if account.is_arabic else latin,
                        name_other=latin if account.is_arabic else (arabic if self.is_arabic else ""),
                        email=f"{_slug(first[0])}.{_slug(family[0])}@{domain}.example",
                        phone=f"{prefix}{rng.randint(0, 9)} {rng.randint(100, 999)} {rng.randint(1000, 9999)}",
                        language=account.client.language,
                        role=CONTACT_ROLES[number % len(CONTACT_ROLES)],
                        influence=(Influence.HIGH, Influence.HIGH, Influence.MEDIUM, Influence.LOW, Influence.MEDIUM)[
                            number
                        ],
                        stance=rng.choice(list(Stance)),
                        is_primary=number == 0,
                        survey_consent=number == 0 or rng.random() < 0.88,
                        reports_to=account.contacts[0] if account.contacts else None,
                    )
                )
            )

    def _add_contract(self, account: Account, starts_on: date) -> None:
        """A yearly contract that runs to its next anniversary, with one to four lines."""
        rng, client = self.rng, account.client
        contract = self.book.add(
            Contract(
                client=client,
                number=f"NC-{starts_on:%y}-{rng.randint(1000, 9999)}",
                name=account.say(("Service agreement", "اتفاقية خدمات")) + f" {starts_on.year}",
                starts_on=starts_on,
                ends_on=_next_anniversary(starts_on, self.calendar.today),
                notice_days=rng.choice((30, 30, 30, 60)),
                auto_renew=rng.random() < 0.5,
                billing_period=rng.choice(list(BillingPeriod)),
                currency=self.currency,
            )
        )
        account.contracts.append(contract)
        low, high = MRR[Tier(client.tier)]
        total = rng.randint(low, high)
        chosen = rng.sample(self.products, {Tier.STRATEGIC: 4, Tier.CORE: rng.randint(2, 3)}.get(Tier(client.tier), 1))
        shares = [rng.uniform(0.5, 1.5) for _product in chosen]
        for position, (item, share) in enumerate(zip(chosen, shares, strict=True)):
            later = starts_on + timedelta(days=rng.randint(60, 500))
            is_expansion = position > 0 and rng.random() < 0.4 and later < self.calendar.today
            line = ContractLine(
                contract=contract,
                client=client,
                product=item,
                quantity=rng.randint(1, 40),
                mrr_minor=round(total * share / sum(shares) / 10) * 1000,
                starts_on=later if is_expansion else starts_on,
            )
            ended = self.calendar.day(-rng.randint(20, 320))
            if position == 2 and ended > line.starts_on and rng.random() < 0.35:
                line.ends_on = ended
            account.lines.append(self.book.add(line))


def _next_anniversary(starts_on: date, today: date) -> date:
    years = today.year - starts_on.year
    for ahead in (years, years + 1):
        day = date(starts_on.year + ahead, starts_on.month, min(starts_on.day, 28))
        if day > today:
            return day
    raise AssertionError("the anniversary after next year's lies behind us")


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
