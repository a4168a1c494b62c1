from rest_framework import serializers

from accounts.api.fields import TenantRelatedField
from accounts.api.strict import StrictModelSerializer, StrictSerializer
from accounts.choices import Language
from clients.models import Contact
from interactions.choices import Scale
from interactions.models import Score, Survey, SurveyInvitation, SurveyResponse


class SurveySerializer(StrictModelSerializer):
    """One question in both languages. ``kind`` is its scale, fixed once somebody was asked.

    What stands round it (subject, introduction, second question, thanks) is in both languages or in none.
    """

    class Meta:
        model = Survey
        fields = [
            "id",
            "version",
            "name",
            "kind",
            "question_en",
            "question_ar",
            "subject_en",
            "subject_ar",
            "intro_en",
            "intro_ar",
            "second_question_en",
            "second_question_ar",
            "thanks_en",
            "thanks_ar",
            "asks_comment",
            "reply_to",
            "is_active",
            "created_at",
            "updated_at",
            "archived_at",
        ]


class NewSurveySerializer(SurveySerializer):
    """A new one can be sent at once."""

    class Meta(SurveySerializer.Meta):
        read_only_fields = ["is_active"]


class SurveyInvitationSerializer(StrictModelSerializer):
    """A survey sent to one contact; ``value`` and ``comment`` are the answer. The link is in the mail alone."""

    value = serializers.SerializerMethodField()
    comment = serializers.SerializerMethodField()

    class Meta:
        model = SurveyInvitation
        fields = [
            "id",
            "version",
            "survey",
            "campaign",
            "period",
            "client",
            "contact",
            "sent_by",
            "asked_on",
            "status",
            "language",
            "sent_at",
            "opened_at",
            "reminders_sent",
            "answered_at",
            "expires_at",
            "value",
            "comment",
            "created_at",
            "updated_at",
        ]

    def to_representation(self, invitation):
        invitation.answer = invitation.responses.first() if invitation.answered_at else None
        return super().to_representation(invitation)

    def get_value(self, invitation) -> int | None:
        return invitation.answer and invitation.answer.value

    def get_comment(self, invitation) -> str | None:
        return invitation.answer and invitation.answer.comment


class SurveyResponseSerializer(StrictModelSerializer):
    """One answer as it stands.

    The contact may change it for a day; ``version`` counts the wordings.
    """

    survey = serializers.UUIDField(source="invitation.survey_id")
    scale = serializers.ChoiceField(source="invitation.survey.kind", choices=Scale.choices)
    client = serializers.UUIDField(source="invitation.client_id")
    contact = serializers.UUIDField(source="invitation.contact_id")
    campaign = serializers.UUIDField(source="invitation.campaign_id", allow_null=True)

    class Meta:
        model = SurveyResponse
        fields = [
            "id",
            "invitation",
            "survey",
            "campaign",
            "client",
            "contact",
            "scale",
            "value",
            "comment",
            "second_answer",
            "language",
            "answered_at",
            "version",
        ]
        read_only_fields = fields


class TestInput(StrictSerializer):
    """In which language the test is written."""

    language = serializers.ChoiceField(choices=Language.choices)


class SendInput(StrictSerializer):
    """Which question goes to whom. The contact's language decides in which language."""

    survey = TenantRelatedField(queryset=Survey.objects.all())
    contact = TenantRelatedField(queryset=Contact.objects.select_related("client"))


class ScoreSerializer(StrictModelSerializer):
    """NPS from 0 to 10, CSAT from 1 to 5, CES from 1 to 7. Once recorded it stays."""

    class Meta:
        model = Score
        fields = ["id", "client", "contact", "scale", "value", "at", "source", "interaction", "survey_response"]
        read_only_fields = ["survey_response"]
