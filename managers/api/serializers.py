from rest_framework import serializers

from accounts.api.fields import MoneyField
from accounts.api.strict import StrictModelSerializer
from managers.models import AccountManager, Team


class TeamSerializer(StrictModelSerializer):
    class Meta:
        model = Team
        fields = ["id", "version", "name", "created_at", "updated_at", "archived_at"]


class AccountManagerSerializer(StrictModelSerializer):
    """``hourly_cost_minor`` is null for those who may not see it."""

    name = serializers.CharField(max_length=200, required=False)
    hourly_cost_minor = MoneyField(required=False, allow_null=True)

    class Meta:
        model = AccountManager
        fields = [
            "id",
            "version",
            "member",
            "name",
            "email",
            "title",
            "level",
            "team",
            "fte",
            "weekly_hours",
            "hourly_cost_minor",
            "skills",
            "languages",
            "qualifications",
            "city",
            "reports_to",
            "left_on",
            "created_at",
            "updated_at",
            "archived_at",
        ]

    def to_representation(self, manager):
        data = super().to_representation(manager)
        if not self.context["view"].member.can("managers.view_cost_accountmanager", manager):
            data["hourly_cost_minor"] = None
        return data
