from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.fields import MoneyField, TenantRelatedField
from accounts.api.strict import StrictModelSerializer, StrictSerializer
from clients import risk
from clients.choices import AssignmentRole, ChurnReason
from clients.fields import validate_currency
from clients.models import Assignment, Client, Tag
from managers.models import AccountManager


@extend_schema_field({"type": "array", "items": {"type": "string", "maxLength": 60}})
class TagNamesField(serializers.ListField):
    """The client's tags by name; one that nobody used before comes into being."""

    child = serializers.CharField(max_length=60)

    def get_attribute(self, client):
        if getattr(client, "has_no_tags", False):
            return []
        return Tag.objects.filter(client_tags__client=client).order_by("search_text").values_list("name", flat=True)


class ClientSerializer(StrictModelSerializer):
    """Only ``name`` is needed. Lifecycle, MRR, last contact and scores follow from what happens and cannot be set."""

    acquisition_cost_minor = MoneyField(required=False, allow_null=True)
    main_manager = TenantRelatedField(queryset=AccountManager.objects.all(), required=False, allow_null=True)
    tags = TagNamesField(required=False, max_length=50)
    at_risk = serializers.SerializerMethodField()
    risk_reasons = serializers.SerializerMethodField()

    class Meta:
        model = Client
        fields = [
            "id",
            "version",
            "name",
            "name_other",
            "parent",
            "tier",
            "segment",
            "industry",
            "country",
            "language",
            "time_zone",
            "website",
            "notes",
            "since",
            "acquisition_cost_minor",
            "currency",
            "main_manager",
            "tags",
            "lifecycle",
            "mrr_minor",
            "next_renewal_on",
            "notice_on",
            "last_contact_at",
            "last_nps",
            "last_nps_on",
            "last_csat",
            "last_csat_on",
            "critical_concerns",
            "at_risk",
            "risk_reasons",
            "created_at",
            "updated_at",
            "archived_at",
        ]

    def get_at_risk(self, client) -> bool:
        return risk.is_at_risk(client, timezone.now())

    def get_risk_reasons(self, client) -> list[str]:
        return [str(reason) for reason in risk.risk_reasons(client, timezone.now())]


class AssignmentSerializer(StrictModelSerializer):
    class Meta:
        model = Assignment
        fields = ["id", "manager", "role", "share", "from_on", "until_on"]


class ReassignInput(StrictSerializer):
    """Who becomes the main manager; null leaves the client to be assigned."""

    manager = TenantRelatedField(queryset=AccountManager.objects.all(), allow_null=True)


class AssignInput(StrictSerializer):
    manager = TenantRelatedField(queryset=AccountManager.objects.all())
    role = serializers.ChoiceField(choices=AssignmentRole.choices, default=AssignmentRole.ASSOCIATE)
    share = serializers.IntegerField(min_value=0, max_value=100, default=100)


class UnassignInput(StrictSerializer):
    manager = TenantRelatedField(queryset=AccountManager.objects.all())


class ChurnInput(StrictSerializer):
    """The client left; with ``is_reactivation`` it came back."""

    on = serializers.DateField(required=False)
    reason = serializers.ChoiceField(choices=ChurnReason.choices, default=ChurnReason.UNKNOWN)
    feedback = serializers.CharField(max_length=10_000, allow_blank=True, default="")
    is_reactivation = serializers.BooleanField(default=False)
    refund_minor = MoneyField(required=False, allow_null=True)
    currency = serializers.CharField(max_length=3, validators=[validate_currency], required=False)
