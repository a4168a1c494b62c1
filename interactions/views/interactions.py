"""Logging what happened with a client, and correcting it."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.pages import ActionPage, FormPage, RowChangePage
from accounts.redirects import safe_path
from clients.models import Client
from interactions import services
from interactions.forms import InteractionChangeForm, InteractionForm
from interactions.models import Interaction


class InteractionLogView(FormPage):
    """Under ten seconds: client and kind are there already, the cursor stands in the summary."""

    permission = "interactions.add_interaction"
    form_class = InteractionForm
    template_name = "interactions/interaction_log.html"
    success_message = _("Logged.")

    @cached_property
    def client(self):
        """The client named in the address or the form, if the member sees it."""
        key = self.request.POST.get("client") or self.request.GET.get("client")
        return visible_client(self.member, key)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "member": self.member, "client": self.client}

    def get_initial(self):
        client = self.client
        return {"client": client.pk} if client else {}

    def get_context_data(self, **kwargs):
        return super().get_context_data(client=self.client, next=self.request.POST.get("next", ""), **kwargs)

    def perform(self, client, contacts=(), **data):
        services.log_interaction(actor=self.member, client=client, contacts=contacts, **data)
        return safe_path(self.request.POST.get("next"), client.get_absolute_url())


def visible_client(member, key):
    """The visible client with this key; None without a key; 404 for anything else."""
    if not key:
        return None
    try:
        return Client.objects.current().visible_to(member).get(pk=key)
    except (Client.DoesNotExist, ValidationError):
        raise Http404 from None


class InteractionChangeView(RowChangePage):
    permission = "interactions.change_interaction"
    queryset = Interaction.objects.select_related("client")
    form_class = InteractionChangeForm
    template_name = "interactions/interaction_form.html"
    title = _("Edit interaction")
    success_message = _("Saved.")

    def get_cancel_url(self):
        return self.object.client.get_absolute_url()

    def perform(self, **data):
        services.change_interaction(actor=self.member, interaction=self.object, **data)
        return self.get_cancel_url()


class InteractionArchiveView(ActionPage):
    permission = "interactions.archive_interaction"
    queryset = Interaction.objects.select_related("client")
    success_message = _("Taken out of the timeline.")

    def perform(self):
        services.archive_interaction(actor=self.member, interaction=self.object, version=self.version)

    def get_success_url(self):
        return self.object.client.get_absolute_url()

    def undo_url(self):
        return reverse("interactions:interaction-restore", args=[self.object.pk])


class InteractionRestoreView(ActionPage):
    permission = "interactions.restore_interaction"
    queryset = Interaction.objects.select_related("client")
    success_message = _("Back in the timeline.")

    def perform(self):
        services.restore_interaction(actor=self.member, interaction=self.object)

    def get_success_url(self):
        return self.object.client.get_absolute_url()
