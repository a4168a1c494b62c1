"""Clients that may be the same company, so that nobody is added twice under another spelling."""

from difflib import SequenceMatcher

from accounts.models import Membership
from accounts.text import fold
from clients.models import Client

# Words that say what kind of company it is and not which one, folded.
COMPANY_WORDS = frozenset(
    fold(
        "co company corp corporation inc limited llc llp ltd plc gmbh sa sarl bv the group holding holdings "
        "شركة الشركة مؤسسة المؤسسة مجموعة المجموعة القابضة المحدودة ذات مسؤولية محدودة مساهمة"
    ).split()
)
ALIKE = 0.8
CANDIDATES = 50


def similar_clients(*, member: Membership, name: str, exclude: Client | None = None, limit: int = 5) -> list[Client]:
    """Visible clients with nearly this name in either script, archived ones too; the likeliest first."""
    core = _core(name)
    longest = max(core, key=len, default="")
    if len(longest) < 3:
        return []
    rows = Client.objects.visible_to(member).filter(search_text__contains=longest[: max(4, len(longest) - 2)])
    if exclude is not None:
        rows = rows.exclude(pk=exclude.pk)
    rated = [(_likeness(core, client), client) for client in rows.for_list()[:CANDIDATES]]
    rated.sort(key=lambda pair: (-pair[0], pair[1].search_text))
    return [client for likeness, client in rated if likeness >= ALIKE][:limit]


def _core(name: str) -> list[str]:
    words = fold(name).replace(".", "").replace(",", " ").split()
    return [word for word in words if word not in COMPANY_WORDS] or words


def _likeness(core: list[str], client: Client) -> float:
    return max(_compare(core, _core(name)) for name in (client.name, client.name_other) if name)


def _compare(one: list[str], other: list[str]) -> float:
    """One name's words all stand in the other, or the letters nearly agree."""
    if set(one) <= set(other) or set(other) <= set(one):
        return 1.0
    return SequenceMatcher(None, " ".join(one), " ".join(other)).ratio()
