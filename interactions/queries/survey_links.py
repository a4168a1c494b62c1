"""From a link in a mail to its invitation, before anybody has signed in."""

from collections.abc import Iterator
from contextlib import contextmanager

from accounts.tenancy.context import tenant
from interactions import tokens
from interactions.models import SurveyInvitation


@contextmanager
def find_invitation(token: str) -> Iterator[SurveyInvitation | None]:
    """Enter the organization that the token claims, with its invitation, or None when there is no such link.

    The claim decides only where to look: the digest is searched under that organization's row-level security. Expired
    invitations are found too, so that the page can say so and unsubscribing still works. For garbage no
    organization is entered: whoever gets None must not query.
    """
    parsed = tokens.parse(token)
    if parsed is None:
        yield None
        return
    organization_id, digest = parsed
    with tenant(organization_id):
        yield (
            SurveyInvitation.objects.select_related("organization", "survey", "client", "contact", "sent_by__user")
            .filter(token_digest=digest)
            .first()
        )
