"""Who works in the demo's firms."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from accounts.choices import Role
from accounts.models import Membership, User
from interactions.demo.book import Book
from interactions.demo.time import Calendar
from managers.models import Absence, AccountManager, ReportingLine, Team


@dataclass(frozen=True)
class Person:
    """``key`` is the local part of the address; ``above`` is the key of whom they report to."""

    key: str
    name: str
    role: Role
    title: str = ""
    above: str = ""
    team: str = ""
    city: str = ""
    looks_after_clients: bool = True
    languages: str = "ar, en"
    hourly_cost: int = 18_000


NAHDA = (
    Person("admin", "Mona Saleh", Role.ADMIN, "Operations", looks_after_clients=False),
    Person("viewer", "Adel Khoury", Role.VIEWER, "Finance controller", looks_after_clients=False),
    Person(
        "noura", "Noura Al-Harbi", Role.LEAD, "Vice president of account management", city="Riyadh", hourly_cost=42_000
    ),
    Person(
        "omar", "Omar Haddad", Role.LEAD, "Director, central region", "noura", "Central", "Riyadh", hourly_cost=32_000
    ),
    Person(
        "salma", "سلمى جابر", Role.LEAD, "Director, key accounts", "noura", "Key accounts", "Jeddah", hourly_cost=32_000
    ),
    Person("layla", "Layla Mansour", Role.MANAGER, "Senior account manager", "omar", "Central", "Riyadh"),
    Person("karim", "كريم نصّار", Role.MANAGER, "Account manager", "omar", "Central", "Riyadh"),
    Person("yousef", "Yousef Barakat", Role.MANAGER, "Account manager", "omar", "Central", "Dammam"),
    Person(
        "hind",
        "هند العتيبي",
        Role.MANAGER,
        "Key account manager",
        "salma",
        "Key accounts",
        "Jeddah",
        hourly_cost=24_000,
    ),
    Person("rania", "Rania Fathy", Role.MANAGER, "Account manager", "salma", "Key accounts", "Cairo"),
    Person("tariq", "Tariq Shaheen", Role.MANAGER, "Account manager", "salma", "Key accounts", "Amman"),
    Person("sami", "Sami Awad", Role.ASSOCIATE, "Account associate", "layla", "Central", "Riyadh", hourly_cost=9_000),
    Person("faris", "فارس رحّال", Role.ASSOCIATE, "Account associate", "karim", "Central", "Riyadh", hourly_cost=9_000),
    Person(
        "dina", "Dina Kanaan", Role.ASSOCIATE, "Account assistant", "hind", "Key accounts", "Jeddah", hourly_cost=9_000
    ),
)
ORCHID = (
    Person("dana", "Dana Weber", Role.ADMIN, "Head of accounts", city="Berlin", languages="de, en"),
    Person("jonas", "Jonas Lind", Role.MANAGER, "Account manager", "dana", "Europe", "Berlin", languages="de, en"),
)


def users_for(people: tuple[Person, ...], domain: str, password: str) -> dict[str, User]:
    """The people's users by key, with a confirmed address and one password; those that exist keep theirs."""
    emails = {f"{person.key}@{domain}": person for person in people}
    known = set(User.objects.filter(email__in=emails).values_list("email", flat=True))
    # Hashing is slow on purpose; in the demo everybody has the same password anyway.
    hashed = make_password(password)
    fresh = [
        User(email=email, name=person.name, password=hashed) for email, person in emails.items() if email not in known
    ]
    User.objects.bulk_create(fresh)
    users = {user.email: user for user in User.objects.filter(email__in=emails)}
    confirmed = set(EmailAddress.objects.filter(email__in=emails).values_list("email", flat=True))
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=email, verified=True, primary=True)
        for email, user in users.items()
        if email not in confirmed
    )
    return {person.key: users[email] for email, person in emails.items()}


def members_for(people: tuple[Person, ...], users: dict[str, User]) -> dict[str, Membership]:
    present = {member.user_id: member for member in Membership.objects.all()}
    Membership.objects.bulk_create(
        Membership(user=users[person.key], role=person.role, title=person.title)
        for person in people
        if users[person.key].pk not in present
    )
    by_user = {member.user_id: member for member in Membership.objects.select_related("user")}
    return {person.key: by_user[users[person.key].pk] for person in people}


def managers_for(
    people: tuple[Person, ...], members: dict[str, Membership], calendar: Calendar, book: Book
) -> dict[str, AccountManager]:
    """Profiles, teams and reporting lines of those who look after clients."""
    teams = {name: book.add(Team(name=name)) for name in sorted({person.team for person in people if person.team})}
    managers: dict[str, AccountManager] = {}
    for person in people:
        if not person.looks_after_clients:
            continue
        manager = AccountManager(
            member=members[person.key],
            name=person.name,
            email=members[person.key].user.email,
            title=person.title,
            team=teams.get(person.team),
            city=person.city,
            languages=person.languages,
            hourly_cost_minor=person.hourly_cost,
            reports_to=managers.get(person.above),
        )
        managers[person.key] = book.add(manager)
        book.add(ReportingLine(manager=manager, reports_to=manager.reports_to, from_on=calendar.day(-900)))
    return managers


def plan_absences(managers: dict[str, AccountManager], calendar: Calendar, book: Book) -> None:
    """Tariq is away this week and Rania covers; Layla's leave lies ahead."""
    for absent, cover, first, last, reason in (
        ("tariq", "rania", -3, 4, "Annual leave"),
        ("layla", "yousef", 40, 50, "Annual leave"),
    ):
        book.add(
            Absence(
                manager=managers[absent],
                substitute=managers[cover],
                from_on=calendar.day(first),
                until_on=calendar.day(last),
                reason=reason,
            )
        )
