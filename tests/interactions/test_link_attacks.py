"""Attacks on the links of surveys and of unsubscribing: guessing, scanning, repeating, racing, listening (S24)."""

import itertools
import random
import re
import threading
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.db import connections
from django.test import Client
from django.utils import timezone

from accounts.tenancy.context import tenant
from clients.models import Contact
from interactions import services, tokens
from interactions.models import Score, SurveyAnswerVersion, SurveyInvitation, SurveyResponse, Task
from tests.factories.accounts import OrganizationFactory
from tests.factories.clients import ClientFactory, ContactFactory
from tests.factories.interactions import SurveyFactory
from tests.pages import text_of

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/~ é"
SCANNERS = [
    {"User-Agent": "Mozilla/5.0 (compatible; SafeLinks)"},
    {"User-Agent": "Barracuda Sentinel (EE)"},
    {"User-Agent": "Mozilla/5.0", "Purpose": "prefetch", "Sec-Purpose": "prefetch;prerender"},
    {"User-Agent": "Mozilla/5.0", "X-Moz": "prefetch"},
]
PERSONAL = ("Mona", "mona@nile.example", "Nile Foods")


@pytest.fixture(autouse=True)
def quick_readers(settings):
    settings.SURVEY_SHORTEST_READING = 0


@pytest.fixture
def invitation(organization, member, mona):
    with tenant(organization.pk):
        return services.send_survey(actor=member, survey=SurveyFactory(), contact=mona)


def token_of(invitation):
    return tokens.link_token(invitation.organization_id, invitation.pk, invitation.token_digest)


def pages_of(token):
    return [f"/s/{token}/", f"/s/{token}/unsubscribe/"]


def mutations(token):
    """Every token that differs in one character, by change, loss or repetition."""
    for position, old in enumerate(token):
        yield from (f"{token[:position]}{new}{token[position + 1 :]}" for new in ALPHABET if new != old)
        yield f"{token[:position]}{token[position + 1 :]}"
        yield f"{token[:position]}{old}{token[position:]}"


def stamp(browser, url):
    return re.search(r'name="drawn" value="([^"]+)"', browser.get(url).content.decode())[1]


def everything_recorded(invitation):
    """The rows that a link can change, as they stand."""
    with tenant(invitation.organization_id):
        return [
            list(model.objects.order_by("pk").values())
            for model in (SurveyInvitation, SurveyResponse, SurveyAnswerVersion, Score, Task, Contact)
        ]


def test_of_350_000_changed_tokens_none_is_accepted():
    known, links = set(), []
    for _link in range(100):
        organization_id, invitation_id = uuid.uuid4(), uuid.uuid4()
        digest = tokens.digest_for(invitation_id)
        known.add((organization_id, digest))
        links.append(tokens.link_token(organization_id, invitation_id, digest))
    assert all(tokens.parse(link) in known for link in links)

    tried = accepted = 0
    for link in links:
        for changed in mutations(link):
            tried += 1
            # What repeats the character beside it is the token itself.
            accepted += changed != link and tokens.parse(changed) in known

    assert tried >= 350_000
    assert accepted == 0


@pytest.mark.django_db
def test_changed_links_are_unknown_to_the_pages_too(invitation):
    before = everything_recorded(invitation)
    token = token_of(invitation)
    changed = [each for each in mutations(token) if not set(each) & set("/ é")]
    browser = Client()

    for each in random.Random(24).sample(changed, 100):
        look, unsubscribe = pages_of(each)
        assert browser.get(look).status_code == 404, each
        assert browser.post(unsubscribe, {"List-Unsubscribe": "One-Click"}).status_code == 404, each

    assert everything_recorded(invitation) == before


@pytest.mark.django_db
def test_a_thousand_looks_of_scanners_record_nothing(invitation):
    before = everything_recorded(invitation)
    look, unsubscribe = pages_of(token_of(invitation))
    paths = [look, unsubscribe, f"{look}?change=1", f"{look}?lang=en"] + [f"{look}?s={value}" for value in range(11)]
    browser = Client()

    visits = itertools.cycle(itertools.product(SCANNERS, paths, ["get", "head"]))
    for headers, path, method in itertools.islice(visits, 1000):
        assert getattr(browser, method)(path, headers=headers).status_code == 200

    assert everything_recorded(invitation) == before


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_no_other_method_records_anything(invitation, method):
    before = everything_recorded(invitation)

    for path in pages_of(token_of(invitation)):
        assert getattr(Client(), method)(path).status_code == 405

    assert everything_recorded(invitation) == before


@pytest.mark.django_db(transaction=True)
def test_of_twenty_answers_at_once_one_is_left_five_times_over():
    organization = OrganizationFactory()
    with tenant(organization.pk):
        client, survey = ClientFactory(), SurveyFactory()
        links = [
            pages_of(token_of(services.send_survey(actor=None, survey=survey, contact=ContactFactory(client=client))))[
                0
            ]
            for _contact in range(5)
        ]
    stamps = {link: stamp(Client(), link) for link in links}
    start, statuses = threading.Barrier(20), []

    def answer_all(value):
        browser = Client()
        try:
            for link in links:
                start.wait(30)
                statuses.append(browser.post(link, {"drawn": stamps[link], "value": value}).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=answer_all, args=[number % 3]) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [302] * 100
    with tenant(organization.pk):
        answered = list(SurveyResponse.objects.values_list("invitation", flat=True))
        assert len(answered) == len(set(answered)) == 5
        assert Score.objects.count() == Task.objects.count() == 5


@pytest.mark.django_db
def test_an_answer_sent_again_changes_nothing_and_after_a_day_is_refused(invitation):
    browser = Client()
    link, _unsubscribe = pages_of(token_of(invitation))
    form = {"drawn": stamp(browser, link), "value": 9, "comment": "Fine"}
    assert browser.post(link, form).status_code == 302
    answered = everything_recorded(invitation)

    assert browser.post(link, form).status_code == 302
    assert everything_recorded(invitation) == answered
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert browser.post(link, {**form, "value": 0}).status_code in (410, 422)
    assert everything_recorded(invitation) == answered


@pytest.mark.django_db
def test_an_expired_link_records_no_answer(invitation):
    link, _unsubscribe = pages_of(token_of(invitation))
    form = {"drawn": stamp(Client(), link), "value": 9}
    with tenant(invitation.organization_id):
        SurveyInvitation.objects.update(expires_at=timezone.now())
    before = everything_recorded(invitation)

    assert Client().get(link).status_code == 410
    assert Client().post(link, form).status_code == 410
    assert everything_recorded(invitation) == before


@pytest.mark.django_db
def test_a_secret_opens_nothing_in_another_organization(invitation, other_organization):
    before = everything_recorded(invitation)
    own, secret = token_of(invitation).split(".")
    with tenant(other_organization.pk):
        theirs = services.send_survey(
            actor=None, survey=SurveyFactory(), contact=ContactFactory(client=ClientFactory())
        )
    foreign, foreign_secret = token_of(theirs).split(".")

    for token in (f"{foreign}.{secret}", f"{own}.{foreign_secret}"):
        for path in pages_of(token):
            assert Client().get(path).status_code == 404
            assert Client().post(path, {"value": 9}).status_code == 404
    assert everything_recorded(invitation) == before


@pytest.mark.django_db
def test_neither_address_nor_page_says_who_was_asked_and_nothing_is_told_to_others(invitation):
    browser = Client()
    link, unsubscribe = pages_of(token_of(invitation))
    shown = [browser.get(f"{path}?lang={language}") for path in (link, unsubscribe) for language in ("en", "ar")]
    answered = browser.post(link, {"drawn": stamp(browser, link), "value": 9})
    shown += [answered, browser.get(answered["Location"]), browser.post(unsubscribe), browser.get("/s/x.y/")]

    ids = [str(pk) for pk in (invitation.pk, invitation.contact_id, invitation.client_id, invitation.survey_id)]
    for response in shown:
        assert response["Referrer-Policy"] == "no-referrer"
        assert "no-store" in response["Cache-Control"]
        assert "noindex" in response["X-Robots-Tag"]
        said = response.content.decode() + response.get("Location", "") + text_of(response)
        assert not [word for word in (*PERSONAL, *ids) if word in said]
        outside = re.findall(r'(?:href|src|action)="((?:https?:)?//[^"]*)"', response.content.decode())
        assert outside == []
    assert not [word for word in (*PERSONAL, *ids, *(each.replace("-", "") for each in ids)) if word in link]
