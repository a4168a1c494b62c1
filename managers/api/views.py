from rest_framework.response import Response

from accounts.api.base import (
    ArchiveMixin,
    ChangeMixin,
    CreateMixin,
    ListMixin,
    MemberViewSet,
    RetrieveMixin,
)
from managers import services
from managers.api.serializers import AccountManagerSerializer, TeamSerializer
from managers.filters import MANAGER_ORDERINGS, TEAM_ORDERINGS, ManagerFilter, TeamFilter
from managers.models import AccountManager, Team


class TeamViewSet(ListMixin, RetrieveMixin, CreateMixin, ChangeMixin, ArchiveMixin, MemberViewSet):
    """Account managers who work together."""

    queryset = Team.objects.all()
    serializer_class = TeamSerializer
    filterset_class = TeamFilter
    ordering_fields = TEAM_ORDERINGS
    ordering = ("search_text",)
    row_fields = {name: name for name in TeamSerializer.Meta.fields}

    def perform_create(self, serializer):
        return services.add_team(actor=self.member, **serializer.validated_data)

    def perform_change(self, team, version, data):
        return services.change_team(actor=self.member, team=team, version=version, **{"name": team.name, **data})

    def perform_archive(self, team, version):
        services.archive_team(actor=self.member, team=team, version=version)

    def perform_restore(self, team):
        return services.restore_team(actor=self.member, team=team)


class AccountManagerViewSet(ListMixin, RetrieveMixin, CreateMixin, ChangeMixin, MemberViewSet):
    """People who look after clients. DELETE: the manager leaves; clients are released and reports move up one step."""

    queryset = AccountManager.objects.all()
    serializer_class = AccountManagerSerializer
    filterset_class = ManagerFilter
    permissions = {"destroy": "managers.remove_accountmanager"}
    ordering_fields = MANAGER_ORDERINGS
    ordering = ("search_text",)
    row_fields = {
        **{name: name for name in AccountManagerSerializer.Meta.fields if name != "hourly_cost_minor"},
        "member": "member_id",
        "team": "team_id",
        "reports_to": "reports_to_id",
    }
    #: What a manager may not change in their own profile, and the rule that lets others do it.
    guarded = {
        "reports_to": "managers.set_reports_to_accountmanager",
        "team": "managers.move_accountmanager",
        "fte": "managers.move_accountmanager",
        "weekly_hours": "managers.move_accountmanager",
        "hourly_cost_minor": "managers.view_cost_accountmanager",
    }

    def perform_create(self, serializer):
        return services.appoint_manager(actor=self.member, **serializer.validated_data)

    def perform_change(self, manager, version, data):
        for name in self.guarded.keys() & data.keys():
            self.require(self.guarded[name], manager)
        if "member" in data:
            self.require("managers.appoint_accountmanager", manager)
        return services.change_manager(actor=self.member, manager=manager, version=version, **data)

    def destroy(self, request, **kwargs):
        manager = self.get_object()
        services.remove_manager(actor=self.member, manager=manager, version=self.expected_version(manager))
        return Response(status=204)
