"""Tasks and reminders on their pages."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.choices import Role
from accounts.models import OrganizationSettings
from accounts.tenancy.context import tenant
from accounts.wording import in_days
from interactions import services
from interactions.models import Reminder, Task
from tests.factories.interactions import ReminderFactory, TaskFactory
from tests.pages import statements_of, text_of, undo_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(organization, member, nile):
    with tenant(organization.pk):
        return TaskFactory(client=nile, title="Call Mona", assignee=member)


def stored(task):
    with tenant(task.organization_id):
        return Task.objects.select_related("assignee__user").get(pk=task.pk)


def tasks_of(page, nile):
    return f"{page.url('client', nile.pk)}?tab=tasks"


def soon():
    return f"{timezone.now() + timedelta(days=2):%Y-%m-%dT%H:%M}"


def test_a_task_is_added_with_a_reminder_for_whoever_adds_it(page, organization, member, cast, nile):
    url = f"{page.url('interactions:task-add')}?client={nile.pk}"
    data = {
        "title": "Prepare the review",
        "client": nile.pk,
        "assignee": cast[Role.LEAD].pk,
        "due_on": "2026-05-04",
        "priority": "high",
        "remind_at": soon(),
    }

    assert f'value="{nile.pk}" selected' in page.get(url).content.decode()
    response = page.post(url, data)

    assert response["Location"] == tasks_of(page, nile)
    with tenant(organization.pk):
        task = Task.objects.get()
        assert (task.title, task.assignee, task.priority) == ("Prepare the review", cast[Role.LEAD], "high")
        assert Reminder.objects.get().member == member


def test_a_reminder_in_the_past_adds_nothing(page, organization):
    data = {"title": "x", "priority": "normal", "remind_at": "2020-01-01T10:00"}

    response = page.post(page.url("interactions:task-add"), data)

    assert response.status_code == 422
    assert "This moment has passed" in text_of(response)
    with tenant(organization.pk):
        assert not Task.objects.exists()


def test_a_task_without_a_client_goes_back_to_the_list(page, organization):
    response = page.post(page.url("interactions:task-add"), {"title": "Tidy up", "priority": "normal"}, follow=True)

    assert response.redirect_chain == [(page.url("interactions:task-list"), 302)]


def test_a_task_is_done_with_undo_and_dropped(page, nile, task):
    done = page.post(page.url("interactions:task-complete", task.pk), {"version": task.version}, follow=True)

    assert done.redirect_chain == [(tasks_of(page, nile), 302)]
    assert stored(task).status == "done"
    undo_of(done)
    assert stored(task).status == "open"
    dropped = page.post(page.url("interactions:task-drop", task.pk), follow=True)
    assert stored(task).status == "dropped"
    undo_of(dropped)
    assert stored(task).status == "open"


def test_what_is_done_already_is_said(page, task):
    page.post(page.url("interactions:task-complete", task.pk))

    again = page.post(page.url("interactions:task-complete", task.pk), follow=True)

    assert "closed already" in text_of(again)


def test_a_button_drawn_before_somebody_elses_change_does_nothing(page, task):
    page.post(page.url("interactions:task-drop", task.pk))
    page.post(page.url("interactions:task-reopen", task.pk))

    stale = page.post(page.url("interactions:task-complete", task.pk), {"version": task.version}, follow=True)

    assert "Somebody else changed" in text_of(stale)
    assert stored(task).status == "open"


def test_completing_goes_where_next_says(page, task):
    response = page.post(page.url("interactions:task-complete", task.pk), {"next": page.url("my-day")})

    assert response["Location"] == page.url("my-day")


def test_a_task_is_changed_and_two_people_see_both_sides(page, cast, nile, task):
    url = page.url("interactions:task-change", task.pk)
    data = {"version": 1, "title": "Call Omar", "client": nile.pk, "assignee": cast[Role.LEAD].pk, "priority": "low"}

    assert page.get(url).status_code == 200
    assert page.post(url, data).status_code == 302
    assert (stored(task).title, stored(task).assignee) == ("Call Omar", cast[Role.LEAD])
    late = page.post(url, {**data, "title": "Call Sami", "assignee": cast[Role.ADMIN].pk})

    said = text_of(late)
    assert late.status_code == 409
    assert "Call Omar" in said
    assert "Call Sami" in said
    assert str(cast[Role.LEAD]) in said
    assert stored(task).title == "Call Omar"


def test_reminders_are_set_snoozed_and_dismissed(page, organization, member, nile, task):
    response = page.post(page.url("interactions:reminder-add", task.pk), {"due_at": soon(), "channel": "in_app"})

    assert response["Location"] == tasks_of(page, nile)
    with tenant(organization.pk):
        reminder = Reminder.objects.get()
    assert (reminder.member_id, reminder.channel) == (member.pk, "in_app")
    shown = page.get(page.url("interactions:task-change", task.pk)).content.decode()
    assert page.url("interactions:reminder-snooze", reminder.pk) in shown

    page.post(page.url("interactions:reminder-snooze", reminder.pk), {"for": "24"})
    with tenant(organization.pk):
        reminder.refresh_from_db()
        assert reminder.due_at == reminder.snoozed_until
        assert timedelta(hours=23) < reminder.due_at - timezone.now() <= timedelta(hours=24)
    page.post(page.url("interactions:reminder-dismiss", reminder.pk))
    with tenant(organization.pk):
        reminder.refresh_from_db()
        assert reminder.seen_at is not None


def test_a_closed_task_takes_no_reminder(page, task):
    page.post(page.url("interactions:task-complete", task.pk))

    response = page.post(page.url("interactions:reminder-add", task.pk), {"due_at": soon(), "channel": "both"})

    assert response.status_code == 422
    assert "nothing to be reminded of" in text_of(response)


def test_somebody_elses_reminder_is_not_found(page, cast, organization, task):
    with tenant(organization.pk):
        theirs = ReminderFactory(task=task, member=cast[Role.LEAD])

    for verb in ("snooze", "dismiss"):
        assert page.post(page.url(f"interactions:reminder-{verb}", theirs.pk)).status_code == 404


def test_the_list_is_ones_own_open_tasks_by_day(page, organization, member, cast, nile):
    today = timezone.localdate()
    with tenant(organization.pk):
        for title, days in (("Late", -3), ("Now", 0), ("Soon", 5), ("Far", 30)):
            TaskFactory(title=title, client=nile, assignee=member, due_on=today + timedelta(days=days))
        TaskFactory(title="Undated", client=None, assignee=member)
        TaskFactory(title="Omar’s", client=nile, assignee=cast[Role.LEAD])
        TaskFactory(title="Over", client=nile, assignee=member, status="done", done_at=timezone.now())
        TaskFactory(title="Archived", client=nile, assignee=member, archived_at=timezone.now())
    url = page.url("interactions:task-list")

    def titles(query=""):
        response = page.get(f"{url}{query}")
        return [task.title for _, tasks in response.context["buckets"] for task in tasks]

    buckets = [(str(label), [task.title for task in tasks]) for label, tasks in page.get(url).context["buckets"]]
    assert buckets[0] == ("Overdue", ["Late"])
    assert buckets[-1] == ("No due date", ["Undated"])
    assert titles() == ["Late", "Now", "Soon", "Far", "Undated"]
    assert "Omar’s" in titles("?whose=all")
    assert titles("?status=done") == ["Over"]
    assert titles("?due=overdue") == ["Late"]
    assert titles(f"?assignee={cast[Role.LEAD].pk}") == ["Omar’s"]
    assert titles("?q=undated") == ["Undated"]
    assert titles("?status=nonsense") == []
    assert "No task fits" in text_of(page.get(f"{url}?q=zzz"))
    everybodys = page.get(f"{url}?whose=all").content.decode()
    assert 'name="whose" value="all"' in everybodys
    assert f'name="next" value="{url}?whose=all"' in everybodys


def test_an_empty_list_invites_to_add_one(page, cast):
    assert "Nothing to do" in text_of(page.get(page.url("interactions:task-list")))
    page.login_as(cast[Role.VIEWER])
    assert page.url("interactions:task-add") not in page.get(page.url("interactions:task-list")).content.decode()


def test_the_list_costs_the_same_for_one_and_for_three(page, organization, member, cast, nile):
    page.login_as(cast[Role.MANAGER])
    costs = []
    for count in (1, 2):
        with tenant(organization.pk):
            for _ in range(count):
                task = TaskFactory(client=nile, assignee=cast[Role.MANAGER], due_on=timezone.localdate())
                ReminderFactory(task=task, member=cast[Role.MANAGER])
        costs.append(len(statements_of(page, page.url("interactions:task-list"))))

    assert costs[0] == costs[1] <= 12


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.ADMIN, 302), (Role.LEAD, 404), (Role.MANAGER, 302), (Role.ASSOCIATE, 404), (Role.VIEWER, 403)],
)
def test_each_role_may_complete_what_it_sees(page, cast, task, role, status):
    page.login_as(cast[role])

    assert page.post(page.url("interactions:task-complete", task.pk)).status_code == status
    assert (stored(task).status == "done") == (status == 302)


def test_buttons_are_pressed_not_visited(page, task):
    for name in ("complete", "reopen", "drop"):
        assert page.get(page.url(f"interactions:task-{name}", task.pk)).status_code == 405


def repeating(**answers):
    return {"title": "Call", "priority": "normal", "due_on": "2026-11-23", **answers}


@pytest.mark.parametrize(
    ("answers", "rule"),
    [
        ({"repeats": "daily", "repeat_every": "3", "working_days": "only"}, "FREQ=DAILY;INTERVAL=3"),
        (
            {"repeats": "weekly", "repeat_every": "2", "repeat_weekdays": ["SU", "TU"]},
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU",
        ),
        ({"repeats": "weekly"}, "FREQ=WEEKLY;BYDAY=MO"),
        ({"repeats": "monthly", "repeat_by": "day", "repeat_day": "-1"}, "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ({"repeats": "monthly", "repeat_by": "weekday", "repeat_nth": "-1"}, "FREQ=MONTHLY;BYDAY=-1MO"),
        (
            {"repeats": "yearly", "repeat_month": "2", "repeat_day": "29", "repeat_ends": "after", "repeat_times": "٥"},
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1;COUNT=5",
        ),
        (
            {"repeats": "daily", "repeat_ends": "on", "repeat_until": "2026-12-24"},
            "FREQ=DAILY;UNTIL=20261224",
        ),
        # What the chosen rhythm does not ask for is not taken.
        ({"repeats": "daily", "repeat_weekdays": ["SU"], "repeat_day": "3", "repeat_until": ""}, "FREQ=DAILY"),
        ({"repeats": "", "repeat_every": "2", "working_days": "next"}, ""),
    ],
)
def test_how_a_task_repeats_is_asked_in_a_few_choices(page, organization, answers, rule):
    response = page.post(page.url("interactions:task-add"), repeating(**answers))

    assert response.status_code == 302, text_of(response)
    with tenant(organization.pk):
        assert Task.objects.get().recurrence == rule


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"repeats": "daily", "due_on": ""}, "Say when it is due first"),
        ({"repeats": "daily", "repeat_ends": "on"}, "Choose the last day."),
        ({"repeats": "daily", "repeat_ends": "after"}, "Say after how many times."),
        ({"repeats": "weekly", "working_days": "only"}, "Working days are counted in daily rules"),
        ({"repeats": "daily", "repeat_ends": "on", "repeat_until": "2026-11-01"}, "end before it is due first"),
        ({"repeats": "yearly", "repeat_month": "2", "repeat_day": "30"}, "This month has no such day."),
    ],
)
def test_what_is_missing_is_said_on_the_form_and_in_the_preview(page, organization, answers, sentence):
    response = page.post(page.url("interactions:task-add"), repeating(**answers))
    assert (response.status_code, sentence in text_of(response)) == (422, True), text_of(response)
    fragment = page.post(page.url("interactions:task-repeat-preview"), repeating(**answers))
    assert (fragment.status_code, sentence in text_of(fragment)) == (200, True), text_of(fragment)
    with tenant(organization.pk):
        assert not Task.objects.exists()


def test_the_next_days_are_shown_before_saving_with_and_without_script(page, organization):
    answers = repeating(repeats="weekly", repeat_every="2", repeat_weekdays=["MO", "TH"])
    shown = "Mon 23 Nov 2026. Then: Thu 26 Nov 2026 · Mon 7 Dec 2026 · Thu 10 Dec 2026"

    fragment = page.post(page.url("interactions:task-repeat-preview"), answers)
    whole = page.post(page.url("interactions:task-add"), {**answers, "preview": "1"})

    for answer in (fragment, whole):
        assert answer.status_code == 200
        assert shown in text_of(answer)
        assert "Every 2 weeks on Monday and Thursday" in text_of(answer)
    assert "None follows." in text_of(
        page.post(
            page.url("interactions:task-repeat-preview"),
            repeating(repeats="daily", repeat_ends="after", repeat_times="1"),
        )
    )
    assert text_of(page.post(page.url("interactions:task-repeat-preview"), {})) == ""
    with tenant(organization.pk):
        assert not Task.objects.exists()


def test_weeks_on_the_form_are_the_organizations(page, organization):
    with tenant(organization.pk):
        OrganizationSettings.objects.update(weekend_days=[4, 5])
    content = page.get(page.url("interactions:task-add")).content.decode()
    assert content.index('value="SU"') < content.index('value="MO"') < content.index('value="SA"')
    page.post(page.url("interactions:task-add"), repeating(repeats="weekly", repeat_every="2", repeat_weekdays=["TU"]))
    with tenant(organization.pk):
        assert Task.objects.get().recurrence == "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;WKST=SU"


def test_a_repeating_task_comes_back_as_it_was_asked(page, organization, member):
    with tenant(organization.pk):
        task = services.add_task(
            actor=member,
            title="Call",
            due_on=date(2026, 11, 26),
            recurrence="FREQ=MONTHLY;INTERVAL=2;BYDAY=4TH;COUNT=6",
            working_days="previous",
        )
    url = page.url("interactions:task-change", task.pk)
    content = page.get(url).content.decode()
    for chosen in ("monthly", "4", "TH", "previous"):
        assert f'<option value="{chosen}" selected>' in content
    unchanged = {"repeats": "monthly", "repeat_every": "2", "repeat_by": "weekday", "repeat_nth": "4"}
    unchanged |= {"repeat_weekday": "TH", "repeat_ends": "after", "repeat_times": "6", "working_days": "previous"}
    unchanged |= {"assignee": member.pk, "priority": "normal"}
    page.post(url, {**unchanged, "title": "Visit", "due_on": "2026-11-27", "applies_to": "this"})

    changed = stored(task)
    assert (changed.title, changed.due_on, changed.occurrence_on) == ("Visit", date(2026, 11, 27), date(2026, 11, 26))
    assert (changed.recurrence, changed.series_fields) == (task.recurrence, {"title": "Call"})

    page.post(url, {**repeating(repeats="", applies_to="series"), "title": "Visit"})
    assert stored(task).recurrence == ""


def test_completing_and_skipping_say_when_the_next_is_due(page, organization, member):
    with tenant(organization.pk):
        today = timezone.localdate()
        late = services.add_task(
            actor=member, title="Call", due_on=today - timedelta(days=15), recurrence="FREQ=DAILY;INTERVAL=7"
        )
    listed = text_of(page.get(page.url("interactions:task-list")))
    assert "Every 7 days" in listed

    done = page.post(page.url("interactions:task-complete", late.pk), follow=True)
    assert "2 that had passed were left out." in text_of(done)
    with tenant(organization.pk):
        following = Task.objects.open().get()
    assert following.due_on == today + timedelta(days=6)

    skipped = page.post(page.url("interactions:task-drop", following.pk), follow=True)
    assert f"Dropped. The next one is due on {in_days(today + timedelta(days=13))}." in text_of(skipped)
    with tenant(organization.pk):
        last = Task.objects.open().get()
    content = text_of(page.get(page.url("interactions:task-change", last.pk)))
    assert "Skip this one" in content
    page.post(page.url("interactions:task-drop", last.pk), {"series": "1"})
    with tenant(organization.pk):
        assert not Task.objects.open().exists()
