"""Building the demo organizations, each in one transaction: there, or not there."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

from django.db import connection
from django.db.models import F, Model
from django.utils import timezone

from accounts.calendar import working_calendar
from accounts.dispatch.models import Message
from accounts.models import ExternalId, Holiday, Membership, Organization, OrganizationSettings, User
from accounts.services import found_organization
from accounts.tenancy.context import tenant
from clients.choices import AssignmentRole, Tier
from clients.models import Client
from interactions.choices import ConcernState, Severity
from interactions.demo import people, words
from interactions.demo.book import ORDER, Book
from interactions.demo.campaigns import CampaignMaker
from interactions.demo.history import STAGES, HistoryMaker
from interactions.demo.portfolio import Account, PortfolioMaker
from interactions.demo.reminders import remind
from interactions.demo.satisfaction import SurveyMaker
from interactions.demo.stories import Stories
from interactions.demo.time import Calendar
from interactions.models import SurveyInvitation
from interactions.services import answer_survey, rebuild_rollups
from managers.models import AccountManager

SEED = 1446
DEMO, OTHER = "demo", "other"

# Whose clients, of which tier and how many, beside those with a story.
# Karim drowns, Yousef waits, Hind has few and large ones.
SHARES = (
    ("karim", Tier.SCALE, 60),
    ("hind", Tier.STRATEGIC, 6),
    ("yousef", Tier.CORE, 3),
    ("layla", Tier.CORE, 11),
    ("layla", Tier.SCALE, 5),
    ("rania", Tier.CORE, 13),
    ("rania", Tier.SCALE, 8),
    ("tariq", Tier.CORE, 12),
    ("tariq", Tier.SCALE, 9),
    ("", Tier.CORE, 2),
    ("", Tier.SCALE, 3),
)
FORGOTTEN = {"karim": 0.4, "layla": 0.1, "rania": 0.15, "tariq": 0.2, "hind": 0.0, "yousef": 0.0, "": 0.6}


def is_built(slug: str) -> bool:
    organization = Organization.objects.filter(slug=slug).first()
    if organization is None:
        return False
    with tenant(organization.pk):
        return Client.objects.exists()


def build_demo(password: str) -> int:
    """The firm at ``/o/demo/``; answers how many clients it has."""
    users = people.users_for(people.NAHDA, "demo.example", password)
    with _organization(
        DEMO, "Nahda Cloud · سحابة نهضة", users["admin"], currency="SAR", zone="Asia/Riyadh"
    ) as calendar:
        members = people.members_for(people.NAHDA, users)
        book = Book()
        managers = people.managers_for(people.NAHDA, members, calendar, book)
        people.plan_absences(managers, calendar, book)
        portfolio = PortfolioMaker(book, calendar, calendar.rng, currency="SAR")
        history = HistoryMaker(book, calendar, calendar.rng, fallback=members["omar"], products=portfolio.products)
        surveys = SurveyMaker(book, calendar, calendar.rng, history)
        surveys.campaigns = CampaignMaker(book, calendar, surveys.surveys, members["admin"])
        stories = Stories(portfolio, history, surveys, managers, members)
        told = stories.plant()
        layla = [account for account in told if account.manager is managers["layla"]]
        others = _fill(SHARES, portfolio, history, surveys, managers)
        layla += [account for account in others if account.manager is managers["layla"]]
        _join_associates(portfolio, others, managers)
        _let_some_leave(portfolio, others)
        for account in others:
            _live(account, portfolio, history, members)
        stories.fill_day(layla)
        portfolio.write_lifecycles(told + others)
        _finish(book)
        if stories.fresh_answer is not None:
            answer_survey(invitation=stories.fresh_answer, value=3, comment=_complaint(stories.fresh_answer))
        remind(working_calendar())
        return Client.objects.count()


def build_other(password: str) -> int:
    """The firm at ``/o/other/``: small, elsewhere, and to be seen by nobody of the first."""
    users = people.users_for(people.ORCHID, "other.example", password)
    with _organization(
        OTHER, "Orchid Partners", users["dana"], currency="EUR", zone="Europe/Berlin", weekend=[5, 6]
    ) as calendar:
        members = people.members_for(people.ORCHID, users)
        book = Book()
        managers = people.managers_for(people.ORCHID, members, calendar, book)
        portfolio = PortfolioMaker(book, calendar, calendar.rng, currency="EUR", is_arabic=False)
        history = HistoryMaker(book, calendar, calendar.rng, fallback=members["dana"], products=portfolio.products)
        surveys = SurveyMaker(book, calendar, calendar.rng, history)
        shares = (("dana", Tier.CORE, 4), ("jonas", Tier.CORE, 5), ("jonas", Tier.SCALE, 5))
        accounts = _fill(shares, portfolio, history, surveys, managers)
        for account in accounts:
            _live(account, portfolio, history, members)
        portfolio.write_lifecycles(accounts)
        _finish(book)
        remind(working_calendar())
        return Client.objects.count()


def clear(slug: str) -> None:
    """Take an organization's business out again. People stay, and so does the audit trail: nobody may delete it."""
    organization = Organization.objects.filter(slug=slug).first()
    if organization is None:
        return
    with tenant(organization.pk), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        doomed: list[type[Model]] = [model for model in reversed(ORDER) if not getattr(model, "APPEND_ONLY", False)]
        extra: tuple[type[Model], ...] = (Message, ExternalId, Holiday)
        for model in (*doomed, *extra):
            rows = model._default_manager.all()
            rows._raw_delete(rows.db)


@contextmanager
def _organization(
    slug: str, name: str, founder: User, *, currency: str, zone: str, weekend: list[int] | None = None
) -> Iterator[Calendar]:
    """Inside the organization, found when it is new, with its own idea of today."""
    organization = Organization.objects.filter(slug=slug).first()
    if organization is None:
        found_organization(user=founder, name=name, slug=slug, language="en", time_zone=zone, currency=currency)
        organization = Organization.objects.get(slug=slug)
    with tenant(organization.pk):
        settings = OrganizationSettings.objects.get()
        if weekend is not None:
            settings.weekend_days = weekend
            settings.save(update_fields=["weekend_days"])
        with timezone.override(zone):
            calendar = Calendar(working_calendar(settings), Random(f"{SEED}:{slug}"))
            Holiday.objects.get_or_create(
                on=calendar.today.replace(month=9, day=23), defaults={"name": "National Day · اليوم الوطني"}
            )
            yield calendar


def _fill(
    shares: tuple[tuple[str, str, int], ...],
    portfolio: PortfolioMaker,
    history: HistoryMaker,
    surveys: SurveyMaker,
    managers: dict[str, AccountManager],
) -> list[Account]:
    accounts = []
    for key, tier, number in shares:
        for _number in range(number):
            account = portfolio.make(tier=tier, manager=managers.get(key))
            history.audit(account)
            surveys.ask(account)
            accounts.append(account)
    return accounts


def _join_associates(portfolio: PortfolioMaker, accounts: list[Account], managers: dict[str, AccountManager]) -> None:
    for helper, manager, every in (("sami", "layla", 2), ("faris", "karim", 3), ("dina", "hind", 1)):
        mine = [account for account in accounts if account.manager is managers[manager]]
        for account in mine[::every]:
            portfolio.join(account, managers[helper], AssignmentRole.ASSOCIATE)
    for account in [account for account in accounts if account.manager is managers["hind"]][:3]:
        portfolio.join(account, managers["yousef"], AssignmentRole.SPECIALIST)


def _let_some_leave(portfolio: PortfolioMaker, accounts: list[Account]) -> None:
    """Nine lost clients, two of whom came back."""
    old = [account for account in accounts if (portfolio.calendar.today - account.since).days > 500]
    leaving = portfolio.rng.sample(old, 11)
    for account in leaving[:9]:
        portfolio.churn(account, portfolio.rng.randint(15, 390))
    for account in leaving[9:]:
        portfolio.churn(account, portfolio.rng.randint(240, 380), came_back_days_ago=portfolio.rng.randint(30, 120))


def _live(account: Account, portfolio: PortfolioMaker, history: HistoryMaker, members: dict[str, Membership]) -> None:
    """Eighteen months of one client."""
    rng = portfolio.rng
    key = next((key for key, member in members.items() if account.manager and account.manager.member == member), "")
    history.live(
        account,
        is_forgotten=rng.random() < FORGOTTEN.get(key, 0.1),
        associate=members.get("sami") if key == "layla" else None,
    )
    history.usage(account)
    age = (portfolio.calendar.today - account.since).days
    if rng.random() < 0.3:
        state = rng.choice((ConcernState.RESOLVED,) * 4 + (ConcernState.LOST,))
        history.concern(
            account,
            rng.choice(words.CONCERNS),
            opened=-min(rng.randint(20, 400), age),
            state=state,
            days=rng.randint(2, 25),
        )
    if account.left_on is not None:
        return
    if rng.random() < 0.09:
        severity = Severity.CRITICAL if rng.random() < 0.25 else ""
        state = rng.choice((ConcernState.OPEN, ConcernState.PLAN, ConcernState.WORKING))
        history.concern(
            account,
            rng.choice(words.CONCERNS),
            opened=-min(rng.randint(1, 16), age),
            state=state,
            severity=severity,
            days=1,
        )
    if rng.random() < 0.25:
        opened = -rng.randint(5, 120)
        history.opportunity(account, rng.choice(STAGES), opened=opened, closes=rng.randint(-6, 110))
    for _number in range(rng.choice((0, 0, 1, 1, 2))):
        closed = -rng.randint(3, 400)
        if closed - 90 < -age:
            continue
        history.opportunity(
            account, rng.choice(("won", "won", "lost")), opened=closed - rng.randint(20, 90), closes=closed
        )
    if rng.random() < 0.22:
        history.task(account, words.TASKS, due=portfolio.calendar.day(rng.randint(-4, 14)))


def _finish(book: Book) -> None:
    book.write()
    # The moment of making is not the moment of asking.
    SurveyInvitation.objects.filter(sent_at__isnull=False).update(created_at=F("sent_at"))
    rebuild_rollups()


def _complaint(invitation: SurveyInvitation) -> str:
    english = "We waited four days for an answer and then got a price increase."
    arabic = "انتظرنا الرد أربعة أيام، ثم وصلتنا زيادة في السعر."
    return arabic if invitation.language == "ar" else english
