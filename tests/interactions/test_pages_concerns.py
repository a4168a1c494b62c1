"""Concerns on their pages, from opened to resolved."""

import pytest
from django.utils import timezone

from accounts.choices import Role
from accounts.tenancy.context import tenant
from interactions.models import Concern
from tests.factories.interactions import ConcernFactory, ConcernPeriodFactory
from tests.pages import statements_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def concern(organization, nile):
    with tenant(organization.pk):
        return ConcernPeriodFactory(concern__client=nile, concern__title="Portal is down").concern


def stored(concern):
    with tenant(concern.organization_id):
        return Concern.objects.get(pk=concern.pk)


def press(page, concern, verb, **data):
    return page.post(page.url(f"interactions:concern-{verb}", concern.pk), data, follow=True)


def test_a_concern_is_opened_on_a_client(page, organization, nile):
    url = page.url("interactions:concern-open", nile.pk)
    data = {"title": "Wrong invoice", "kind": "billing", "severity": "critical", "mrr_at_stake_minor": "1,250.50"}

    assert "New concern of Nile Foods" in text_of(page.get(url))
    assert page.post(url, data)["Location"] == page.url("client", nile.pk)
    with tenant(organization.pk):
        concern = Concern.objects.get()
        nile.refresh_from_db()
    assert (concern.mrr_at_stake_minor, concern.currency) == (125_050, "USD")
    assert nile.critical_concerns == 1


def test_a_concern_goes_its_way_by_buttons(page, nile, concern):
    shown = page.get(page.url("interactions:concern-change", concern.pk)).content.decode()
    assert page.url("interactions:concern-advance", concern.pk) in shown

    moved = press(page, concern, "advance", state="plan")
    assert moved.redirect_chain == [(page.url("client", nile.pk), 302)]
    assert stored(concern).state == "plan"
    press(page, concern, "advance", state="working")
    press(page, concern, "resolve")
    assert stored(concern).state == "resolved"
    assert "closed already" in text_of(press(page, concern, "lose"))
    press(page, concern, "reopen")
    press(page, concern, "lose")
    assert stored(concern).state == "lost"
    assert "Reopen" in text_of(page.get(page.url("interactions:concern-change", concern.pk)))
    assert page.post(page.url("interactions:concern-advance", concern.pk), {"state": "heaven"}).status_code == 404


def test_two_people_changing_one_see_both_sides(page, concern):
    url = page.url("interactions:concern-change", concern.pk)
    data = {"version": 1, "title": "Portal was down", "kind": "technical", "severity": "high"}

    assert page.post(url, data).status_code == 302
    late = page.post(url, {**data, "title": "Portal is slow", "severity": "low"})

    said = text_of(late)
    assert late.status_code == 409
    assert "Portal was down" in said
    assert "Portal is slow" in said
    assert "High" in said


def test_the_list_shows_open_ones_first(page, organization, nile, concern):
    with tenant(organization.pk):
        ConcernFactory(client=nile, title="Solved one", state="resolved", resolved_at=timezone.now())
    url = page.url("interactions:concern-list")

    def titles(query=""):
        return [row.title for row in page.get(f"{url}{query}").context["rows"]]

    assert titles() == ["Portal is down"]
    assert titles("?open=false") == titles("?state=resolved") == ["Solved one"]
    assert titles(f"?client={nile.pk}&q=portal") == ["Portal is down"]
    assert "No concern fits" in text_of(page.get(f"{url}?severity=critical"))
    fragment = page.get(url, headers={"HX-Request": "true"})
    assert "<html" not in fragment.content.decode()


def test_lists_and_rows_of_others_are_not_shown(page, cast, organization, nile, hidden):
    with tenant(organization.pk):
        other = ConcernFactory(client=hidden, title="Secret")
    page.login_as(cast[Role.MANAGER])

    assert "Secret" not in text_of(page.get(page.url("interactions:concern-list")))
    assert page.get(page.url("interactions:concern-open", hidden.pk)).status_code == 404
    for verb in ("change", "advance", "resolve", "lose", "reopen"):
        assert page.post(page.url(f"interactions:concern-{verb}", other.pk)).status_code == 404


def test_the_list_costs_the_same_for_one_and_for_three(page, organization, nile):
    costs = []
    for count in (1, 2):
        with tenant(organization.pk):
            ConcernFactory.create_batch(count, client=nile)
        costs.append(len(statements_of(page, page.url("interactions:concern-list"))))

    assert costs[0] == costs[1] <= 10


def test_viewers_read_only(page, cast, concern, nile):
    page.login_as(cast[Role.VIEWER])

    assert page.get(page.url("interactions:concern-list")).status_code == 200
    assert page.get(page.url("interactions:concern-open", nile.pk)).status_code == 403
    for verb in ("change", "advance", "resolve", "lose", "reopen"):
        assert page.post(page.url(f"interactions:concern-{verb}", concern.pk)).status_code == 403
