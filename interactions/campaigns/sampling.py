"""Who is picked. No chance is involved: the same campaign picks the same people however often it is counted."""

import hashlib
import uuid
from collections.abc import Iterable

from clients.choices import Influence
from clients.models import Contact

_INFLUENCE = {Influence.HIGH: 0, Influence.MEDIUM: 1, Influence.LOW: 2}
_SHARES = 10_000


def _share(campaign_id: uuid.UUID, contact_id: uuid.UUID, period: str) -> int:
    digest = hashlib.sha256(f"{campaign_id}:{contact_id}:{period}".encode()).digest()
    return int.from_bytes(digest[:8]) % _SHARES


def is_sampled(campaign_id: uuid.UUID, contact_id: uuid.UUID, period: str, percent: int) -> bool:
    """Whether the contact belongs to the sample. Each occasion draws anew, so that it is not always the same few."""
    return percent >= 100 or _share(campaign_id, contact_id, period) < percent * _SHARES // 100


def best_of(campaign_id: uuid.UUID, contacts: Iterable[Contact], period: str) -> Contact:
    """The one to ask when only one may be: the primary contact, else the most influential, else by lot."""
    return min(
        contacts,
        key=lambda contact: (
            not contact.is_primary,
            _INFLUENCE.get(Influence(contact.influence), 1),
            _share(campaign_id, contact.pk, period),
        ),
    )
