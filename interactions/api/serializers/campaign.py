from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.fields import TenantRelatedField
from accounts.api.strict import StrictModelSerializer, StrictSerializer
from interactions.campaigns.audience import LABELS, MAX_VALUES
from interactions.choices import CampaignPause
from interactions.models import Campaign, Survey
from interactions.models.campaign import MAX_REMINDERS


@extend_schema_field(
    {
        "type": "object",
        "properties": {name: {"type": "array", "items": {"type": "string"}, "maxItems": MAX_VALUES} for name in LABELS},
        "additionalProperties": False,
    }
)
class AudienceField(serializers.JSONField):
    """Lists of values by criterion; the keys of products, managers, teams and tags, the words of the others."""


class CampaignSerializer(StrictModelSerializer):
    """A survey to many contacts. It is a draft until ``start``; then only its name can be changed.

    ``audience`` narrows by ``tiers``, ``lifecycles``, ``products``, ``managers``, ``teams``, ``tags``, ``countries``,
    ``segments`` and ``roles`` of contacts; what is not named includes everybody at current clients. ``trigger`` is ""
    for once, or ``quarterly``, ``after_onboarding``, ``before_contract_end``, ``after_interaction`` (whose kind is
    ``trigger_value``). ``reminders`` are at most two numbers of days after sending.
    """

    audience = AudienceField(required=False)
    reminders = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=364), max_length=MAX_REMINDERS, required=False
    )
    survey = TenantRelatedField(queryset=Survey.objects.all())
    pause_reason = serializers.ChoiceField(choices=CampaignPause.choices, allow_blank=True, read_only=True)

    class Meta:
        model = Campaign
        fields = [
            "id",
            "version",
            "name",
            "survey",
            "trigger",
            "trigger_days",
            "trigger_hours",
            "trigger_value",
            "audience",
            "sample_percent",
            "one_per_client",
            "rest_days",
            "expires_after_days",
            "reminders",
            "reminds_on_working_days",
            "starts_at",
            "status",
            "pause_reason",
            "started_at",
            "finished_at",
            "created_by",
            "created_at",
            "updated_at",
            "archived_at",
        ]
        read_only_fields = ["status", "pause_reason", "started_at", "finished_at", "created_by"]


class ProgressOutput(serializers.Serializer):
    """What became of a campaign's invitations, of clients that you see; each is counted once beside ``opened``."""

    expected = serializers.IntegerField(allow_null=True, help_text="How many it set out to ask, while it still does.")
    asked = serializers.IntegerField(help_text="Invitations made so far.")
    queued = serializers.IntegerField()
    sent = serializers.IntegerField(help_text="Taken by a mail server and not returned.")
    opened = serializers.IntegerField()
    answered = serializers.IntegerField()
    expired = serializers.IntegerField()
    bounced = serializers.IntegerField()
    suppressed = serializers.IntegerField()
    cancelled = serializers.IntegerField()
    reminders = serializers.IntegerField()
    percent = serializers.FloatField(help_text="How much of the sending is done, 0 to 100.")
    response_rate = serializers.FloatField(allow_null=True, help_text="Answered of sent, 0 to 1.")


class HeadcountInput(StrictSerializer):
    """An audience that need not be a campaign's yet."""

    audience = AudienceField(required=False)
    sample_percent = serializers.IntegerField(min_value=1, max_value=100, required=False)
    one_per_client = serializers.BooleanField(required=False)
    rest_days = serializers.IntegerField(min_value=0, max_value=730, required=False)


class LeftOutOutput(serializers.Serializer):
    left = serializers.IntegerField()
    no_email = serializers.IntegerField()
    no_consent = serializers.IntegerField()
    resting = serializers.IntegerField()
    suppressed = serializers.IntegerField()
    sampled_out = serializers.IntegerField()
    same_client = serializers.IntegerField()


class HeadcountOutput(serializers.Serializer):
    """Whom an audience reaches now: everybody who matches is to be asked, or left out for one reason."""

    matching = serializers.IntegerField()
    to_ask = serializers.IntegerField()
    clients = serializers.IntegerField()
    left_out = LeftOutOutput()
