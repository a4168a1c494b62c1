"""API tokens: made, found, revoked."""

import datetime

from django.db import transaction
from django.db.models import DateTimeField, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.choices import Role, Scope
from accounts.exceptions import DomainError
from accounts.models import ApiToken, Membership
from accounts.services import secrets
from accounts.services.audit import record
from accounts.services.changes import change
from accounts.tenancy.context import required_organization_id
from accounts.tenancy.kept import Kept, Slot, kept

KIND = "rfq"
LAST_USED_PRECISION = datetime.timedelta(minutes=1)


@transaction.atomic
def create_token(
    *,
    actor: Membership | None,
    member: Membership,
    name: str,
    scopes: list[str],
    expires_at: datetime.datetime | None = None,
) -> tuple[ApiToken, str]:
    """Make a token for ``member``; returns the row and the secret, which is not kept and cannot be shown again."""
    unknown = sorted(set(scopes) - set(Scope.values))
    if unknown or not scopes:
        raise DomainError({"scopes": _("Choose among these scopes: %(scopes)s.") % {"scopes": ", ".join(Scope.values)}})
    if Scope.ADMIN in scopes and member.role != Role.ADMIN:
        raise DomainError({"scopes": _("Only an admin’s token can have the scope “admin”.")})
    if expires_at is not None and expires_at <= timezone.now():
        raise DomainError({"expires_at": _("This moment has passed. Choose a later one, or none.")})
    secret = secrets.make(KIND, required_organization_id())
    token = ApiToken(
        name=name,
        member=member,
        scopes=sorted(set(scopes)),
        prefix=secret.partition(".")[2][:8],
        digest=secrets.digest_of(secret),
        expires_at=expires_at,
    )
    token.full_clean(exclude=["organization"])
    token.save(force_insert=True)
    record(actor=actor, verb="created", obj=token, after={"member": str(member), "scopes": token.scopes})
    return token, secret


def find_token(digest: str) -> ApiToken | None:
    """The live token with this digest here, with its member, user and organization: one query."""
    return kept("live token", lambda: Kept(_live_token())).first(digest=digest, now=timezone.now())


def _live_token() -> QuerySet[ApiToken]:
    live = ApiToken.objects.live(now=Slot("now", DateTimeField()))
    return live.select_related("member__user", "organization").filter(digest=Slot("digest"))


def note_use(token: ApiToken) -> None:
    """Remember when the token was last used, to the minute, so that reading does not write every time.

    A row that another request holds is left alone: requests of one token must not wait for each other.
    """
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > LAST_USED_PRECISION:
        free = ApiToken.objects.filter(pk=token.pk).select_for_update(skip_locked=True)
        ApiToken.objects.filter(pk__in=free.values("pk")).update(last_used_at=now)


def revoke_token(*, actor: Membership, token: ApiToken) -> ApiToken:
    """Stop a token at once and for good."""
    if token.revoked_at is not None:
        return token
    return change(actor=actor, obj=token, verb="revoked", revoked_at=timezone.now())
