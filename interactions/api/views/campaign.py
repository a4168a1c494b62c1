from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.api.base import ArchiveMixin, ChangeMixin, CreateMixin, ListMixin, MemberViewSet, RetrieveMixin
from interactions import services
from interactions.api.serializers.campaign import (
    CampaignSerializer,
    HeadcountInput,
    HeadcountOutput,
    ProgressOutput,
)
from interactions.campaigns.filters import CAMPAIGN_ORDERINGS, CampaignFilter
from interactions.campaigns.progress import progress_of
from interactions.models import Campaign


class CampaignViewSet(ListMixin, RetrieveMixin, CreateMixin, ChangeMixin, ArchiveMixin, MemberViewSet):
    """Surveys to many: made, started, paused, resumed, stopped; their progress; a count before anything is sent."""

    queryset = Campaign.objects.select_related("survey", "created_by__user")
    serializer_class = CampaignSerializer
    filterset_class = CampaignFilter
    inputs = {"headcount": HeadcountInput}
    outputs = {"headcount": HeadcountOutput, "progress": ProgressOutput}
    permissions = {"progress": "interactions.view_campaign", "headcount": "interactions.add_campaign"}
    ordering_fields = CAMPAIGN_ORDERINGS
    ordering = ("-created_at",)
    row_fields = {
        **{name: name for name in CampaignSerializer.Meta.fields},
        "survey": "survey_id",
        "created_by": "created_by_id",
    }

    def perform_create(self, serializer):
        return services.add_campaign(actor=self.member, **serializer.validated_data)

    def perform_change(self, campaign, version, data):
        return services.change_campaign(actor=self.member, campaign=campaign, version=version, **data)

    def perform_archive(self, campaign, version):
        services.archive_campaign(actor=self.member, campaign=campaign, version=version)

    def perform_restore(self, campaign):
        return services.restore_campaign(actor=self.member, campaign=campaign)

    @action(detail=True, methods=["post"])
    def start(self, request, pk):
        """Begin to ask; the first mails go out within seconds, in the hours of each recipient."""
        campaign = self.get_object()
        self.input()
        return self.answer(services.start_campaign(actor=self.member, campaign=campaign))

    @action(detail=True, methods=["post"])
    def pause(self, request, pk):
        """Hold back what waits. Mails that are at the mail server already still arrive."""
        campaign = self.get_object()
        self.input()
        return self.answer(services.pause_campaign(actor=self.member, campaign=campaign))

    @action(detail=True, methods=["post"])
    def resume(self, request, pk):
        """Go on where it was paused."""
        campaign = self.get_object()
        self.input()
        return self.answer(services.resume_campaign(actor=self.member, campaign=campaign))

    @action(detail=True, methods=["post"])
    def stop(self, request, pk):
        """For ever: what waits is cancelled. Whoever was asked can still answer."""
        campaign = self.get_object()
        self.input()
        return self.answer(services.stop_campaign(actor=self.member, campaign=campaign))

    @action(detail=True, methods=["get"])
    def progress(self, request, pk):
        """How far it has got."""
        campaign = self.get_object()
        return Response(ProgressOutput(progress_of([campaign], self.member)[campaign.pk]).data)

    @action(detail=False, methods=["post"])
    def headcount(self, request):
        """How many an audience reaches now, and how many are left out for which reason. Writes nothing."""
        campaign = Campaign(created_by=self.member, **self.input())
        return Response(HeadcountOutput(services.headcount(campaign=campaign)).data)
