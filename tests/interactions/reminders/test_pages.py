"""The list of one's reminders, what one chooses, and what the organization says."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.choices import Role
from accounts.models import Holiday, OrganizationSettings
from accounts.tenancy.context import tenant
from interactions import services
from interactions.models import DeliveryChoice, Reminder, ReminderChoice, ReminderRule
from tests.factories.clients import ContractFactory
from tests.factories.interactions import ReminderFactory, TaskFactory
from tests.pages import statements_of, text_of

pytestmark = pytest.mark.django_db


def soon(**delta):
    return timezone.now() + timedelta(**delta)


@pytest.fixture
def ended(organization, member, nile):
    """A contract's end that was told."""
    with tenant(organization.pk):
        contract = ContractFactory(client=nile, name="Master agreement")
        return told(member, nile, contract)


def told(member, client, contract, **fields):
    return Reminder.objects.create(
        kind="contract_end",
        key=f"contract_end:{contract.pk}",
        member=member,
        client=client,
        subject_id=contract.pk,
        title=contract.name,
        url_path=f"/clients/contracts/{contract.pk}/",
        about_on=timezone.localdate() + timedelta(days=3),
        **{"due_at": soon(minutes=-5), "queued_at": soon(minutes=-5), **fields},
    )


def stored(row):
    with tenant(row.organization_id):
        return type(row).objects.get(pk=row.pk)


def test_the_list_shows_what_is_due_put_off_and_to_come(page, organization, member, nile, ended):
    with tenant(organization.pk):
        told(member, nile, ContractFactory(client=nile, name="Later"), queued_at=None, due_at=soon(days=3))
        told(
            member,
            nile,
            ContractFactory(client=nile, name="Put off"),
            queued_at=None,
            due_at=soon(days=1),
            snoozed_until=soon(days=1),
        )
    url = page.url("interactions:reminder-list")

    due, upcoming, snoozed = (text_of(page.get(f"{url}?state={state}")) for state in ("due", "upcoming", "snoozed"))

    assert "The term of the contract “\u2068Master agreement\u2069” ends on" in due
    assert "Nile Foods" in due
    assert "Later" not in due
    assert "Later" in upcoming
    assert "Put off" in snoozed
    assert "Nothing is waiting" in text_of(page.get(f"{url}?state=due&kind=silence")) or "No reminder fits" in text_of(
        page.get(f"{url}?kind=silence")
    )
    assert "None yet" in text_of(page.get(f"{url}?state=done"))


def test_nothing_due_says_what_will_come(page):
    assert "appear here by themselves" in text_of(page.get(page.url("interactions:reminder-list")))


def test_the_list_is_reached_from_the_bell(page):
    assert (
        page.url("interactions:reminder-list") in page.get(page.url("interactions:notification-list")).content.decode()
    )


def test_a_reminder_is_done_snoozed_and_dismissed_from_the_list(page, organization, member, nile, ended):
    home = page.url("interactions:reminder-list")
    with tenant(organization.pk):
        others = [told(member, nile, ContractFactory(client=nile)) for _number in range(2)]

    done = page.post(page.url("interactions:reminder-done", ended.pk), {"version": ended.version}, follow=True)
    page.post(page.url("interactions:reminder-snooze", others[0].pk), {"for": "24", "next": f"{home}?state=due"})
    page.post(page.url("interactions:reminder-dismiss", others[1].pk))

    assert done.redirect_chain == [(home, 302)]
    assert stored(ended).done_at is not None
    assert stored(others[0]).snoozed_until > soon(hours=23)
    assert stored(others[1]).seen_at is not None
    assert "Master agreement" in text_of(page.get(f"{home}?state=done"))


def test_done_of_a_task_completes_it_and_offers_to_take_it_back(page, organization, member, nile):
    with tenant(organization.pk):
        task = TaskFactory(client=nile, assignee=member)
        row = ReminderFactory(task=task, member=member, queued_at=timezone.now())

    answer = page.post(page.url("interactions:reminder-done", row.pk), follow=True)

    assert page.url("interactions:task-reopen", task.pk) in answer.content.decode()
    assert stored(task).status == "done"


def test_somebody_elses_reminder_is_not_found(page, cast, ended):
    page.login_as(cast[Role.MANAGER])

    for verb in ("done", "snooze", "dismiss"):
        assert page.post(page.url(f"interactions:reminder-{verb}", ended.pk)).status_code == 404
    assert "Master agreement" not in text_of(page.get(page.url("interactions:reminder-list")))


def test_the_list_costs_the_same_for_more_rows(page, organization, member, nile):
    costs = []
    for count in (1, 3):
        with tenant(organization.pk):
            for _number in range(count):
                told(member, nile, ContractFactory(client=nile))
                ReminderFactory(task__client=nile, member=member, queued_at=timezone.now())
        costs.append(len(statements_of(page, page.url("interactions:reminder-list"))))

    assert costs[0] == costs[1]


def test_an_admin_says_when_a_kind_comes(page, organization):
    text = text_of(page.get(page.url("interactions:reminder-rules")))
    assert "Notice deadlines" in text
    assert "10, 3, 0" in text
    with tenant(organization.pk):
        rule = ReminderRule.objects.get(kind="notice_deadline")
    url = page.url("interactions:reminder-rule-change", rule.pk)

    said = {"version": rule.version, "is_on": "on", "lead_days": "٢٠، 5", "channel": "in_app"}
    assert page.post(url, said).status_code == 302
    assert (stored(rule).lead_days, stored(rule).channel, stored(rule).is_urgent) == ([20, 5], "in_app", False)
    for wrong, sentence in (("soon", "whole numbers"), ("999", "between 0 and 250"), ("1,2,3,4,5,6", "at most 5")):
        refused = page.post(url, said | {"version": 2, "lead_days": wrong})
        assert refused.status_code == 422
        assert sentence in text_of(refused)
    assert page.post(url, said | {"lead_days": "7"}).status_code == 409


def test_only_an_admin_may(page, organization, cast):
    with tenant(organization.pk):
        rule = services.rule_of("notice_deadline")
    page.login_as(cast[Role.MANAGER])

    assert "only an admin can change" in text_of(page.get(page.url("interactions:reminder-rules")))
    assert page.post(page.url("interactions:reminder-rule-change", rule.pk), {"is_on": "on"}).status_code == 403


def test_a_member_chooses_kinds_and_times(page, organization, cast):
    manager = cast[Role.MANAGER]
    page.login_as(manager)
    url = page.url("interactions:reminder-choices")
    assert "As the organization: In Rafiq and by e-mail" in text_of(page.get(url))
    said = {
        "is_digest_on": "on",
        "digest_at": "09:30",
        "time_zone": "Africa/Cairo",
        "quiet_from": "18:00",
        "quiet_until": "07:00",
        "silence": "off",
        "anniversary": "email",
        "task_due": "",
    }

    assert page.post(url, said).status_code == 302

    with tenant(organization.pk):
        times = DeliveryChoice.objects.get(member=manager)
        assert (f"{times.digest_at:%H:%M}", times.time_zone, times.is_quiet_on_weekends) == (
            "09:30",
            "Africa/Cairo",
            False,
        )
        kinds = {row.kind: (row.is_on, row.channel) for row in ReminderChoice.objects.filter(member=manager)}
        assert kinds == {"silence": (False, ""), "anniversary": (True, "email")}
    page.post(url, said | {"silence": "", "quiet_until": "07:30"})
    with tenant(organization.pk):
        assert ReminderChoice.objects.get(member=manager, kind="silence").is_on
    refused = page.post(url, said | {"quiet_until": ""})
    assert refused.status_code == 422
    assert "Give both the beginning and the end" in text_of(refused)


def test_a_kind_that_is_off_is_not_offered(page, organization):
    with tenant(organization.pk):
        services.rule_of("silence")
        ReminderRule.objects.filter(kind="silence").update(is_on=False)

    assert "Clients without contact" not in text_of(page.get(page.url("interactions:reminder-choices")))


def test_a_holiday_that_keeps_its_date_is_entered_for_five_years(page, organization):
    url = page.url("accounts:holiday-list")

    page.post(url, {"on": "2028-02-29", "name": "Leap day", "every_year": "on"})
    page.post(url, {"on": "2027-09-23", "name": "National day", "every_year": "on"})

    with tenant(organization.pk):
        named = Holiday.objects.filter(name="National day").order_by("on").values_list("on", flat=True)
        assert [day.isoformat() for day in named] == [f"{year}-09-23" for year in range(2027, 2032)]
        leap = Holiday.objects.filter(name="Leap day").order_by("on").values_list("on", flat=True)
        assert [day.isoformat() for day in leap] == ["2028-02-29", "2032-02-29"]


def test_the_organization_says_whether_urgent_ones_may_come_at_night(page, organization):
    with tenant(organization.pk):
        settings = OrganizationSettings.objects.get()
    said = {
        "version": settings.version,
        "name": "House",
        "language": "en",
        "time_zone": "UTC",
        "currency": "USD",
        "fiscal_year_start": 1,
        "weekend_days": ["4", "5"],
        "quiet_from": "20:00",
        "quiet_until": "08:00",
        "is_urgent_exempt": "on",
        "brand_hue": settings.brand_hue,
    }

    assert page.post(page.url("accounts:organization"), said).status_code == 302
    assert stored(settings).is_urgent_exempt
