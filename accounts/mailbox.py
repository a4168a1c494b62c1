"""The mailbox of a product that runs on one's own machine: mail lands in files, and a page shows them.

So that a survey's link can be opened and a sign-up confirmed without a mail server. Only with RAFIQ_ENV=local.
"""

import re
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage as ParsedMail
from email.utils import parsedate_to_datetime
from html import unescape
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.html import strip_tags

NAME = re.compile(r"\d{13,20}-[0-9a-f]{8}\Z")
URL = re.compile(r"https?://[^\s<>\"'”»]+[^\s<>\"'”».,;:!?)\]]")
NEWEST = 200


class MailboxBackend(BaseEmailBackend):
    """Writes every message to ``DATA_DIR/mailbox`` as a file that any mail program opens."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = mailbox_folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{time.time_ns() // 1_000_000:014d}-{uuid.uuid4().hex[:8]}"
            unfinished = folder / f"{name}.part"
            unfinished.write_bytes(message.message().as_bytes(linesep="\r\n"))
            unfinished.rename(folder / f"{name}.eml")
        return len(email_messages)


@dataclass(frozen=True)
class Mail:
    """One mail as the page shows it: its text, and the links in it."""

    name: str
    subject: str
    sender: str
    recipient: str
    at: datetime | None
    body: str

    @property
    def links(self) -> list[str]:
        return list(dict.fromkeys(URL.findall(self.body)))


def mailbox_folder() -> Path:
    return Path(settings.DATA_DIR) / "mailbox"


def list_mails() -> list[Mail]:
    """The newest mails first."""
    folder = mailbox_folder()
    names = sorted((path.stem for path in folder.glob("*.eml")), reverse=True) if folder.is_dir() else []
    found = (read_mail(name) for name in names[:NEWEST])
    return [mail for mail in found if mail is not None]


def read_mail(name: str) -> Mail | None:
    """The mail called ``name``, or None: only names that we gave are looked for."""
    path = mailbox_folder() / f"{name}.eml"
    if not NAME.match(name) or not path.is_file():
        return None
    parsed = message_from_bytes(path.read_bytes(), policy=policy.default)
    return Mail(
        name=name,
        subject=str(parsed["Subject"] or ""),
        sender=str(parsed["From"] or ""),
        recipient=str(parsed["To"] or ""),
        at=_moment(parsed),
        body=_text(parsed),
    )


def _moment(parsed: ParsedMail) -> datetime | None:
    if not parsed["Date"]:
        return None
    moment = parsedate_to_datetime(str(parsed["Date"]))
    # "-0000" is how mail says UTC without naming a zone.
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _text(parsed: ParsedMail) -> str:
    part = parsed.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    content = str(part.get_content())
    return content if part.get_content_subtype() == "plain" else unescape(strip_tags(content)).strip()
