from rest_framework.decorators import action

from accounts.api.base import ArchiveMixin, ChangeMixin, CreateMixin, ListMixin, MemberViewSet, RetrieveMixin
from interactions import services
from interactions.api.serializers import (
    NewSurveySerializer,
    ScoreSerializer,
    SendInput,
    SurveyInvitationSerializer,
    SurveyResponseSerializer,
    SurveySerializer,
    TestInput,
)
from interactions.filters import (
    INVITATION_ORDERINGS,
    RESPONSE_ORDERINGS,
    SCORE_ORDERINGS,
    SURVEY_ORDERINGS,
    ScoreFilter,
    SurveyFilter,
    SurveyInvitationFilter,
    SurveyResponseFilter,
)
from interactions.models import Score, Survey, SurveyInvitation, SurveyResponse


class SurveyViewSet(ListMixin, RetrieveMixin, CreateMixin, ChangeMixin, ArchiveMixin, MemberViewSet):
    """Satisfaction questions."""

    queryset = Survey.objects.all()
    serializer_class = SurveySerializer
    filterset_class = SurveyFilter
    inputs = {"create": NewSurveySerializer, "test": TestInput}
    permissions = {"test": "interactions.change_survey"}
    ordering_fields = SURVEY_ORDERINGS
    ordering = ("name",)
    row_fields = {name: name for name in SurveySerializer.Meta.fields}

    def perform_create(self, serializer):
        return services.add_survey(actor=self.member, **serializer.validated_data)

    def perform_change(self, survey, version, data):
        return services.change_survey(actor=self.member, survey=survey, version=version, **data)

    def perform_archive(self, survey, version):
        services.archive_survey(actor=self.member, survey=survey, version=version)

    def perform_restore(self, survey):
        return services.restore_survey(actor=self.member, survey=survey)

    @action(detail=True, methods=["post"])
    def test(self, request, **kwargs):
        """Send the survey's mail to yourself, marked as a test: nobody is asked and nothing is recorded."""
        survey = self.get_object()
        services.send_test_survey(actor=self.member, survey=survey, **self.input())
        return self.answer(survey)


class SurveyInvitationViewSet(ListMixin, RetrieveMixin, CreateMixin, MemberViewSet):
    """Surveys that were sent. POST sends one by mail, at most one in 90 days to each contact."""

    queryset = SurveyInvitation.objects.select_related("survey", "client", "contact")
    serializer_class = SurveyInvitationSerializer
    filterset_class = SurveyInvitationFilter
    hides_archived = False
    inputs = {"create": SendInput}
    ordering_fields = INVITATION_ORDERINGS
    ordering = ("-created_at",)
    row_fields = {
        **{name: name for name in SurveyInvitationSerializer.Meta.fields if name != "comment"},
        "survey": "survey_id",
        "campaign": "campaign_id",
        "client": "client_id",
        "contact": "contact_id",
        "sent_by": "sent_by_id",
        "value": "responses__value",
    }

    def perform_create(self, serializer):
        return services.send_survey(actor=self.member, **serializer.validated_data)


class SurveyResponseViewSet(ListMixin, RetrieveMixin, MemberViewSet):
    """What contacts answered, with their words."""

    queryset = SurveyResponse.objects.select_related("invitation__survey")
    serializer_class = SurveyResponseSerializer
    filterset_class = SurveyResponseFilter
    ordering_fields = RESPONSE_ORDERINGS
    ordering = ("-answered_at",)
    row_fields = {
        **{name: name for name in SurveyResponseSerializer.Meta.fields},
        "invitation": "invitation_id",
        "survey": "invitation__survey_id",
        "campaign": "invitation__campaign_id",
        "client": "invitation__client_id",
        "contact": "invitation__contact_id",
        "scale": "invitation__survey__kind",
    }


class ScoreViewSet(ListMixin, RetrieveMixin, CreateMixin, MemberViewSet):
    """Every measured satisfaction: answers to surveys, ratings of tickets, figures of other systems."""

    queryset = Score.objects.select_related("client")
    serializer_class = ScoreSerializer
    filterset_class = ScoreFilter
    ordering_fields = SCORE_ORDERINGS
    ordering = ("-at",)
    row_fields = {
        **{name: name for name in ScoreSerializer.Meta.fields},
        "client": "client_id",
        "contact": "contact_id",
        "interaction": "interaction_id",
        "survey_response": "survey_response_id",
    }

    def perform_create(self, serializer):
        return services.record_score(actor=self.member, **serializer.validated_data)
