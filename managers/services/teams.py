from django.utils.translation import ngettext

from accounts.models import Membership
from accounts.services import changes
from managers.exceptions import TeamInUse
from managers.models import AccountManager, Team


def add_team(*, actor: Membership | None, name: str) -> Team:
    return changes.add(actor=actor, obj=Team(name=name))


def change_team(*, actor: Membership | None, team: Team, name: str, version: int | None = None) -> Team:
    return changes.change(actor=actor, obj=team, version=version, name=name)


def archive_team(*, actor: Membership | None, team: Team, version: int | None = None) -> Team:
    """Close a team that nobody belongs to any more."""
    members = AccountManager.objects.active().filter(team=team).count()
    if members:
        raise TeamInUse(
            ngettext(
                "%(count)d manager still belongs to this team. Move them to another team first.",
                "%(count)d managers still belong to this team. Move them to another team first.",
                members,
            )
            % {"count": members}
        )
    return changes.archive(actor=actor, obj=team, version=version)


def restore_team(*, actor: Membership | None, team: Team, version: int | None = None) -> Team:
    return changes.restore(actor=actor, obj=team, version=version)
