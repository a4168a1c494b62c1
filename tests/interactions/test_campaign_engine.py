"""A campaign from start to end: whom it asks, and what pausing, resuming and stopping leave behind."""

import threading
from datetime import time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.dispatch.choices import MessageStatus
from accounts.dispatch.models import Message
from accounts.dispatch.suppression import suppress
from accounts.models import AuditEntry, OrganizationSettings
from accounts.tenancy.context import tenant
from clients.models import Contact
from interactions import services
from interactions.campaign_outbox import render_survey_reminder
from interactions.campaigns import asking, turning
from interactions.campaigns.clock import read_clock
from interactions.campaigns.progress import progress_of
from interactions.campaigns.reminding import remind
from interactions.campaigns.turning import run_campaigns
from interactions.exceptions import CampaignClosed, SurveyRefused
from interactions.models import Campaign, SurveyInvitation
from interactions.outbox import render_survey
from interactions.services.surveys import expire_invitations, record_survey_mailed
from tests.factories.clients import ClientFactory, ContactFactory
from tests.factories.interactions import SurveyFactory, SurveyInvitationFactory


@pytest.fixture
def always_open(inside):
    """No quiet hours and no days off, so that tests know when a mail is due."""
    OrganizationSettings.objects.update(quiet_from=time(0), quiet_until=time(0), weekend_days=[])


@pytest.fixture
def survey(inside):
    return SurveyFactory()


@pytest.fixture
def people(inside):
    client = ClientFactory(lifecycle="active")
    return [ContactFactory(client=client, email=f"c{n}@client.example") for n in range(5)]


@pytest.fixture
def start(member, survey, always_open, people):
    def run(**fields):
        campaign = services.add_campaign(actor=member, name="Spring", survey=survey, **fields)
        return services.start_campaign(actor=member, campaign=campaign)

    return run


def statuses(campaign):
    return sorted(SurveyInvitation.objects.filter(campaign=campaign).values_list("status", flat=True))


def messages(status=None):
    rows = Message.objects.filter(kind__in=["survey", "survey_reminder"])
    return rows.filter(status=status) if status else rows


def mail(invitation):
    """What a worker does with the invitation's message."""
    Message.objects.filter(send_key=invitation.send_key).update(status="sent", sent_at=timezone.now())
    record_survey_mailed(Message.objects.get(send_key=invitation.send_key))


def test_each_contact_gets_one_invitation_and_one_message(start, people, member):
    campaign = start()

    assert run_campaigns() == 5

    invitations = SurveyInvitation.objects.filter(campaign=campaign)
    assert {row.contact_id for row in invitations} == {contact.pk for contact in people}
    assert {row.send_key for row in invitations} == set(messages("pending").values_list("send_key", flat=True))
    assert {row.sent_by_id for row in invitations} == {member.pk}
    assert set(Contact.objects.values_list("last_surveyed_on", flat=True)) == {read_clock().today}
    assert run_campaigns() == 0
    assert messages().count() == 5


def test_a_campaign_goes_on_where_the_last_step_ended(start, monkeypatch):
    monkeypatch.setattr(asking, "BATCH", 2)
    start()

    assert [run_campaigns() for _turn in range(4)] == [2, 2, 1, 0]


def test_a_step_costs_the_same_statements_for_one_and_for_many(start, people, monkeypatch):
    monkeypatch.setattr(asking, "BATCH", 1)
    start()
    with CaptureQueriesContext(connection) as one:
        assert run_campaigns() == 1
    monkeypatch.setattr(asking, "BATCH", 500)
    with CaptureQueriesContext(connection) as many:
        assert run_campaigns() == 4
    assert len(one) == len(many)


def test_who_was_asked_meanwhile_is_left_alone(start, people, member):
    start()
    services.send_survey(actor=member, survey=SurveyFactory(), contact=people[0])

    assert run_campaigns() == 4


def test_a_suppressed_address_is_not_asked(start, people):
    suppress(address=people[0].email, reason="manual")
    start()
    assert run_campaigns() == 4


def test_a_mail_is_due_in_the_morning_of_its_reader(start, people):
    OrganizationSettings.objects.update(quiet_from=time(20), quiet_until=time(8), time_zone="UTC")
    people[0].client.time_zone = "Asia/Tokyo"
    people[0].client.save()
    with time_machine.travel("2026-11-23T21:00:00Z", tick=False):
        start()
        run_campaigns()
    # In Tokyo it was six in the morning.
    assert {row.due_at.isoformat() for row in messages()} == {"2026-11-23T23:00:00+00:00"}


def test_a_pause_takes_everything_that_waits_out_of_the_queue(start, member):
    campaign = start()
    run_campaigns()
    sent, leased, at_the_server, *_rest = SurveyInvitation.objects.filter(campaign=campaign).order_by("pk")
    mail(sent)
    Message.objects.filter(send_key=leased.send_key).update(status="leased")
    Message.objects.filter(send_key=at_the_server.send_key).update(status="sending")

    campaign = services.pause_campaign(actor=member, campaign=campaign)

    assert messages("cancelled").count() == 3
    assert messages("sending").count() == messages("sent").count() == 1
    assert statuses(campaign) == ["queued"] * 4 + ["sent"]
    assert run_campaigns() == 0


def test_resuming_queues_exactly_what_was_held_back(start, member):
    campaign = start()
    run_campaigns()
    unsubscribed = SurveyInvitation.objects.filter(campaign=campaign).select_related("contact").first()
    campaign = services.pause_campaign(actor=member, campaign=campaign)
    services.unsubscribe(contact=unsubscribed.contact)
    SurveyInvitation.objects.filter(pk=unsubscribed.pk).update(status="suppressed")

    campaign = services.resume_campaign(actor=member, campaign=campaign)

    assert campaign.is_running
    assert messages("pending").count() == 4
    assert messages("cancelled").get().send_key == unsubscribed.send_key
    assert services.resume_campaign(actor=member, campaign=campaign).version == campaign.version


def test_resuming_at_night_waits_for_the_morning(start, member):
    OrganizationSettings.objects.update(quiet_from=time(20), quiet_until=time(8), time_zone="UTC")
    with time_machine.travel("2026-11-23T15:00:00Z", tick=False):
        campaign = start()
        run_campaigns()
        campaign = services.pause_campaign(actor=member, campaign=campaign)
    with time_machine.travel("2026-11-23T22:00:00Z", tick=False):
        services.resume_campaign(actor=member, campaign=campaign)
    assert {row.next_attempt_at.isoformat() for row in messages("pending")} == {"2026-11-24T08:00:00+00:00"}


def test_a_message_that_comes_back_during_a_pause_is_not_sent_but_not_lost(start, member):
    campaign = start()
    run_campaigns()
    invitation = SurveyInvitation.objects.filter(campaign=campaign).first()
    message = Message.objects.get(send_key=invitation.send_key)
    Message.objects.filter(pk=message.pk).update(status="sending")
    campaign = services.pause_campaign(actor=member, campaign=campaign)

    assert render_survey(message) is None
    Message.objects.filter(pk=message.pk).update(status="cancelled")
    invitation.refresh_from_db()
    assert invitation.status == "queued"

    services.resume_campaign(actor=member, campaign=campaign)
    assert messages("pending").count() == 5
    assert render_survey(message) is not None


def test_stopping_cancels_what_waits_and_gives_the_rest_period_back(start, member, people):
    before = read_clock().today - timedelta(days=200)
    Contact.objects.filter(pk=people[0].pk).update(last_surveyed_on=before)
    SurveyInvitationFactory(contact=people[0], client=people[0].client, asked_on=before, status="expired")
    campaign = start()
    run_campaigns()
    sent = SurveyInvitation.objects.get(campaign=campaign, contact=people[1])
    mail(sent)
    at_the_server = SurveyInvitation.objects.get(campaign=campaign, contact=people[2])
    Message.objects.filter(send_key=at_the_server.send_key).update(status="sending")

    campaign = services.stop_campaign(actor=member, campaign=campaign)

    assert statuses(campaign) == ["cancelled"] * 3 + ["queued", "sent"]
    assert messages("cancelled").count() == 3
    today = read_clock().today
    assert [Contact.objects.get(pk=each.pk).last_surveyed_on for each in people] == [before, today, today, None, None]
    assert render_survey(Message.objects.get(send_key=at_the_server.send_key)) is None
    at_the_server.refresh_from_db()
    assert at_the_server.status == "cancelled"
    with pytest.raises(CampaignClosed):
        services.resume_campaign(actor=member, campaign=campaign)


def test_a_paused_campaign_can_be_stopped(start, member):
    campaign = start()
    run_campaigns()
    campaign = services.pause_campaign(actor=member, campaign=campaign)
    campaign = services.stop_campaign(actor=member, campaign=campaign)
    assert statuses(campaign) == ["cancelled"] * 5
    # Whoever was not asked after all can be asked by the next campaign, the same day.
    start()
    assert run_campaigns() == 5


def test_a_campaign_ends_when_nobody_can_answer_any_more(start):
    campaign = start(expires_after_days=3)
    run_campaigns()
    for invitation in SurveyInvitation.objects.filter(campaign=campaign):
        mail(invitation)
    services.answer_survey(invitation=SurveyInvitation.objects.filter(campaign=campaign).first(), value=9)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        run_campaigns()
        assert Campaign.objects.get().is_running
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        expire_invitations()
        run_campaigns()
        campaign.refresh_from_db()
    assert campaign.status == "finished"
    assert campaign.finished_at
    progress = progress_of([campaign])[campaign.pk]
    assert (progress.sent, progress.answered, progress.expired, progress.queued) == (5, 1, 4, 0)
    assert (progress.response_rate, progress.percent) == (0.2, 100)
    verbs = AuditEntry.objects.filter(object_id=campaign.pk).order_by("pk").values_list("verb", flat=True)
    assert sorted(verbs) == ["added", "finished", "started"]


def test_a_campaign_waits_for_its_moment(start):
    start(starts_at=timezone.now() + timedelta(hours=2))
    assert run_campaigns() == 0
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        assert run_campaigns() == 5


def test_returned_mail_pauses_every_campaign(start, monkeypatch, member):
    campaign = start()
    run_campaigns()
    monkeypatch.setattr(turning, "brake", lambda: "bounces")
    run_campaigns()
    campaign.refresh_from_db()
    assert (campaign.status, campaign.pause_reason) == ("paused", "bounces")
    assert messages("pending").count() == 0
    monkeypatch.undo()
    assert services.resume_campaign(actor=member, campaign=campaign).pause_reason == ""
    assert messages("pending").count() == 5


def test_one_campaigns_failure_is_its_own(start, monkeypatch, caplog):
    bad, good = start(), start(rest_days=0)
    step = turning.ask_next

    def stumble(campaign, clock):
        if campaign.pk == bad.pk:
            raise ValueError("x")
        return step(campaign, clock)

    monkeypatch.setattr(turning, "ask_next", stumble)
    assert run_campaigns() == 5
    assert "could not be taken further" in caplog.text
    assert SurveyInvitation.objects.filter(campaign=good).count() == 5


def test_a_survey_stays_in_use_while_a_campaign_sends_it(start, member):
    campaign = start()
    for refused in (
        lambda: services.archive_survey(actor=member, survey=campaign.survey),
        lambda: services.change_survey(actor=member, survey=campaign.survey, is_active=False),
    ):
        with pytest.raises(SurveyRefused, match="Stop the campaign first"):
            refused()
    services.stop_campaign(actor=member, campaign=campaign)
    assert services.archive_survey(actor=member, survey=campaign.survey).is_archived


def test_two_clocks_ask_each_contact_once(transactional_db, organization, member):
    with tenant(organization.pk):
        OrganizationSettings.objects.update(quiet_from=time(0), quiet_until=time(0), weekend_days=[])
        client = ClientFactory(lifecycle="active")
        for n in range(40):
            ContactFactory(client=client, email=f"c{n}@client.example")
        campaigns = [
            services.start_campaign(
                actor=member,
                campaign=services.add_campaign(actor=member, name=name, survey=SurveyFactory()),
            )
            for name in ("One", "Two")
        ]
    barrier = threading.Barrier(4)
    asked = []

    def clock():
        barrier.wait()
        with tenant(organization.pk):
            asked.append(run_campaigns())
        connection.close()

    threads = [threading.Thread(target=clock) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with tenant(organization.pk):
        assert sum(asked) == 40
        assert SurveyInvitation.objects.filter(campaign__in=campaigns).count() == Message.objects.count() == 40


# Reminders


def test_who_did_not_answer_is_reminded_on_the_days_chosen(start, people):
    campaign = start(reminders=[4, 10], reminds_on_working_days=False)
    began = timezone.now()
    run_campaigns()
    answered, unsubscribed, *_others = SurveyInvitation.objects.filter(campaign=campaign).order_by("pk")
    for invitation in SurveyInvitation.objects.filter(campaign=campaign):
        mail(invitation)
    answered.refresh_from_db()
    services.answer_survey(invitation=answered, value=9)
    services.unsubscribe(contact=unsubscribed.contact)
    with time_machine.travel(began + timedelta(days=3)):
        assert remind() == 0
    with time_machine.travel(began + timedelta(days=4, minutes=1)):
        assert (remind(), remind()) == (3, 0)
    with time_machine.travel(began + timedelta(days=10, minutes=1)):
        assert (remind(), remind()) == (3, 0)
    with time_machine.travel(began + timedelta(days=20)):
        assert remind() == 0
    reminders = Message.objects.filter(kind="survey_reminder")
    assert reminders.count() == 6
    assert progress_of([campaign])[campaign.pk].reminders == 6
    first = reminders.filter(send_key__endswith=":reminder:1").first()
    written = render_survey_reminder(first)
    assert "/s/" in written.body
    assert "Reminder" in written.subject


def test_reminders_wait_while_a_campaign_is_paused_and_end_when_it_is_stopped(start, member):
    campaign = start(reminders=[1], reminds_on_working_days=False)
    began = timezone.now()
    run_campaigns()
    for invitation in SurveyInvitation.objects.filter(campaign=campaign):
        mail(invitation)
    with time_machine.travel(began + timedelta(days=1, minutes=1)):
        assert remind() == 5
        campaign = services.pause_campaign(actor=member, campaign=campaign)
        reminders = Message.objects.filter(kind="survey_reminder")
        assert set(reminders.values_list("status", flat=True)) == {MessageStatus.CANCELLED}
        campaign = services.resume_campaign(actor=member, campaign=campaign)
        assert set(reminders.values_list("status", flat=True)) == {MessageStatus.PENDING}
        services.stop_campaign(actor=member, campaign=campaign)
        assert set(reminders.values_list("status", flat=True)) == {MessageStatus.CANCELLED}
        assert statuses(campaign) == ["sent"] * 5


def test_reminders_count_working_days_from_when_the_mail_was_sent(start):
    OrganizationSettings.objects.update(weekend_days=[4, 5])
    with time_machine.travel("2026-11-25T10:00:00Z", tick=False):  # a Wednesday
        campaign = start(reminders=[2])
        run_campaigns()
    with time_machine.travel("2026-11-26T10:00:00Z", tick=False):
        for invitation in SurveyInvitation.objects.filter(campaign=campaign):
            mail(invitation)
    with time_machine.travel("2026-11-29T10:01:00Z", tick=False):  # Sunday, two working days after it was queued
        assert remind() == 0
    with time_machine.travel("2026-11-30T10:01:00Z", tick=False):
        assert remind() == 5
