from accounts.api.strict import StrictModelSerializer
from clients.models import Contact


class ContactSerializer(StrictModelSerializer):
    """``client`` is set once: a person who moves to another client left one and is added to the other."""

    class Meta:
        model = Contact
        fields = [
            "id",
            "version",
            "client",
            "name",
            "name_other",
            "email",
            "phone",
            "language",
            "role",
            "influence",
            "stance",
            "reports_to",
            "is_primary",
            "survey_consent",
            "left_on",
            "last_surveyed_on",
            "created_at",
            "updated_at",
            "archived_at",
        ]
