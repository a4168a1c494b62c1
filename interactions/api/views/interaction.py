from accounts.api.base import ArchiveMixin, ChangeMixin, CreateMixin, ListMixin, MemberViewSet, RetrieveMixin
from interactions import services
from interactions.api.serializers import (
    InteractionSerializer,
    KnownInteractionSerializer,
    NewInteractionSerializer,
)
from interactions.filters import INTERACTION_ORDERINGS, InteractionFilter
from interactions.models import Interaction

IN_THE_ROW = ("contacts", "members", "managers")


class InteractionViewSet(ListMixin, RetrieveMixin, CreateMixin, ChangeMixin, ArchiveMixin, MemberViewSet):
    """What happened with clients. The list leaves out who took part."""

    queryset = Interaction.objects.select_related("client__main_manager")
    serializer_class = InteractionSerializer
    filterset_class = InteractionFilter
    inputs = {"create": NewInteractionSerializer, "partial_update": KnownInteractionSerializer}
    ordering_fields = INTERACTION_ORDERINGS
    ordering = ("-happened_at",)
    row_fields = {
        **{name: name for name in InteractionSerializer.Meta.fields if name not in IN_THE_ROW},
        "client": "client_id",
        "logged_by": "logged_by_id",
        "on_behalf_of": "on_behalf_of_id",
    }

    def perform_create(self, serializer):
        return services.log_interaction(actor=self.member, **serializer.validated_data)

    def perform_change(self, interaction, version, data):
        return services.change_interaction(actor=self.member, interaction=interaction, version=version, **data)

    def perform_archive(self, interaction, version):
        services.archive_interaction(actor=self.member, interaction=interaction, version=version)

    def perform_restore(self, interaction):
        return services.restore_interaction(actor=self.member, interaction=interaction)
