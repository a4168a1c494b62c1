from accounts.api.fields import MoneyField
from accounts.api.strict import StrictModelSerializer
from clients.models import ChurnEvent, Measure


class ChurnEventSerializer(StrictModelSerializer):
    """A client left, or came back."""

    refund_minor = MoneyField(required=False, allow_null=True)

    class Meta:
        model = ChurnEvent
        fields = ["id", "client", "on", "reason", "feedback", "is_reactivation", "refund_minor", "currency"]


class MeasureSerializer(StrictModelSerializer):
    """One figure of a client's month: usage and the like."""

    class Meta:
        model = Measure
        fields = ["id", "client", "product", "name", "month", "value"]
