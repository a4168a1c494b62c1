"""What a mail server's refusal is about: the address, the moment, or our text and name.

Only the first may put an address on the list of those that are written to no more. A server that takes our text for
spam, or distrusts our sender, says nothing about the person: that message ends, the next one is tried again.
"""

import re

# RFC 3463: class.subject.detail. Subject 1 is the address, 2 the mailbox, 7 policy.
_ENHANCED = re.compile(r"\b([45])\.(\d{1,3})\.(\d{1,3})\b")
# Of subject 1, those about the sender's address.
_ABOUT_SENDER = {7, 8, 9}
_NO_SUCH_RECIPIENT = ("550", "551", "553")
# Servers without enhanced codes say 550 for spam as well; then only their words tell.
_POLICY_WORDS = re.compile(
    r"spam|block|black|\blisted|\brbl|polic|reputation|relay|\bspf|dkim|dmarc|denied|sender|authent|banned|\brate|limit",
    re.IGNORECASE,
)


def is_about_address(answer: str, *, at_recipient: bool) -> bool:
    """Whether a 5xx answer means that this address takes no mail: it does not exist, moved, or was closed.

    ``at_recipient``: the answer to RCPT, where a plain 550, 551 or 553 means the address too.
    """
    enhanced = _ENHANCED.search(answer)
    if enhanced is not None:
        subject, detail = int(enhanced[2]), int(enhanced[3])
        return (subject == 1 and detail not in _ABOUT_SENDER) or (subject, detail) == (2, 1)
    return at_recipient and answer.startswith(_NO_SUCH_RECIPIENT) and not _POLICY_WORDS.search(answer)


def is_mailbox_full(answer: str) -> bool:
    """Whether a 5xx answer means that there is such a person, whose mailbox is full."""
    enhanced = _ENHANCED.search(answer)
    return answer.startswith("552") if enhanced is None else (enhanced[2], enhanced[3]) == ("2", "2")


def is_about_recipient(answer: str) -> bool:
    """Whether a 4xx answer is about the other side (full, out of order, greylisting) and not about our text or name."""
    enhanced = _ENHANCED.search(answer)
    return not _POLICY_WORDS.search(answer) if enhanced is None else int(enhanced[2]) in (1, 2, 3, 4)
