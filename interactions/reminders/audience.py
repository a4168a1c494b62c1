"""Who is told: found for many reminders at once, in a fixed number of statements."""

import uuid
from collections.abc import Iterable
from datetime import date
from functools import cached_property

from accounts.choices import Role
from accounts.models import Membership
from clients.models import Client
from interactions.reminders.registry import Audience
from managers.models import Absence, AccountManager


class Recipients:
    """The present answer to "whom do we tell?" in the current organization, for one turn of the clock.

    The client's main manager; while they are away, their substitute; without one, somebody above; at last a lead or an
    admin. Who is no longer active is nobody.
    """

    def __init__(self, today: date, client_ids: Iterable[uuid.UUID]) -> None:
        self.today = today
        self._client_ids = set(client_ids)

    def find(self, audience: Audience) -> uuid.UUID | None:
        """A member's key; None when the organization has nobody left."""
        if audience.member_id in self._active:
            return audience.member_id
        told = self._of_manager(audience.manager_id)
        if told is None and audience.client_id is not None:
            told = self._of_manager(self._main_managers.get(audience.client_id))
        return told or self._last_resort

    def _of_manager(self, manager_id: uuid.UUID | None) -> uuid.UUID | None:
        while manager_id is not None:
            member_id, above = self._managers.get(manager_id, (None, None))
            stand_in, _above = self._managers.get(self._substitutes.get(manager_id), (None, None))
            for candidate in (stand_in, member_id):
                if candidate in self._active:
                    return candidate
            manager_id = above
        return None

    @cached_property
    def _active(self) -> dict[uuid.UUID | None, str]:
        return dict(Membership.objects.active().order_by("pk").values_list("pk", "role"))

    @cached_property
    def _managers(self) -> dict[uuid.UUID | None, tuple[uuid.UUID | None, uuid.UUID | None]]:
        rows = AccountManager.objects.values_list("pk", "member_id", "reports_to_id")
        return {pk: (member_id, above) for pk, member_id, above in rows}

    @cached_property
    def _substitutes(self) -> dict[uuid.UUID, uuid.UUID]:
        return dict(Absence.objects.on(self.today).values_list("manager_id", "substitute_id"))

    @cached_property
    def _main_managers(self) -> dict[uuid.UUID, uuid.UUID | None]:
        return dict(Client.objects.filter(pk__in=self._client_ids).values_list("pk", "main_manager_id"))

    @cached_property
    def _last_resort(self) -> uuid.UUID | None:
        above = {member_id for member_id, boss in self._managers.values() if boss is None}
        leads = [pk for pk, role in self._active.items() if role == Role.LEAD]
        admins = [pk for pk, role in self._active.items() if role == Role.ADMIN]
        return next((pk for pk in leads if pk in above), None) or next(iter([*leads, *admins]), None)
