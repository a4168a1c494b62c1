"""The demo organizations: complete, repeatable, and never in production."""

from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Membership, Organization
from accounts.tenancy.context import tenant
from clients.choices import OpportunityStage
from clients.models import Client, Contact, LifecyclePeriod, Opportunity, StagePeriod
from clients.services import rollups as client_rollups
from interactions.demo import build
from interactions.models import Concern, Interaction, Notification, Reminder, Score, Survey, SurveyInvitation, Task
from interactions.services import rebuild_rollups, why_not

MOMENTS = [
    (Interaction, "happened_at"),
    (Score, "at"),
    (SurveyInvitation, "answered_at"),
    (Concern, "opened_at"),
    (Concern, "resolved_at"),
    (Notification, "created_at"),
    (Opportunity, "closed_at"),
    (StagePeriod, "from_at"),
    (Task, "done_at"),
]

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo():
    build.build_demo("rafiq-demo")
    organization = Organization.objects.get(slug="demo")
    with tenant(organization.pk), timezone.override("Asia/Riyadh"):
        yield organization


@pytest.fixture
def layla(demo):
    return Membership.objects.get(user__email="layla@demo.example")


def test_demo_has_a_believable_firm_that_can_sign_in(demo):
    assert 135 <= Client.objects.count() <= 145
    assert Client.objects.unassigned().count() == 5
    assert Interaction.objects.count() > 1500
    assert Client.objects.filter(language="ar").count() > 40
    assert Client.objects.at_risk().count() in range(20, 70)

    users = [member.user for member in Membership.objects.select_related("user")]

    assert {user.email.partition("@")[0] for user in users} >= {"layla", "omar", "noura", "admin", "sami", "viewer"}
    assert all(user.check_password("rafiq-demo") and user.language == "" for user in users)
    assert all(user.emailaddress_set.filter(verified=True, primary=True).exists() for user in users)


def test_the_stories_are_there_and_layla_has_a_full_day(demo, layla):
    now = timezone.now()
    silent = Client.objects.get(search_text__contains="rawabi foods")
    notice = Client.objects.get(search_text__contains="marjan hotels")
    detractor = Client.objects.get(search_text__contains="sidra medical")

    assert silent.tier == "strategic"
    assert (now - silent.last_contact_at).days >= 95
    assert (notice.notice_on - timezone.localdate()).days == 4
    assert (detractor.last_nps, detractor.last_nps_on) == (3, timezone.localdate())
    assert Contact.objects.filter(role="champion", left_on__isnull=False).exists()
    assert Client.objects.filter(critical_concerns__gt=0).exists()
    counts = {
        name: Client.objects.filter(main_manager__member__user__email=f"{name}@demo.example").count()
        for name in ("karim", "yousef", "hind")
    }
    assert counts == {"karim": 60, "yousef": 3, "hind": 6}

    today = timezone.localdate()
    tasks = Task.objects.visible_to(layla).assigned_to(layla).current()

    assert {
        bucket: tasks.in_bucket(bucket, today).count() > 0 for bucket in ("overdue", "today", "week", "later", "none")
    } == {"overdue": True, "today": True, "week": True, "later": True, "none": True}
    stages = set(Opportunity.objects.visible_to(layla).values_list("stage", flat=True))
    assert stages == set(OpportunityStage.values)
    survey = Survey.objects.get(kind="nps")
    contacts = Contact.objects.visible_to(layla).reachable().select_related("client")
    assert sum(why_not(survey, contact) == "" for contact in contacts) > 10
    assert tasks.open().filter(source="detractor").count() == 1
    assert Notification.objects.visible_to(layla).unread().count() == 2
    assert Reminder.objects.pending().filter(member=layla, kind="task").count() == 2
    told = set(Reminder.objects.told().filter(member=layla).values_list("kind", flat=True))
    assert {"task_due", "opportunity_overdue", "silence"} <= told
    everybodys = set(Reminder.objects.live().values_list("kind", flat=True))
    assert everybodys == {
        "task",
        "task_due",
        "notice_deadline",
        "contract_end",
        "opportunity_overdue",
        "silence",
        "anniversary",
    }


def test_stored_figures_agree_with_the_facts(demo):
    before = list(Client.objects.order_by("pk").values())
    periods = LifecyclePeriod.objects.count()

    rebuild_rollups()

    assert list(Client.objects.order_by("pk").values()) == before
    assert LifecyclePeriod.objects.count() == periods
    assert client_rollups.rebuild() == 0
    assert Score.objects.filter(at__gt=timezone.now()).count() == 0
    assert Interaction.objects.filter(happened_at__gt=timezone.now()).count() == 0


@pytest.mark.parametrize("hour", [0, 23])
def test_nothing_has_happened_tomorrow_whatever_the_hour_and_the_day(db, hour):
    # A Friday: the weekend in Riyadh.
    with time_machine.travel(f"2026-12-04T{hour:02}:10+03:00", tick=False):
        build.build_demo("rafiq-demo")
        now = timezone.now()
        with tenant(Organization.objects.get(slug="demo").pk):
            for model, moment in MOMENTS:
                assert not model.objects.filter(**{f"{moment}__gt": now}).exists(), (model, moment)


def test_demo_command_is_harmless_to_repeat_and_resets(db):
    call_command("demo", stdout=StringIO())
    with tenant(Organization.objects.get(slug="demo").pk):
        first = set(Client.objects.values_list("pk", flat=True))
    out = StringIO()
    call_command("demo", stdout=out)
    with tenant(Organization.objects.get(slug="demo").pk):
        assert set(Client.objects.values_list("pk", flat=True)) == first
    assert "is there already" in out.getvalue()

    call_command("demo", "--reset", stdout=StringIO())

    with tenant(Organization.objects.get(slug="demo").pk):
        second = set(Client.objects.values_list("pk", flat=True))
    assert len(second) == len(first)
    assert not second & first


def test_demo_is_refused_in_production(settings):
    settings.RAFIQ_ENV = "production"

    with pytest.raises(CommandError, match="refused in production"):
        call_command("demo")
