from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.api.base import ArchiveMixin, ChangeMixin, CreateMixin, ListMixin, MemberViewSet, RetrieveMixin
from accounts.api.upsert import UpsertMixin
from clients import services
from clients.api.serializers import AssignInput, ChurnInput, ClientSerializer, ReassignInput, UnassignInput
from clients.api.serializers.client import AssignmentSerializer
from clients.filters import CLIENT_ORDERINGS, ClientFilter
from clients.models import Client


class ClientViewSet(ListMixin, RetrieveMixin, CreateMixin, ChangeMixin, ArchiveMixin, UpsertMixin, MemberViewSet):
    """Companies that the organization looks after."""

    queryset = Client.objects.all()
    serializer_class = ClientSerializer
    filterset_class = ClientFilter
    permissions = {"team": "clients.view_client", "churn": "clients.record_churn_client"}
    inputs = {"reassign": ReassignInput, "assign": AssignInput, "unassign": UnassignInput, "churn": ChurnInput}
    ordering_fields = CLIENT_ORDERINGS
    ordering = ("search_text",)
    row_fields = {
        "id": "id",
        "version": "version",
        "name": "name",
        "name_other": "name_other",
        "tier": "tier",
        "industry": "industry",
        "country": "country",
        "lifecycle": "lifecycle",
        "currency": "currency",
        "mrr_minor": "mrr_minor",
        "main_manager": "main_manager_id",
        "since": "since",
        "next_renewal_on": "next_renewal_on",
        "last_contact_at": "last_contact_at",
        "last_nps": "last_nps",
        "last_csat": "last_csat",
        "critical_concerns": "critical_concerns",
        "updated_at": "updated_at",
        "archived_at": "archived_at",
    }

    def perform_create(self, serializer):
        data = serializer.validated_data
        manager = data.get("main_manager")
        if manager is not None and manager.member_id != self.member.pk:
            self.require("clients.assign_client")
        client = services.add_client(actor=self.member, **data)
        client.has_no_tags = not data.get("tags")
        return client

    def perform_change(self, client, version, data):
        data = dict(data)
        manager = data.pop("main_manager", client.main_manager)
        changed = services.change_client(actor=self.member, client=client, version=version, **data)
        if manager == client.main_manager:
            return changed
        self.require("clients.reassign_client", client)
        return services.reassign_client(actor=self.member, client=changed, manager=manager)

    def perform_archive(self, client, version):
        services.archive_client(actor=self.member, client=client, version=version)

    def perform_restore(self, client):
        return services.restore_client(actor=self.member, client=client)

    @action(detail=True, methods=["post"])
    def reassign(self, request, pk):
        """Make somebody else the main manager, or nobody."""
        client = self.get_object()
        return self.answer(services.reassign_client(actor=self.member, client=client, **self.input()))

    @action(detail=True, methods=["post"])
    def assign(self, request, pk):
        """Put a manager on the account team, or give one who is on it another role or share."""
        client = self.get_object()
        services.assign_manager(actor=self.member, client=client, **self.input())
        client.refresh_from_db()
        return self.answer(client)

    @action(detail=True, methods=["post"])
    def unassign(self, request, pk):
        """Take a manager off the account team."""
        client = self.get_object()
        return self.answer(services.unassign_manager(actor=self.member, client=client, **self.input()))

    @action(detail=True, methods=["post"])
    def churn(self, request, pk):
        """Note that the client left, and why; what still runs ends on that day."""
        client = self.get_object()
        services.record_churn(actor=self.member, client=client, **self.input())
        client.refresh_from_db()
        return self.answer(client)

    @action(detail=True, methods=["get"])
    def team(self, request, pk):
        """Who looks after the client now."""
        places = self.get_object().assignments.current().order_by("from_on", "id")
        serializer = AssignmentSerializer(places, many=True, context=self.get_serializer_context())
        return Response({"results": serializer.data, "next": None, "previous": None})
