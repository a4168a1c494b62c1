from rest_framework import serializers

from accounts.api.strict import StrictModelSerializer, StrictSerializer
from accounts.choices import Role, Scope
from accounts.models import ApiToken, AuditEntry, Invitation, Membership, Message, Suppression


class MemberSerializer(StrictModelSerializer):
    name = serializers.CharField(source="user.name", read_only=True)
    email = serializers.EmailField(source="user.email", read_only=True)

    class Meta:
        model = Membership
        fields = [
            "id",
            "version",
            "name",
            "email",
            "role",
            "title",
            "is_active",
            "last_seen_on",
            "created_at",
            "updated_at",
        ]
        read_only_fields = ["is_active"]


class InviteInput(StrictSerializer):
    email = serializers.EmailField(max_length=254)
    role = serializers.ChoiceField(choices=Role.choices, default=Role.MANAGER)


class InvitationSerializer(StrictModelSerializer):
    class Meta:
        model = Invitation
        fields = ["id", "version", "email", "role", "expires_at", "accepted_at", "revoked_at", "created_at"]


class TokenSerializer(StrictModelSerializer):
    """``member`` is the caller unless an admin names somebody else."""

    scopes = serializers.ListField(child=serializers.ChoiceField(choices=Scope.choices), min_length=1, max_length=3)

    class Meta:
        model = ApiToken
        fields = [
            "id",
            "version",
            "name",
            "member",
            "scopes",
            "prefix",
            "expires_at",
            "last_used_at",
            "revoked_at",
            "created_at",
        ]
        extra_kwargs = {"member": {"required": False}}


class NewTokenSerializer(TokenSerializer):
    """The only answer that has the secret."""

    token = serializers.CharField(read_only=True)

    class Meta(TokenSerializer.Meta):
        fields = [*TokenSerializer.Meta.fields, "token"]


class AuditEntrySerializer(StrictModelSerializer):
    actor = serializers.UUIDField(source="actor_id", read_only=True, allow_null=True)
    client = serializers.UUIDField(source="client_id", read_only=True, allow_null=True)
    object = serializers.UUIDField(source="object_id", read_only=True)
    before = serializers.DictField(read_only=True)
    after = serializers.DictField(read_only=True)

    class Meta:
        model = AuditEntry
        fields = [
            "id",
            "at",
            "actor",
            "actor_name",
            "token_name",
            "on_behalf_of",
            "verb",
            "model",
            "object",
            "object_name",
            "client",
            "before",
            "after",
        ]


class MessageSerializer(StrictModelSerializer):
    """One message of the outbox. ``errors`` are what went wrong, oldest first; the same one in a row is told once."""

    errors = serializers.JSONField(read_only=True)

    class Meta:
        model = Message
        fields = [
            "id",
            "kind",
            "lane",
            "status",
            "recipient",
            "created_at",
            "due_at",
            "next_attempt_at",
            "attempts",
            "deferrals",
            "uncertain",
            "sent_at",
            "last_error",
            "errors",
        ]
        read_only_fields = fields


class SuppressionSerializer(StrictModelSerializer):
    class Meta:
        model = Suppression
        fields = [
            "id",
            "version",
            "address",
            "reason",
            "detail",
            "since",
            "archived_at",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields


class SuppressInput(StrictSerializer):
    address = serializers.EmailField(max_length=254)
    detail = serializers.CharField(max_length=500, required=False, allow_blank=True)
