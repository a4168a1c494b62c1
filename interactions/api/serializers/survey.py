from rest_framework import serializers

from accounts.api.fields import TenantRelatedField
from accounts.api.strict import StrictModelSerializer, StrictSerializer
from clients.models import Contact
from interactions.models import Score, Survey, SurveyInvitation


class SurveySerializer(StrictModelSerializer):
    """One question in both languages. ``kind`` is its scale, fixed once somebody was asked."""

    class Meta:
        model = Survey
        fields = [
            "id",
            "version",
            "name",
            "kind",
            "question_en",
            "question_ar",
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
            "client",
            "contact",
            "sent_by",
            "asked_on",
            "status",
            "language",
            "sent_at",
            "opened_at",
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
