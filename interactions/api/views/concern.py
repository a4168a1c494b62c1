from rest_framework.decorators import action

from accounts.api.base import ArchiveMixin, ChangeMixin, CreateMixin, ListMixin, MemberViewSet, RetrieveMixin
from interactions import services
from interactions.api.serializers import AdvanceInput, ConcernSerializer, KnownConcernSerializer
from interactions.filters import CONCERN_ORDERINGS, ConcernFilter
from interactions.models import Concern


class ConcernViewSet(ListMixin, RetrieveMixin, CreateMixin, ChangeMixin, ArchiveMixin, MemberViewSet):
    """What troubles clients, from opened to resolved or lost."""

    queryset = Concern.objects.select_related("client__main_manager")
    serializer_class = ConcernSerializer
    filterset_class = ConcernFilter
    inputs = {"partial_update": KnownConcernSerializer, "advance": AdvanceInput}
    ordering_fields = CONCERN_ORDERINGS
    ordering = ("-opened_at",)
    row_fields = {
        **{name: name for name in ConcernSerializer.Meta.fields if name != "detail"},
        "client": "client_id",
    }

    def perform_create(self, serializer):
        return services.open_concern(actor=self.member, **serializer.validated_data)

    def perform_change(self, concern, version, data):
        return services.change_concern(actor=self.member, concern=concern, version=version, **data)

    def perform_archive(self, concern, version):
        services.archive_concern(actor=self.member, concern=concern, version=version)

    def perform_restore(self, concern):
        return services.restore_concern(actor=self.member, concern=concern)

    @action(detail=True, methods=["post"])
    def advance(self, request, pk):
        """There is a plan, or somebody works on it."""
        concern = self.get_object()
        return self.answer(services.advance_concern(actor=self.member, concern=concern, **self.input()))

    @action(detail=True, methods=["post"])
    def resolve(self, request, pk):
        concern = self.get_object()
        self.input()
        return self.answer(services.resolve_concern(actor=self.member, concern=concern))

    @action(detail=True, methods=["post"])
    def lose(self, request, pk):
        """It ends unsolved."""
        concern = self.get_object()
        self.input()
        return self.answer(services.lose_concern(actor=self.member, concern=concern))

    @action(detail=True, methods=["post"])
    def reopen(self, request, pk):
        concern = self.get_object()
        self.input()
        return self.answer(services.reopen_concern(actor=self.member, concern=concern))
