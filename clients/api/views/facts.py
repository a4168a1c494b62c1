from accounts.api.base import ListMixin, MemberViewSet, RetrieveMixin
from clients.api.serializers.facts import ChurnEventSerializer, MeasureSerializer
from clients.filters import CHURN_ORDERINGS, MEASURE_ORDERINGS, ChurnEventFilter, MeasureFilter
from clients.models import ChurnEvent, Measure


class ChurnEventViewSet(ListMixin, RetrieveMixin, MemberViewSet):
    """Clients that left or came back. ``POST clients/{id}/churn/`` records one."""

    queryset = ChurnEvent.objects.select_related("client")
    serializer_class = ChurnEventSerializer
    filterset_class = ChurnEventFilter
    ordering_fields = CHURN_ORDERINGS
    ordering = ("-on",)
    row_fields = {
        "id": "id",
        "client": "client_id",
        "on": "on",
        "reason": "reason",
        "feedback": "feedback",
        "is_reactivation": "is_reactivation",
        "refund_minor": "refund_minor",
        "currency": "currency",
    }


class MeasureViewSet(ListMixin, RetrieveMixin, MemberViewSet):
    """Figures of clients by month, such as usage; they come with imports."""

    queryset = Measure.objects.select_related("client", "product")
    serializer_class = MeasureSerializer
    filterset_class = MeasureFilter
    ordering_fields = MEASURE_ORDERINGS
    ordering = ("-month",)
    row_fields = {
        "id": "id",
        "client": "client_id",
        "product": "product_id",
        "name": "name",
        "month": "month",
        "value": "value",
    }
