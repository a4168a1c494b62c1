from rest_framework.decorators import action

from accounts.api.base import ArchiveMixin, ChangeMixin, CreateMixin, ListMixin, MemberViewSet, RetrieveMixin
from clients import services
from clients.api.serializers import LoseInput, MoveInput, NewOpportunitySerializer, OpportunitySerializer
from clients.choices import OpportunityStage
from clients.filters import OPPORTUNITY_ORDERINGS, OpportunityFilter
from clients.models import Opportunity

CLOSING = {OpportunityStage.WON: "clients.win_opportunity", OpportunityStage.LOST: "clients.lose_opportunity"}


class OpportunityViewSet(ListMixin, RetrieveMixin, CreateMixin, ChangeMixin, ArchiveMixin, MemberViewSet):
    """Chances to sell more."""

    queryset = Opportunity.objects.select_related("client")
    serializer_class = OpportunitySerializer
    filterset_class = OpportunityFilter
    inputs = {"create": NewOpportunitySerializer, "move": MoveInput, "lose": LoseInput}
    ordering_fields = OPPORTUNITY_ORDERINGS
    ordering = ("expected_close_on",)
    row_fields = {
        **{name: name for name in OpportunitySerializer.Meta.fields if name != "need"},
        "client": "client_id",
        "product": "product_id",
        "owner": "owner_id",
    }

    def perform_create(self, serializer):
        data = serializer.validated_data
        self.require("clients.add_opportunity", data["client"])
        return services.add_opportunity(actor=self.member, **data)

    def perform_change(self, opportunity, version, data):
        return services.change_opportunity(actor=self.member, opportunity=opportunity, version=version, **data)

    def perform_archive(self, opportunity, version):
        services.archive_opportunity(actor=self.member, opportunity=opportunity, version=version)

    def perform_restore(self, opportunity):
        return services.restore_opportunity(actor=self.member, opportunity=opportunity)

    @action(detail=True, methods=["post"])
    def move(self, request, pk):
        """Move to a stage; ``won`` wins and ``lost`` loses."""
        opportunity = self.get_object()
        data = self.input()
        if data["stage"] in CLOSING:
            self.require(CLOSING[data["stage"]], opportunity)
        return self.answer(services.move_opportunity(actor=self.member, opportunity=opportunity, **data))

    @action(detail=True, methods=["post"])
    def win(self, request, pk):
        opportunity = self.get_object()
        self.input()
        return self.answer(services.win_opportunity(actor=self.member, opportunity=opportunity))

    @action(detail=True, methods=["post"])
    def lose(self, request, pk):
        opportunity = self.get_object()
        return self.answer(services.lose_opportunity(actor=self.member, opportunity=opportunity, **self.input()))

    @action(detail=True, methods=["post"])
    def reopen(self, request, pk):
        """Open a won or lost opportunity again, where it stood before."""
        opportunity = self.get_object()
        self.input()
        return self.answer(services.reopen_opportunity(actor=self.member, opportunity=opportunity))
