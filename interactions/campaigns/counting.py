"""How many an audience reaches, and who is left out and why: said before anything is sent."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Case, CharField, Count, Q, Value, When
from django.utils.translation import gettext_lazy as _

from accounts.dispatch.suppression import suppressed_among
from clients.models import Contact
from interactions.campaigns import audience
from interactions.campaigns.clock import Clock
from interactions.campaigns.sampling import is_sampled
from interactions.models import Campaign

if TYPE_CHECKING:
    from accounts.models import Membership

REASONS: dict[str, Any] = {
    "left": _("no longer at the client"),
    "no_email": _("no e-mail address"),
    "no_consent": _("does not want to be surveyed"),
    "resting": _("asked a short while ago"),
    "suppressed": _("the address is suppressed"),
    "sampled_out": _("not in the sample"),
    "same_client": _("another contact of the client is asked"),
}
# Further ones of those who were not asked: nothing keeps them from it.
LATER: dict[str, Any] = {
    "not_yet": _("not asked yet"),
    "too_late": _("could be asked only after the campaign had gone through"),
}


@dataclass(frozen=True)
class Headcount:
    """``matching`` contacts fit the audience; each of them is in ``to_ask`` or under exactly one reason."""

    matching: int
    to_ask: int
    clients: int
    left_out: dict[str, int]

    @property
    def omitted(self) -> int:
        return self.matching - self.to_ask

    @property
    def reasons(self) -> list[tuple[Any, int]]:
        """Why people are left out, in words, the commonest first."""
        return sorted(((REASONS[name], n) for name, n in self.left_out.items() if n), key=lambda pair: -pair[1])


def count(campaign: Campaign, clock: Clock, member: "Membership | None" = None) -> Headcount:
    """The audience as it stands. ``campaign`` need not be stored yet. Three statements, whatever the size."""
    contacts = audience.contacts_of(campaign, clock.today, member)
    left_out = dict.fromkeys(REASONS, 0)
    rows = contacts.order_by().annotate(reason=reason_of(campaign, clock)).values("reason").annotate(n=Count("pk"))
    by_reason = dict(rows.values_list("reason", "n"))
    left_out |= {name: n for name, n in by_reason.items() if name}
    able = audience.askable(contacts, campaign.rest_days, clock.today)
    people = list(able.order_by().values_list("pk", "client_id", "email")) if by_reason.get("") else []
    suppressed = suppressed_among(email for _pk, _client, email in people)
    willing = [(pk, client) for pk, client, email in people if email.strip().lower() not in suppressed]
    picked = [client for pk, client in willing if is_sampled(campaign.pk, pk, "", campaign.sample_percent)]
    to_ask = len(set(picked)) if campaign.one_per_client else len(picked)
    left_out["suppressed"] = len(people) - len(willing)
    left_out["sampled_out"] = len(willing) - len(picked)
    left_out["same_client"] = len(picked) - to_ask
    return Headcount(sum(by_reason.values()), to_ask, len(set(picked)), left_out)


def why_not(campaign: Campaign, contact: Contact, clock: Clock) -> str:
    """The first thing that keeps a contact of the audience from being asked, a key of ``REASONS``, or ""."""
    row = Contact.objects.filter(pk=contact.pk).annotate(reason=reason_of(campaign, clock)).values("reason").get()
    if row["reason"]:
        return str(row["reason"])
    if suppressed_among([contact.email]):
        return "suppressed"
    return "" if is_sampled(campaign.pk, contact.pk, "", campaign.sample_percent) else "sampled_out"


def reason_of(campaign: Campaign, clock: Clock) -> Case:
    """What keeps a contact from being asked, as far as the contact's own row tells."""
    return Case(
        When(left_on__isnull=False, then=Value("left")),
        When(email="", then=Value("no_email")),
        When(survey_consent=False, then=Value("no_consent")),
        When(~Q(audience.rested_q(campaign.rest_days, clock.today)), then=Value("resting")),
        default=Value(""),
        output_field=CharField(),
    )
