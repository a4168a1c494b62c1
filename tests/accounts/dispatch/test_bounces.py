"""A refusal may be about the address, the moment, or our text; only the first is the person's."""

import pytest

from accounts.dispatch.bounces import is_about_address, is_about_recipient, is_mailbox_full


@pytest.mark.parametrize(
    ("answer", "at_recipient", "expected"),
    [
        ("550 5.1.1 <ada@x.example>: Recipient address rejected: User unknown", True, True),
        ("550 5.1.1 User unknown", False, True),
        ("550 5.1.2 Bad destination mailbox", True, True),
        ("550 5.1.6 Moved", True, True),
        ("556 5.1.10 Recipient address has null MX", True, True),
        ("550 5.2.1 The account is disabled", True, True),
        ("550 No such user here", True, True),
        ("551 User not local", True, True),
        ("553 Invalid mailbox name", True, True),
        # Our sender, our text, our name, the moment: not the person's.
        ("550 No such user here", False, False),
        ("550 5.1.8 Sender address rejected: domain not found", True, False),
        ("550 5.7.1 Message rejected as spam", True, False),
        ("550 5.7.26 Unauthenticated mail", True, False),
        ("554 5.7.1 Service unavailable; client host blocked", True, False),
        ("550 Blocked by our block list", True, False),
        ("550 SPF check failed", True, False),
        ("553 Sorry, relaying is not allowed", True, False),
        ("552 5.2.2 Mailbox full", True, False),
        ("552 5.3.4 Message too big", False, False),
        ("554 Transaction failed", True, False),
        ("554 5.6.0 Text refused", False, False),
    ],
)
def test_only_an_answer_about_the_address_condemns_it(answer, at_recipient, expected):
    assert is_about_address(answer, at_recipient=at_recipient) is expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("552 5.2.2 Over quota", True), ("552 Full", True), ("552 5.3.4 Too big", False), ("554 5.7.1 Spam", False)],
)
def test_a_full_mailbox_is_somebodys(answer, expected):
    assert is_mailbox_full(answer) is expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("452 4.2.2 Mailbox full", True),
        ("451 4.7.1 Greylisted by policy", False),
        ("451 Greylisted", True),
        ("421 4.7.0 Unusual rate", False),
        ("450 Too many mails, rate exceeded", False),
    ],
)
def test_days_of_later_count_only_when_they_are_about_the_recipient(answer, expected):
    assert is_about_recipient(answer) is expected
