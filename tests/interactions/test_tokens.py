import base64
import uuid

import pytest

from accounts.tenancy.context import tenant
from interactions import services, tokens
from interactions.queries.survey_links import find_invitation
from tests.factories.interactions import SurveyInvitationFactory

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def make():
    organization_id, invitation_id = uuid.uuid4(), uuid.uuid4()
    digest = tokens.digest_for(invitation_id)
    return organization_id, invitation_id, digest, tokens.link_token(organization_id, invitation_id, digest)


def test_a_link_is_the_same_each_time_it_is_made_and_names_nobody():
    organization_id, invitation_id, digest, token = make()

    assert tokens.link_token(organization_id, invitation_id, digest) == token
    assert tokens.parse(token) == (organization_id, digest)
    assert invitation_id.hex not in base64.urlsafe_b64decode(token.partition(".")[2] + "==").hex()
    assert digest not in token


def test_no_change_of_one_character_is_accepted():
    organization_id, _invitation_id, digest, token = make()

    for position, old in enumerate(token):
        for new in ALPHABET + ".=+ é":
            changed = token[:position] + new + token[position + 1 :]
            if new != old:
                assert tokens.parse(changed) != (organization_id, digest)


@pytest.mark.parametrize("garbage", ["", ".", "a.b", "not a token", "x" * 5000, "\0.\0", "٣٤.٥٦", "..", "=.="])
def test_garbage_is_no_token(garbage):
    assert tokens.parse(garbage) is None


def test_after_a_rotation_of_the_secret_key_waiting_mails_still_carry_their_link(settings):
    organization_id, invitation_id, digest, token = make()

    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a new one"
    assert tokens.link_token(organization_id, invitation_id, digest) == token

    settings.SECRET_KEY_FALLBACKS = []
    assert tokens.link_token(organization_id, invitation_id, digest) is None


def test_find_invitation_enters_the_organization_of_the_link(organization, inside):
    invitation = SurveyInvitationFactory()
    token = tokens.link_token(organization.pk, invitation.pk, invitation.token_digest)

    with find_invitation(token) as found:
        assert found == invitation
        assert services.open_invitation(invitation=found) is None


@pytest.mark.django_db
def test_a_link_finds_nothing_under_another_organization(organization, other_organization):
    with tenant(organization.pk):
        invitation = SurveyInvitationFactory()
    moved = tokens.link_token(other_organization.pk, invitation.pk, invitation.token_digest)

    with find_invitation(moved) as found:
        assert found is None
    with find_invitation("garbage") as found:
        assert found is None


@pytest.mark.django_db
def test_an_expired_link_is_still_found_so_that_the_page_can_say_so(organization):
    with tenant(organization.pk):
        invitation = SurveyInvitationFactory(expires_at="2020-01-01T00:00Z")
    token = tokens.link_token(organization.pk, invitation.pk, invitation.token_digest)

    with find_invitation(token) as found:
        assert found.is_expired
