"""What pages outside every organization need to know about a person."""

from django.db.models.functions import Lower

from accounts.models import Membership, User
from accounts.tenancy.context import acting_user


def memberships_of(user: User) -> list[Membership]:
    """The user's own active memberships with their organizations, by name: never anybody else's."""
    with acting_user(user.pk):
        own = Membership.own.filter(user_id=user.pk, is_active=True).select_related("organization")
        return list(own.order_by(Lower("organization__name"), "pk"))
