"""Logging an interaction, correcting it, taking it out of the timeline and back."""

import uuid

import pytest

from accounts.choices import Role
from accounts.models import AuditEntry
from accounts.tenancy.context import tenant
from interactions.models import Interaction, Task
from tests.factories.interactions import InteractionFactory
from tests.pages import text_of, undo_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk(organization, nile):
    with tenant(organization.pk):
        return InteractionFactory(client=nile, summary="They like it")


def only(organization, model=Interaction):
    with tenant(organization.pk):
        return model.objects.select_related("client").get()


def test_the_form_knows_the_client_it_was_opened_from(page, nile, mona):
    response = page.get(f"{page.url('interactions:interaction-log')}?client={nile.pk}")

    said = text_of(response)
    assert response.status_code == 200
    assert "Mona" in said
    assert f'value="{nile.pk}" selected' in response.content.decode()


def test_the_whole_form_logs_everything_and_a_task(page, organization, member, nile, mona):
    data = {
        "client": nile.pk,
        "kind": "meeting",
        "summary": "They want more seats.",
        "direction": "inbound",
        "hat": "sales",
        "happened_at": "2026-01-02T09:30",
        "minutes": "٤٥",
        "contacts": [mona.pk],
        "sentiment": "positive",
        "follow_up": "Send the offer",
        "follow_up_on": "2026-01-05",
    }

    response = page.post(page.url("interactions:interaction-log"), data, follow=True)

    assert response.redirect_chain == [(page.url("client", nile.pk), 302)]
    assert "Logged." in text_of(response)
    logged = only(organization)
    assert (logged.kind, logged.hat, logged.minutes, logged.logged_by_id) == ("meeting", "sales", 45, member.pk)
    with tenant(organization.pk):
        assert [person.contact_id for person in logged.participants.all()] == [mona.pk]
    assert only(organization, Task).title == "Send the offer"


def test_the_quick_form_of_the_client_page_comes_back_to_where_it_was(page, organization, nile):
    back = f"{page.url('client', nile.pk)}?show=interaction"
    data = {"client": nile.pk, "kind": "call", "summary": "Short", "direction": "both", "hat": "service", "next": back}

    response = page.post(page.url("interactions:interaction-log"), data)

    assert (response.status_code, response["Location"]) == (302, back)
    assert only(organization).summary == "Short"


def test_the_client_page_has_the_quick_form(page, nile):
    shown = page.get(page.url("client", nile.pk)).content.decode()

    assert f'action="{page.url("interactions:interaction-log")}"' in shown


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_next_never_leads_elsewhere(page, nile, target):
    data = {"client": nile.pk, "kind": "call", "summary": "x", "next": target}

    response = page.post(page.url("interactions:interaction-log"), data)

    assert response["Location"] == page.url("client", nile.pk)


def test_what_is_missing_is_said_and_what_was_typed_stays(page, organization, nile):
    data = {"client": nile.pk, "kind": "call", "summary": "", "follow_up": "Ring back", "next": "/o/ours/"}

    response = page.post(page.url("interactions:interaction-log"), data)

    shown = response.content.decode()
    assert response.status_code == 422
    assert 'value="Ring back"' in shown
    assert 'name="next" value="/o/ours/"' in shown
    with tenant(organization.pk):
        assert not Interaction.objects.exists()


def test_the_future_has_not_happened(page, nile):
    data = {"client": nile.pk, "kind": "call", "summary": "x", "happened_at": "2099-01-01T10:00"}

    response = page.post(page.url("interactions:interaction-log"), data)

    assert response.status_code == 422
    assert "has happened already" in text_of(response)


@pytest.mark.parametrize("key", ["nonsense", str(uuid.uuid4())], ids=["garbage", "unknown"])
def test_a_client_that_is_not_there_is_not_found(page, key):
    assert page.get(f"{page.url('interactions:interaction-log')}?client={key}").status_code == 404
    data = {"client": key, "kind": "call", "summary": "x"}
    assert page.post(page.url("interactions:interaction-log"), data).status_code == 404


def test_somebody_elses_client_and_interactions_are_not_found(page, cast, organization, nile, hidden):
    with tenant(organization.pk):
        other = InteractionFactory(client=hidden)
    page.login_as(cast[Role.MANAGER])

    data = {"client": hidden.pk, "kind": "call", "summary": "x"}
    assert page.post(page.url("interactions:interaction-log"), data).status_code == 404
    for name in ("change", "archive", "restore"):
        assert page.post(page.url(f"interactions:interaction-{name}", other.pk)).status_code == 404


def test_correcting_and_archiving_with_undo(page, organization, nile, talk):
    change = page.url("interactions:interaction-change", talk.pk)
    data = {
        "version": talk.version,
        "kind": "call",
        "direction": "both",
        "hat": "service",
        "happened_at": "2026-01-02T09:30",
        "minutes": "",
        "sentiment": "",
        "summary": "They love it",
    }

    assert page.get(change).status_code == 200
    assert page.post(change, data)["Location"] == page.url("client", nile.pk)
    assert only(organization).summary == "They love it"

    gone = page.post(page.url("interactions:interaction-archive", talk.pk), {"version": 2}, follow=True)
    assert "Taken out of the timeline." in text_of(gone)
    assert "They love it" not in text_of(gone)
    assert "They love it" in text_of(undo_of(gone))


def test_two_people_correcting_one_see_both_sides(page, organization, talk):
    data = {
        "version": talk.version,
        "kind": "call",
        "direction": "both",
        "hat": "service",
        "happened_at": "2026-01-02T09:30",
        "summary": "From the first",
    }
    change = page.url("interactions:interaction-change", talk.pk)
    page.post(change, data)

    response = page.post(change, {**data, "summary": "From the second"})

    said = text_of(response)
    assert response.status_code == 409
    assert "Changed in the meantime" in said
    assert "From the first" in said
    assert "From the second" in said
    assert only(organization).summary == "From the first"
    assert 'name="version" value="2"' in response.content.decode()
    assert page.post(change, {**data, "summary": "From the second", "version": 2}).status_code == 302


def test_who_took_part_can_be_corrected_and_both_sides_are_shown(page, organization, talk, mona):
    change = page.url("interactions:interaction-change", talk.pk)
    data = {
        "version": 1,
        "kind": "call",
        "direction": "both",
        "hat": "service",
        "happened_at": "2026-01-02T09:30",
        "summary": "They like it",
    }

    page.post(change, data)
    data["version"] = 2
    assert page.post(change, {**data, "contacts": [mona.pk]}).status_code == 302
    late = page.post(change, data)

    assert late.status_code == 409
    assert [row for row in late.context["conflicts"] if str(row["label"]) == "Who took part"][0]["theirs"] == "Mona"
    with tenant(organization.pk):
        assert [person.contact_id for person in talk.participants.all()] == [mona.pk]
        assert AuditEntry.objects.of(talk).first().after == {"participants": ["Mona"]}
        mona.left_on = "2026-02-01"
        mona.save()
    assert f'value="{mona.pk}"' in page.get(change).content.decode()


def test_viewers_read_only(page, cast, talk, nile):
    page.login_as(cast[Role.VIEWER])

    assert page.get(page.url("interactions:interaction-log")).status_code == 403
    assert page.get(page.url("interactions:interaction-change", talk.pk)).status_code == 403
    assert page.post(page.url("interactions:interaction-archive", talk.pk)).status_code == 403
    assert page.url("interactions:interaction-log") not in page.get(page.url("client", nile.pk)).content.decode()
