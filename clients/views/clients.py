"""The list of clients, and what is done with one."""

from django.http import HttpResponseBadRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from accounts.exports import stream_csv
from accounts.money import to_decimal
from accounts.pages import ActionPage, ListPage, MemberPage, ObjectFormPage, RowAddPage, RowChangePage
from clients import services
from clients.filters import CLIENT_ORDERINGS, ClientFilter
from clients.forms import ChurnForm, ClientForm, ManagerChoiceForm, TagsForm
from clients.models import Client, ClientTag
from clients.queries import similar_clients
from clients.risk import risk_reasons


class ClientListView(ListPage):
    permission = "clients.view_client"
    queryset = Client.objects.for_list()
    filter_class = ClientFilter
    orderings = CLIENT_ORDERINGS
    default_sort = "name"
    is_kept = True
    template_name = "clients/client_list.html"
    table_template_name = "clients/_client_table.html"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        now = timezone.now()
        for client in context["rows"]:
            client.reasons = risk_reasons(client, now)
        return {
            **context,
            "may_add": self.member.can("clients.add_client"),
            "currency": self.request.organization.settings.currency,
            "views": quick_views(self.request.GET),
        }


def quick_views(query):
    """Filters that people ask for every day, as tabs; the one in force is current."""
    url = reverse("clients:client-list")
    views = [
        ("", _("All")),
        ("at_risk=true", _("At risk")),
        ("renewal_within=90&sort=next_renewal_on", _("Renewing soon")),
        ("silent_days=60&running=true", _("Silent")),
        ("unassigned=true", _("To assign")),
        ("archived=true", _("Archived")),
    ]
    current = query.copy()
    current.pop("cursor", None)
    return [
        {"url": f"{url}?{view}" if view else url, "label": label, "current": current.urlencode() == view}
        for view, label in views
    ]


class ClientExportView(MemberPage, View):
    """The filtered list as CSV, however long it is."""

    permission = "clients.export_client"
    http_method_names = ["get"]

    def get(self, request):
        found = ClientFilter(request.GET, Client.objects.for_list().visible_to(self.member), request=request)
        if not found.is_valid():
            return HttpResponseBadRequest(_("These filters cannot be read. Clear them and export again."))
        default = request.organization.settings.currency
        header = [
            _("Name"), _("Name in the other script"), _("Tier"), _("Lifecycle"), _("Main manager"), _("Currency"),
            _("MRR"), _("Next renewal"), _("Last contact"), _("NPS"), _("CSAT"), _("At risk"), "id",
        ]  # fmt: skip
        now = timezone.now()
        rows = (_cells(client, default, now) for client in found.qs.iterator(chunk_size=500))
        return stream_csv(f"clients-{timezone.localdate()}.csv", header, rows)


def _cells(client, default, now):
    currency = client.currency or default
    return [
        client.name,
        client.name_other,
        client.get_tier_display(),
        client.get_lifecycle_display(),
        client.main_manager.name if client.main_manager else "",
        currency,
        to_decimal(client.mrr_minor, currency),
        client.next_renewal_on or "",
        timezone.localtime(client.last_contact_at).date() if client.last_contact_at else "",
        client.last_nps if client.last_nps is not None else "",
        client.last_csat if client.last_csat is not None else "",
        "; ".join(str(reason) for reason in risk_reasons(client, now)),
        client.pk,
    ]


class ClientAddView(RowAddPage):
    """Adds a client; one with a similar name is shown first, and sending again adds it all the same."""

    permission = "clients.add_client"
    form_class = ClientForm
    title = gettext_lazy("New client")
    lead = gettext_lazy("Only the name is needed; everything else can follow.")
    success_message = gettext_lazy("Client added.")
    template_name = "clients/client_form.html"

    def get_cancel_url(self):
        return reverse("clients:client-list")

    def form_valid(self, form):
        similar = similar_clients(member=self.member, name=form.cleaned_data["name"])
        if similar and "similar_seen" not in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form, similar=similar), status=422)
        return super().form_valid(form)

    def perform(self, **data):
        return services.add_client(actor=self.member, **data).get_absolute_url()


class ClientChangeView(RowChangePage):
    permission = "clients.change_client"
    queryset = Client.objects.all()
    form_class = ClientForm
    title = gettext_lazy("Edit client")
    success_message = gettext_lazy("Saved.")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "tags": tag_names(self.object)}

    def perform(self, **data):
        return services.change_client(actor=self.member, client=self.object, **data).get_absolute_url()


def tag_names(client):
    return list(
        ClientTag.objects.filter(client=client).order_by("tag__search_text").values_list("tag__name", flat=True)
    )


class ClientFormPage(ObjectFormPage):
    """A small form about one client, back to its page afterwards."""

    queryset = Client.objects.all()
    template_name = "row_form.html"
    title = ""

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            title=self.title, cancel_url=self.object.get_absolute_url(), columns=1, **kwargs
        )


class ClientReassignView(ClientFormPage):
    permission = "clients.reassign_client"
    form_class = ManagerChoiceForm
    success_message = gettext_lazy("Main manager changed.")

    @property
    def title(self):
        return _("Main manager of %(client)s") % {"client": self.object}

    def get_initial(self):
        return {"manager": self.object.main_manager_id, "version": self.object.version}

    def perform(self, manager, version):
        services.reassign_client(actor=self.member, client=self.object, manager=manager, version=version)
        return f"{self.object.get_absolute_url()}?tab=team"


class ClientTagView(ClientFormPage):
    permission = "clients.tag_client"
    form_class = TagsForm
    success_message = gettext_lazy("Tags saved.")

    @property
    def title(self):
        return _("Tags of %(client)s") % {"client": self.object}

    def get_initial(self):
        return {"tags": ", ".join(tag_names(self.object))}

    def perform(self, tags):
        services.set_tags(actor=self.member, client=self.object, names=tags)
        return self.object.get_absolute_url()


class ClientChurnView(ClientFormPage):
    permission = "clients.record_churn_client"
    form_class = ChurnForm
    success_message = gettext_lazy("Recorded.")

    @property
    def title(self):
        return _("Loss or return of %(client)s") % {"client": self.object}

    def get_initial(self):
        return {"on": timezone.localdate()}

    def perform(self, **data):
        services.record_churn(actor=self.member, client=self.object, **data)
        return self.object.get_absolute_url()


class ClientArchiveView(ActionPage):
    permission = "clients.archive_client"
    queryset = Client.objects.all()
    success_message = gettext_lazy("Client archived.")

    def perform(self):
        services.archive_client(actor=self.member, client=self.object, version=self.version)

    def get_success_url(self):
        return reverse("clients:client-list")

    def undo_url(self):
        return reverse("clients:client-restore", args=[self.object.pk])


class ClientRestoreView(ActionPage):
    permission = "clients.restore_client"
    queryset = Client.objects.all()
    success_message = gettext_lazy("Client restored.")

    def perform(self):
        services.restore_client(actor=self.member, client=self.object)

    def get_success_url(self):
        return self.object.get_absolute_url()
