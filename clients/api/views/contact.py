from accounts.api.base import ArchiveMixin, ChangeMixin, CreateMixin, ListMixin, MemberViewSet, RetrieveMixin
from accounts.api.upsert import UpsertMixin
from clients import services
from clients.api.serializers import ContactSerializer
from clients.filters import CONTACT_ORDERINGS, ContactFilter
from clients.models import Contact


class ContactViewSet(ListMixin, RetrieveMixin, CreateMixin, ChangeMixin, ArchiveMixin, UpsertMixin, MemberViewSet):
    """People at clients."""

    queryset = Contact.objects.select_related("client")
    serializer_class = ContactSerializer
    filterset_class = ContactFilter
    ordering_fields = CONTACT_ORDERINGS
    ordering = ("search_text",)
    row_fields = {
        **{name: name for name in ContactSerializer.Meta.fields if name not in ("created_at", "stance", "influence")},
        "client": "client_id",
        "reports_to": "reports_to_id",
    }

    def perform_create(self, serializer):
        data = serializer.validated_data
        self.require("clients.add_contact", data["client"])
        return services.add_contact(actor=self.member, **data)

    def perform_change(self, contact, version, data):
        return services.change_contact(actor=self.member, contact=contact, version=version, **data)

    def perform_archive(self, contact, version):
        services.archive_contact(actor=self.member, contact=contact, version=version)

    def perform_restore(self, contact):
        return services.restore_contact(actor=self.member, contact=contact)
