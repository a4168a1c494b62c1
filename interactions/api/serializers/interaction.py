from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.fields import TenantRelatedListField
from accounts.api.strict import StrictModelSerializer
from accounts.models import Membership
from clients.models import Contact
from interactions.models import Interaction
from managers.models import AccountManager


@extend_schema_field({"type": "array", "items": {"type": "string", "format": "uuid"}, "maxItems": 200})
class ParticipantsField(TenantRelatedListField):
    """Those of one kind who took part: their keys, of contacts, members or managers."""

    def __init__(self, *, person, **options):
        self.person = person
        super().__init__(required=False, **options)

    def get_attribute(self, interaction):
        keys = (getattr(participant, f"{self.person}_id") for participant in interaction.took_part)
        return [key for key in keys if key is not None]

    def to_representation(self, value):
        return [str(key) for key in value]


class InteractionSerializer(StrictModelSerializer):
    """``hat`` is the role that the account manager wore; ``happened_at`` is now unless it is said."""

    contacts = ParticipantsField(person="contact", queryset=Contact.objects.all())
    members = ParticipantsField(person="member", queryset=Membership.objects.all())
    managers = ParticipantsField(person="manager", queryset=AccountManager.objects.all())

    class Meta:
        model = Interaction
        fields = [
            "id",
            "version",
            "client",
            "kind",
            "direction",
            "hat",
            "happened_at",
            "minutes",
            "summary",
            "sentiment",
            "contacts",
            "members",
            "managers",
            "logged_by",
            "on_behalf_of",
            "created_at",
            "updated_at",
            "archived_at",
        ]
        read_only_fields = ["logged_by", "on_behalf_of"]
        extra_kwargs = {"minutes": {"max_value": 1440}}

    def to_representation(self, interaction):
        interaction.took_part = interaction.participants.order_by("pk")
        return super().to_representation(interaction)


class NewInteractionSerializer(InteractionSerializer):
    """What happened, and with ``follow_up`` the task that follows from it."""

    follow_up = serializers.CharField(max_length=300, required=False, allow_blank=True)
    follow_up_on = serializers.DateField(required=False, allow_null=True)

    class Meta(InteractionSerializer.Meta):
        fields = [*InteractionSerializer.Meta.fields, "follow_up", "follow_up_on"]


class KnownInteractionSerializer(InteractionSerializer):
    """A correction. The client stays: what was logged with the wrong one is archived and logged again."""

    class Meta(InteractionSerializer.Meta):
        read_only_fields = [*InteractionSerializer.Meta.read_only_fields, "client"]
