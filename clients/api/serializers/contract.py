from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.fields import MoneyField
from accounts.api.strict import StrictModelSerializer, StrictSerializer
from clients.models import Contract, ContractLine, Product


class ProductSerializer(StrictModelSerializer):
    list_price_minor = MoneyField(required=False, allow_null=True)

    class Meta:
        model = Product
        fields = [
            "id",
            "version",
            "name",
            "code",
            "description",
            "list_price_minor",
            "currency",
            "created_at",
            "updated_at",
            "archived_at",
        ]


class ContractLineSerializer(StrictModelSerializer):
    """One product in a contract. ``mrr_minor`` is the whole line's; on ``ends_on`` it no longer counts."""

    mrr_minor = MoneyField()
    starts_on = serializers.DateField(required=False)

    class Meta:
        model = ContractLine
        fields = [
            "id",
            "version",
            "contract",
            "client",
            "product",
            "quantity",
            "mrr_minor",
            "starts_on",
            "ends_on",
            "created_at",
            "updated_at",
            "archived_at",
        ]
        read_only_fields = ["client"]


class LineOfContractSerializer(ContractLineSerializer):
    """A line inside its contract, when both are made at once."""

    class Meta(ContractLineSerializer.Meta):
        fields = ["product", "quantity", "mrr_minor", "starts_on", "ends_on"]


class ContractSerializer(StrictModelSerializer):
    """``ends_on`` is the first day that it no longer holds. Lines have an address of their own."""

    name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    currency = serializers.CharField(max_length=3, required=False)
    notice_on = serializers.DateField(read_only=True, allow_null=True)
    lines = serializers.SerializerMethodField()

    class Meta:
        model = Contract
        fields = [
            "id",
            "version",
            "client",
            "number",
            "name",
            "starts_on",
            "ends_on",
            "notice_days",
            "notice_on",
            "auto_renew",
            "billing_period",
            "currency",
            "lines",
            "created_at",
            "updated_at",
            "archived_at",
        ]

    @extend_schema_field(ContractLineSerializer(many=True))
    def get_lines(self, contract):
        lines = contract.lines.current().order_by("starts_on", "id")
        return ContractLineSerializer(lines, many=True, context=self.context).data


class NewContractSerializer(ContractSerializer):
    """A contract, with its lines if they are known already."""

    lines = LineOfContractSerializer(many=True, required=False, max_length=200)


class EndInput(StrictSerializer):
    on = serializers.DateField()


class EndLineInput(StrictSerializer):
    """Today, unless another day is given."""

    on = serializers.DateField(required=False)
