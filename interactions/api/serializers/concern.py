from rest_framework import serializers

from accounts.api.fields import MoneyField
from accounts.api.strict import StrictModelSerializer, StrictSerializer
from interactions.choices import ConcernState
from interactions.models import Concern


class ConcernSerializer(StrictModelSerializer):
    """``state`` moves by the verbs ``advance``, ``resolve``, ``lose`` and ``reopen``; a critical one is a risk."""

    mrr_at_stake_minor = MoneyField(required=False, allow_null=True)
    currency = serializers.CharField(max_length=3, required=False)

    class Meta:
        model = Concern
        fields = [
            "id",
            "version",
            "client",
            "title",
            "kind",
            "severity",
            "state",
            "mrr_at_stake_minor",
            "currency",
            "opened_at",
            "resolved_at",
            "detail",
            "created_at",
            "updated_at",
            "archived_at",
        ]
        read_only_fields = ["state"]


class KnownConcernSerializer(ConcernSerializer):
    """What a concern says. Whose it is and when it was opened stay."""

    class Meta(ConcernSerializer.Meta):
        read_only_fields = ["state", "client", "opened_at"]


class AdvanceInput(StrictSerializer):
    state = serializers.ChoiceField(choices=[ConcernState.PLAN, ConcernState.WORKING])
