"""Contacts at a client, and the account team that looks after it."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.pages import ActionPage, ChildAddPage, DetailPage, ListPage, RowChangePage
from clients import services
from clients.filters import CONTACT_ORDERINGS, ContactFilter
from clients.forms import ContactForm, TeamPlaceForm
from clients.models import Assignment, Client, Contact


class ContactListView(ListPage):
    permission = "clients.view_contact"
    queryset = Contact.objects.for_list()
    filter_class = ContactFilter
    orderings = CONTACT_ORDERINGS
    template_name = "clients/contact_list.html"
    table_template_name = "clients/_contact_table.html"


class ContactDetailView(DetailPage):
    permission = "clients.view_contact"
    queryset = Contact.objects.select_related("client", "reports_to")
    template_name = "clients/contact_detail.html"
    context_object_name = "contact"

    def get_context_data(self, **kwargs):
        may = {verb: self.member.can(f"clients.{verb}_contact", self.object) for verb in ("change", "archive")}
        return super().get_context_data(may=may, **kwargs)


class ContactAddView(ChildAddPage):
    permission = "clients.add_contact"
    queryset = Client.objects.all()
    form_class = ContactForm
    success_message = gettext_lazy("Contact added.")

    @property
    def title(self):
        return _("New contact at %(client)s") % {"client": self.object}

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "client": self.object}

    def get_cancel_url(self):
        return f"{self.object.get_absolute_url()}?tab=contacts"

    def perform(self, **data):
        services.add_contact(actor=self.member, client=self.object, **data)
        return self.get_cancel_url()


class ContactChangeView(RowChangePage):
    permission = "clients.change_contact"
    queryset = Contact.objects.select_related("client")
    form_class = ContactForm
    title = gettext_lazy("Edit contact")
    success_message = gettext_lazy("Saved.")

    def perform(self, **data):
        return services.change_contact(actor=self.member, contact=self.object, **data).get_absolute_url()


class ContactArchiveView(ActionPage):
    permission = "clients.archive_contact"
    queryset = Contact.objects.select_related("client")
    success_message = gettext_lazy("Contact archived.")

    def perform(self):
        services.archive_contact(actor=self.member, contact=self.object, version=self.version)

    def get_success_url(self):
        return f"{self.object.client.get_absolute_url()}?tab=contacts"

    def undo_url(self):
        return reverse("clients:contact-restore", args=[self.object.pk])


class ContactRestoreView(ActionPage):
    permission = "clients.restore_contact"
    queryset = Contact.objects.select_related("client")
    success_message = gettext_lazy("Contact restored.")

    def perform(self):
        services.restore_contact(actor=self.member, contact=self.object)

    def get_success_url(self):
        return self.object.get_absolute_url()


class TeamPlaceAddView(ChildAddPage):
    permission = "clients.assign_client"
    queryset = Client.objects.all()
    form_class = TeamPlaceForm
    success_message = gettext_lazy("Added to the account team.")

    @property
    def title(self):
        return _("Account team of %(client)s") % {"client": self.object}

    def get_cancel_url(self):
        return f"{self.object.get_absolute_url()}?tab=team"

    def perform(self, manager, role, share):
        services.assign_manager(actor=self.member, client=self.object, manager=manager, role=role, share=share)
        return self.get_cancel_url()


class AssignmentEndView(ActionPage):
    permission = "clients.unassign_client"
    queryset = Assignment.objects.select_related("client", "manager")
    success_message = gettext_lazy("The place on the account team has ended.")

    def perform(self):
        services.unassign_manager(actor=self.member, client=self.object.client, manager=self.object.manager)

    def get_success_url(self):
        return f"{self.object.client.get_absolute_url()}?tab=team"
