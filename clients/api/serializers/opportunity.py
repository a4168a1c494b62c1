from rest_framework import serializers

from accounts.api.fields import MoneyField
from accounts.api.strict import StrictModelSerializer, StrictSerializer
from clients.choices import OPEN_STAGES, OpportunityStage
from clients.models import Opportunity


class OpportunitySerializer(StrictModelSerializer):
    """``stage`` moves by the verbs ``move``, ``win``, ``lose`` and ``reopen``."""

    amount_minor = MoneyField(required=False, allow_null=True)
    currency = serializers.CharField(max_length=3, required=False)

    class Meta:
        model = Opportunity
        fields = [
            "id",
            "version",
            "client",
            "kind",
            "name",
            "product",
            "need",
            "amount_minor",
            "currency",
            "expected_close_on",
            "owner",
            "stage",
            "lost_reason",
            "closed_at",
            "created_at",
            "updated_at",
            "archived_at",
        ]


class NewOpportunitySerializer(OpportunitySerializer):
    """It may begin further on than ``identified``, but it begins open."""

    stage = serializers.ChoiceField(
        choices=[(stage.value, stage.label) for stage in OPEN_STAGES], default=OpportunityStage.IDENTIFIED
    )


class MoveInput(StrictSerializer):
    """``reason`` is asked for when the stage is ``lost``."""

    stage = serializers.ChoiceField(choices=OpportunityStage.choices)
    reason = serializers.CharField(max_length=300, allow_blank=True, default="")


class LoseInput(StrictSerializer):
    reason = serializers.CharField(max_length=300)
