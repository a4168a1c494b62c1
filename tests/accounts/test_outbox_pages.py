"""The outbox and the suppressed addresses, as admins use them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.choices import Role
from accounts.dispatch import suppression
from accounts.dispatch.breaker import Breaker
from accounts.dispatch.models import MailEvent, Message, Suppression
from accounts.dispatch.registry import Subject, register
from accounts.dispatch.transport import transport
from accounts.models import AuditEntry, User
from accounts.tenancy.context import tenant
from tests.pages import statements_of, text_of

pytestmark = pytest.mark.django_db

register("page.mail", lambda message: None, label="Page mail", subject=lambda message: Subject("The thing", "/x/"))
heard = []
register("page.hooked", lambda message: None, on_dead=heard.append, on_retry=heard.append, label="Hooked")


@pytest.fixture
def put(organization):
    """A message in some state."""

    def write(send_key="a", status="dead", recipient="ada@client.example", kind="page.mail", **fields):
        with tenant(organization.pk):
            return Message.objects.create(send_key=send_key, status=status, recipient=recipient, kind=kind, **fields)

    return write


@pytest.fixture
def row(organization):
    def read(message):
        with tenant(organization.pk):
            return Message.objects.get(pk=message.pk)

    return read


@pytest.fixture
def outbox(page):
    return page.url("accounts:message-list")


@pytest.fixture
def press(page):
    """Presses a button of a message's page and follows."""

    def post(name, message, **data):
        return page.post(page.url(f"accounts:message-{name}", message.pk), data, follow=True)

    return post


def test_trays_tell_what_waits_and_what_was_given_up(page, outbox, put):
    put("q", "pending")
    put("l", "leased")
    put("r", "pending", attempts=2, last_error="451 4.2.2 Full", recipient="retry@client.example")
    put("d", "dead", last_error="KeyError: 'x'", recipient="dead@client.example")

    shown = text_of(page.get(outbox))
    assert "Queued 2" in shown
    assert "Waiting for another try 1" in shown
    assert "Given up 1" in shown
    assert "1 message was given up" in shown
    retrying = text_of(page.get(outbox + "?status=retrying"))
    assert "retry@client.example" in retrying
    assert "could not take it for now" in retrying
    assert "dead@client.example" not in retrying
    assert "dead@client.example" not in text_of(page.get(outbox + "?status=queued"))
    assert "Rafiq could not write this message" in text_of(page.get(outbox + "?status=dead"))


def test_a_recipient_is_found_by_part_of_the_address_or_the_whole(page, outbox, put):
    put("a", recipient="ada@client.example")
    put("b", recipient="bo@other.example")

    for asked in ("ADA", "client.ex", " Ada@Client.example "):
        shown = text_of(page.get(outbox, {"q": asked}))
        assert "ada@client.example" in shown
        assert "bo@other.example" not in shown
    assert "No message fits" in text_of(page.get(outbox, {"q": "%_"}))


def test_kinds_have_names_and_narrow(page, outbox, put):
    put("a", kind="page.mail", recipient="ada@client.example")
    put("b", kind="page.hooked", recipient="bo@client.example")
    put("c", kind="gone.for_good", recipient="cy@client.example")

    shown = text_of(page.get(outbox))
    assert "Page mail" in shown
    assert "gone.for good" in shown
    narrowed = text_of(page.get(outbox + "?kind=page.hooked&lane=1"))
    assert "bo@client.example" in narrowed
    assert "ada@client.example" not in narrowed


def test_a_message_tells_everything_that_happened(page, put, organization, press):
    message = put(
        status="dead",
        attempts=3,
        uncertain=1,
        last_error="550 5.7.1 Spam",
        errors=[
            {"at": "2026-11-23T10:00:00+00:00", "until": "2026-11-23T11:00:00+00:00", "times": 2, "error": "451 Later"},
            {"at": "2026-11-23T12:00:00+00:00", "error": "550 5.7.1 Spam"},
        ],
    )
    with tenant(organization.pk):
        MailEvent.objects.create(provider="p", event_id="1", kind="deferred", message=message, detail="slow host")
        suppression.suppress(address="ada@client.example", reason="complaint")

    response = page.get(page.url("accounts:message-detail", message.pk))
    shown = text_of(response)
    for said in (
        "Page mail",
        "ada@client.example",
        "The thing",
        "could not take it for now",
        "2 times",
        "451 Later",
        "not the person",
        "550 5.7.1 Spam",
        "slow host",
        "Delayed by the recipient’s server",
        "whose end nobody saw",
        "Nothing is sent to this address",
        "Reported as spam",
    ):
        assert said in shown, said
    assert 'href="/x/"' in response.content.decode()


def test_a_message_of_a_kind_that_is_gone_still_opens(page, put):
    message = put(kind="gone", recipient="", last_error="Odd")

    assert page.get(page.url("accounts:message-detail", message.pk)).status_code == 200


def test_what_was_given_up_is_sent_again_from_the_beginning(press, put, row, organization):
    heard.clear()
    message = put(kind="page.hooked", attempts=5, deferrals=2, last_error="x")

    assert "It goes out in a moment" in text_of(press("retry", message))

    stored = row(message)
    assert (stored.status, stored.attempts, stored.deferrals) == ("pending", 0, 0)
    assert [each.pk for each in heard] == [message.pk]
    with tenant(organization.pk):
        entry = AuditEntry.objects.of(message).get()
    assert (entry.verb, entry.before, entry.after) == ("retried", {"status": "dead"}, {"status": "pending"})


def test_what_waits_for_another_try_need_not_wait(press, put, row):
    later = timezone.now() + timedelta(hours=5)
    message = put(status="pending", attempts=3, deferrals=3, next_attempt_at=later)

    press("retry", message)

    assert (row(message).attempts, row(message).next_attempt_at < timezone.now()) == (3, True)


def test_a_suppressed_address_is_not_written_to_by_pressing_again(press, put, row, organization):
    message = put(status="suppressed")
    with tenant(organization.pk):
        suppression.suppress(address="ada@client.example", reason="complaint")

    shown = text_of(press("retry", message))

    assert "reported an earlier mail as spam. Lift the suppression first." in shown
    assert row(message).status == "suppressed"


@pytest.mark.parametrize("before", ["pending", "held", "dead", "suppressed"])
def test_discarding_is_undone_to_what_it_was(page, press, put, row, before):
    heard.clear()
    message = put(status=before, kind="page.hooked")

    response = press("discard", message)
    assert row(message).status == "cancelled"
    assert page.url("accounts:message-put-back", message.pk) in response.content.decode()
    assert "Put back" in text_of(page.get(page.url("accounts:message-detail", message.pk)))

    press("put-back", message)
    assert row(message).status == before
    # Its subject heard of the end and of the return, unless it had heard of an end before.
    assert len(heard) == (2 if before in ("pending", "held") else 0)


@pytest.mark.parametrize(
    ("name", "status", "said"),
    [
        ("retry", "sent", "Only what waits or was given up can be sent again. This message: Sent."),
        ("retry", "sending", "This message: Sending."),
        ("discard", "sending", "Only what is not yet sent can be discarded."),
        ("discard", "cancelled", "This message: Cancelled."),
        ("release", "dead", "Only held messages can be released."),
        ("put-back", "cancelled", "Only a discarded message can be put back."),
        ("put-back", "dead", "Only a discarded message can be put back."),
    ],
)
def test_what_cannot_be_done_is_said(press, put, row, name, status, said):
    message = put(status=status)

    assert said in text_of(press(name, message))
    assert row(message).status == status


def test_held_messages_are_released_at_their_time(press, put, row):
    message = put(status="held")

    assert "Released" in text_of(press("release", message))

    assert (row(message).status, row(message).next_attempt_at) == ("pending", message.due_at or row(message).due_at)


def test_one_deed_for_the_chosen_rows(page, outbox, put, row):
    first, second, third = put("a"), put("b", status="sent"), put("c")
    url = page.url("accounts:messages-chosen")

    data = {"deed": "retry", "chosen": [first.pk, second.pk], "next": outbox + "?status=dead"}
    response = page.post(url, data, follow=True)

    assert response.redirect_chain[0][0] == outbox + "?status=dead"
    shown = text_of(response)
    assert "Done with 1 message." in shown
    assert "This message: Sent." in shown
    assert [row(each).status for each in (first, second, third)] == ["pending", "sent", "dead"]


def test_one_deed_for_all_that_the_list_shows(page, put, row):
    dead, other, held = put("a"), put("b", recipient="bo@x.example"), put("c", status="held")
    url = page.url("accounts:messages-chosen")

    page.post(url + "?status=dead&q=ada", {"deed": "discard-all"})
    page.post(url + "?status=held", {"deed": "release-all"})

    assert [row(each).status for each in (dead, other, held)] == ["cancelled", "dead", "pending"]


def test_nothing_chosen_or_nonsense_does_nothing(page, put, row):
    message = put()
    url = page.url("accounts:messages-chosen")

    assert "Choose at least one message" in text_of(page.post(url, {"deed": "retry"}, follow=True))
    assert page.post(url, {"deed": "explode"}).status_code == 400
    assert page.post(url, {"deed": "retry", "chosen": "nonsense"}).status_code == 400
    page.post(url + "?status=nonsense", {"deed": "discard-all"})
    assert row(message).status == "dead"


def test_others_messages_cannot_be_chosen(page, other_organization, put):
    with tenant(other_organization.pk):
        theirs = Message.objects.create(send_key="a", kind="page.mail", status="dead")

    page.post(page.url("accounts:messages-chosen"), {"deed": "retry", "chosen": [theirs.pk]})
    for name in ("retry", "discard", "release", "put-back"):
        assert page.post(page.url(f"accounts:message-{name}", theirs.pk)).status_code == 404
    assert page.get(page.url("accounts:message-detail", theirs.pk)).status_code == 404

    with tenant(other_organization.pk):
        assert Message.objects.get().status == "dead"


def test_an_admin_is_told_that_mail_waits_and_that_nothing_is_lost(page, outbox, put):
    assert "cannot be reached" not in text_of(page.get(outbox))
    put("a", "pending", due_at="2026-11-01T10:00:00Z", next_attempt_at="2026-11-01T10:00:00Z")
    Breaker(transport().name).trip()

    shown = text_of(page.get(outbox))

    assert "The mail server cannot be reached" in shown
    assert "Nothing is lost" in shown
    assert "E-mail waits since" in shown


def test_every_page_tells_admins_that_mail_waits_and_nobody_else(page, cast, put):
    put("a", "dead")
    put("b", "dead")
    Breaker(transport().name).trip()

    shown = text_of(page.get(page.url("accounts:member-list")))
    assert "The mail server cannot be reached" in shown
    assert "2 messages were given up." in shown
    page.login_as(cast[Role.MANAGER])
    assert "cannot be reached" not in text_of(page.get(page.url("accounts:member-list")))


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_only_admins_do_anything_here(page, cast, put, row, organization, role):
    message = put()
    with tenant(organization.pk):
        suppressed = suppression.suppress(address="ada@client.example", reason="manual")
    page.login_as(cast[role])

    for name in ("suppression-list", "suppression-add", "suppression-export"):
        assert page.get(page.url(f"accounts:{name}")).status_code == 403
    for name in ("retry", "discard", "release", "put-back"):
        assert page.post(page.url(f"accounts:message-{name}", message.pk)).status_code == 404
    assert page.post(page.url("accounts:messages-chosen"), {"deed": "retry", "chosen": message.pk}).status_code == 403
    assert page.post(page.url("accounts:trust-lists")).status_code == 403
    assert page.post(page.url("accounts:suppression-add"), {"address": "x@y.example"}).status_code == 403
    assert page.post(page.url("accounts:suppression-lift", suppressed.pk)).status_code == 404
    assert row(message).status == "dead"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_pages_open_in_both_languages(page, member, put, organization, language):
    User.objects.filter(pk=member.user_id).update(language=language)
    message = put(last_error="550 5.1.1 No")
    with tenant(organization.pk):
        suppression.suppress(address="ada@client.example", reason="hard_bounce", detail="550")

    for url in (
        page.url("accounts:message-list"),
        page.url("accounts:message-detail", message.pk),
        page.url("accounts:suppression-list"),
        page.url("accounts:suppression-add"),
    ):
        shown = page.get(url).content.decode()
        assert f'lang="{language}"' in shown
        assert "style=" not in shown


def test_addresses_are_suppressed_by_hand_once_and_lifted(page, organization, member):
    add = page.url("accounts:suppression-add")
    response = page.post(add, {"address": " Ada@Client.example", "detail": "Asked on the phone"}, follow=True)
    assert "ada@client.example" in text_of(response)
    again = page.post(add, {"address": "ada@client.example"})
    assert again.status_code == 422
    assert "suppressed already: Added by hand" in text_of(again)
    assert page.post(add, {"address": "nonsense"}).status_code == 422

    with tenant(organization.pk):
        stored = Suppression.objects.get()
        assert AuditEntry.objects.of(stored).get().actor == member
    lift = page.url("accounts:suppression-lift", stored.pk)
    assert "Write to ada@client.example again?" in page.get(page.url("accounts:suppression-list")).content.decode()
    assert "Lifted" in text_of(page.post(lift, {"version": 1}, follow=True))
    assert "lifted before" in text_of(page.post(lift, follow=True))
    with tenant(organization.pk):
        assert not suppression.is_suppressed("ada@client.example")
        assert {"suppressed", "lifted"} == set(AuditEntry.objects.of(stored).values_list("verb", flat=True))


def test_suppressed_addresses_are_found_and_taken_along(page, organization):
    with tenant(organization.pk):
        suppression.suppress(address="ada@client.example", reason="complaint", detail="=1+1")
        suppression.suppress(address="bo@client.example", reason="manual")
        suppression.suppress(address="cy@other.example", reason="manual")

    url = page.url("accounts:suppression-list")
    assert "cy@" not in text_of(page.get(url, {"q": "CLIENT", "reason": "manual"}))
    assert "No address fits" in text_of(page.get(url, {"q": "nobody"}))
    response = page.get(page.url("accounts:suppression-export"), {"q": "ada"})
    lines = b"".join(response.streaming_content).decode().splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("ada@client.example,Reported as spam,")
    assert ",=" not in lines[1]
    assert page.get(page.url("accounts:suppression-export"), {"reason": "nonsense"}).status_code == 404


def test_more_rows_take_no_more_statements(page, organization, put, outbox):
    def fill(number):
        put(f"m{number}", recipient=f"c{number}@client.example")
        with tenant(organization.pk):
            suppression.suppress(address=f"s{number}@client.example", reason="manual")

    urls = (outbox, outbox + "?status=dead&q=client", page.url("accounts:suppression-list"))
    fill(1)
    one = [len(statements_of(page, url)) for url in urls]
    fill(2)
    fill(3)
    three = [len(statements_of(page, url)) for url in urls]

    assert one == three
    assert max(three) <= 10, three
