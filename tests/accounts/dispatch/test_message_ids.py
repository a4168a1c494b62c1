import uuid

import pytest

from accounts.dispatch.message_ids import message_id, organization_in
from accounts.dispatch.models import Message

MESSAGE = Message(organization_id=uuid.UUID("019abf1e-0000-7000-8000-00000000cafe"), send_key="survey:1")


def test_it_names_the_organization_and_nothing_else(settings):
    settings.PUBLIC_URL = "https://rafiq.somewhere.example"
    written = message_id(MESSAGE)

    assert organization_in(written) == MESSAGE.organization_id
    assert written.endswith("@rafiq.somewhere.example>")
    assert "survey" not in written
    assert len(f"Message-ID: {written}") <= 78


@pytest.mark.parametrize(
    "foreign", ["", "<x@y>", "<CAF+abc.def@mail.gmail.com>", "ä" * 22 + "." + "a" * 16 + "@x", "\x00"]
)
def test_other_peoples_are_not_ours(foreign):
    assert organization_in(foreign) is None
