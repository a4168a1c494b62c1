from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError

from accounts.choices import Role
from accounts.exceptions import StaleVersion
from accounts.models import AuditEntry
from managers import services
from managers.choices import AbsenceState
from managers.exceptions import AbsenceOverlaps, AlreadyManager, ManagerHasLeft, ReportingCycle, TeamInUse
from managers.models import Absence, AccountManager, ReportingLine
from managers.queries.reporting import portfolio_ids
from managers.signals import manager_leaving
from tests.factories.accounts import MembershipFactory
from tests.factories.managers import AbsenceFactory, AccountManagerFactory, SigningManagerFactory, TeamFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside")]
TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-03-02 09:00+00:00", tick=False) as traveller:
        yield traveller


def test_appoint_manager_takes_the_members_name_and_address(member):
    colleague = MembershipFactory(user__name="Layla", user__email="layla@example.com")

    manager = services.appoint_manager(actor=member, member=colleague, city="Cairo")

    assert (manager.name, manager.email, manager.city, manager.member) == (
        "Layla",
        "layla@example.com",
        "Cairo",
        colleague,
    )
    assert AuditEntry.objects.get(object_id=manager.pk).verb == "appointed"


def test_appoint_manager_needs_a_name_when_there_is_no_member(member):
    with pytest.raises(ValidationError) as refused:
        services.appoint_manager(actor=member)

    assert "name" in refused.value.error_dict


def test_appoint_manager_refuses_a_second_profile(member):
    manager = SigningManagerFactory()

    with pytest.raises(AlreadyManager, match="Change that profile instead"):
        services.appoint_manager(actor=member, member=manager.member)


def test_appoint_manager_gives_a_member_who_left_the_old_profile_back(member):
    manager = SigningManagerFactory()
    services.remove_manager(actor=member, manager=manager)

    again = services.appoint_manager(actor=member, member=manager.member, name="Back")

    assert (again.pk, again.name, again.left_on, again.archived_at) == (manager.pk, "Back", None, None)


def test_change_manager_refuses_an_old_version(member):
    manager = AccountManagerFactory()
    services.change_manager(actor=member, manager=manager, version=1, title="Senior")

    with pytest.raises(StaleVersion):
        services.change_manager(actor=member, manager=manager, version=1, title="Junior")


def test_change_manager_keeps_the_history_of_the_reporting_line(member):
    superior, manager = AccountManagerFactory(), AccountManagerFactory()

    changed = services.change_manager(actor=member, manager=manager, version=1, reports_to=superior, title="Senior")

    assert (changed.reports_to, changed.title) == (superior, "Senior")
    assert ReportingLine.objects.get(manager=manager).reports_to == superior


def test_move_to_team_is_audited(member):
    manager, team = AccountManagerFactory(), TeamFactory(name="North")

    assert services.move_to_team(actor=member, manager=manager, team=team).team == team
    assert AuditEntry.objects.get(object_id=manager.pk).verb == "moved"


def test_set_reports_to_refuses_a_cycle_at_any_depth(member):
    top = AccountManagerFactory(name="Top")
    middle = AccountManagerFactory(name="Middle", reports_to=top)
    bottom = AccountManagerFactory(name="Bottom", reports_to=middle)

    with pytest.raises(ReportingCycle, match="Move Bottom first"):
        services.set_reports_to(actor=member, manager=top, reports_to=bottom)
    with pytest.raises(ReportingCycle):
        services.set_reports_to(actor=member, manager=top, reports_to=top)


def test_set_reports_to_refuses_somebody_who_left(member):
    gone = AccountManagerFactory(left_on=TODAY)

    with pytest.raises(ManagerHasLeft):
        services.set_reports_to(actor=member, manager=AccountManagerFactory(), reports_to=gone)


def test_set_reports_to_keeps_rows_from_and_to(member, today):
    first, second = AccountManagerFactory(), AccountManagerFactory()
    manager = services.appoint_manager(actor=member, name="Layla", reports_to=first)
    today.move_to("2026-04-01 09:00+00:00")

    services.set_reports_to(actor=member, manager=manager, reports_to=second)

    rows = ReportingLine.objects.filter(manager=manager).order_by("from_on")
    assert [(row.reports_to, row.from_on, row.until_on) for row in rows] == [
        (first, TODAY, date(2026, 4, 1)),
        (second, date(2026, 4, 1), None),
    ]
    assert ReportingLine.objects.on(date(2026, 3, 31)).get(manager=manager).reports_to == first
    assert ReportingLine.objects.on(date(2026, 4, 1)).get(manager=manager).reports_to == second


def test_set_reports_to_twice_on_a_day_leaves_one_row(member):
    manager = services.appoint_manager(actor=member, name="Layla", reports_to=AccountManagerFactory())
    last = AccountManagerFactory()

    services.set_reports_to(actor=member, manager=manager, reports_to=last)
    services.set_reports_to(actor=member, manager=manager, reports_to=last)

    assert ReportingLine.objects.get(manager=manager).reports_to == last


def test_remove_manager_moves_reports_up_and_frees_absences(member):
    top = AccountManagerFactory()
    manager = AccountManagerFactory(reports_to=top)
    report = AccountManagerFactory(reports_to=manager)
    AbsenceFactory(manager=report, substitute=manager)
    past = AbsenceFactory(manager=manager, from_on=TODAY - timedelta(9), until_on=TODAY - timedelta(3))

    gone = services.remove_manager(actor=member, manager=manager)

    report.refresh_from_db()
    assert (gone.left_on, gone.is_archived, gone.reports_to, report.reports_to) == (TODAY, True, None, top)
    assert [absence.pk for absence in Absence.objects.filter(archived_at=None)] == [past.pk]
    assert gone not in AccountManager.objects.active()
    with pytest.raises(ManagerHasLeft, match="still in service"):
        services.remove_manager(actor=member, manager=gone)


def test_remove_manager_is_undone_when_somebody_refuses(member):
    manager = AccountManagerFactory()

    def refuse(sender, **kwargs):
        raise ManagerHasLeft("Not yet.")

    manager_leaving.connect(refuse)
    try:
        with pytest.raises(ManagerHasLeft, match="Not yet"):
            services.remove_manager(actor=member, manager=manager)
    finally:
        manager_leaving.disconnect(refuse)

    manager.refresh_from_db()
    assert manager.left_on is None


def test_team_is_named_once_changed_and_archived_when_empty(member):
    team = services.add_team(actor=member, name="North")
    manager = AccountManagerFactory(team=team)

    with pytest.raises(ValidationError, match="already"):
        services.add_team(actor=member, name="North")
    with pytest.raises(TeamInUse, match="1 manager still belongs"):
        services.archive_team(actor=member, team=team)

    services.move_to_team(actor=member, manager=manager, team=None)
    team = services.change_team(actor=member, team=team, name="South", version=1)
    archived = services.archive_team(actor=member, team=team)
    assert archived.is_archived
    assert not services.restore_team(actor=member, team=archived).is_archived


def test_plan_absence_refuses_what_leaves_clients_with_nobody(member):
    manager, substitute, third = (AccountManagerFactory(name=name) for name in ("Layla", "Omar", "Huda"))
    days = {"from_on": TODAY, "until_on": TODAY + timedelta(5)}
    services.plan_absence(actor=member, manager=manager, substitute=substitute, **days)

    with pytest.raises(AbsenceOverlaps, match="Layla is away from .* already"):
        services.plan_absence(actor=member, manager=manager, substitute=third, **days)
    with pytest.raises(AbsenceOverlaps, match="Choose another substitute"):
        services.plan_absence(actor=member, manager=third, substitute=manager, **days)
    with pytest.raises(ValidationError, match="Nobody covers for themselves"):
        services.plan_absence(actor=member, manager=third, substitute=third, **days)
    with pytest.raises(ValidationError, match="before the first"):
        services.plan_absence(
            actor=member, manager=third, substitute=substitute, from_on=TODAY, until_on=TODAY - timedelta(1)
        )
    with pytest.raises(ManagerHasLeft):
        services.plan_absence(actor=member, manager=third, substitute=AccountManagerFactory(left_on=TODAY), **days)


def test_absence_state_follows_from_the_days():
    absence = AbsenceFactory(from_on=TODAY, until_on=TODAY + timedelta(1))

    states = [absence.state(TODAY + timedelta(days)) for days in (-1, 0, 1, 2)]

    assert states == [AbsenceState.PLANNED, AbsenceState.ACTIVE, AbsenceState.ACTIVE, AbsenceState.ENDED]


def test_end_absence_is_yesterday_or_cancels_what_has_not_begun(member):
    running = AbsenceFactory(from_on=TODAY - timedelta(3), until_on=TODAY + timedelta(3))
    planned = AbsenceFactory(from_on=TODAY + timedelta(3), until_on=TODAY + timedelta(5))

    assert services.end_absence(actor=member, absence=running).until_on == TODAY - timedelta(1)
    assert services.end_absence(actor=member, absence=planned).is_archived


def test_change_absence_checks_again(member):
    absence = AbsenceFactory(from_on=TODAY, until_on=TODAY + timedelta(1))
    AbsenceFactory(manager=absence.manager, from_on=TODAY + timedelta(5), until_on=TODAY + timedelta(6))

    longer = services.change_absence(actor=member, absence=absence, version=1, until_on=TODAY + timedelta(4))
    assert longer.until_on == TODAY + timedelta(4)
    with pytest.raises(AbsenceOverlaps):
        services.change_absence(actor=member, absence=longer, until_on=TODAY + timedelta(5))


def test_moving_people_refreshes_what_the_actor_sees():
    lead = SigningManagerFactory(member__role=Role.LEAD)
    newcomer = AccountManagerFactory()
    assert portfolio_ids(lead.member) == (lead.pk,)

    services.set_reports_to(actor=lead.member, manager=newcomer, reports_to=lead)

    assert set(portfolio_ids(lead.member)) == {lead.pk, newcomer.pk}


def test_names_are_found_however_they_are_spelled():
    AccountManagerFactory(name="أحمد الصالح")

    assert AccountManager.objects.get().search_text == "احمد الصالح"
