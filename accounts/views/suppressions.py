"""Addresses that the organization writes to no more: found, lifted, added by hand, taken along as a file."""

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import services
from accounts.dispatch.models import Suppression
from accounts.exports import stream_csv
from accounts.filters import SuppressionFilter
from accounts.forms.suppressions import SuppressionForm
from accounts.pages import ActionPage, FormPage, ListPage
from accounts.views.base import Refusing, SettingsPage


class SuppressionListView(SettingsPage, ListPage):
    permission = "accounts.view_suppression"
    tab = "accounts:suppression-list"
    queryset = Suppression.objects.filter(archived_at=None)
    filter_class = SuppressionFilter
    orderings = {"since": "since", "address": "address"}
    default_sort = "-since"
    template_name = "accounts/suppression_list.html"
    table_template_name = "accounts/_suppression_table.html"


class SuppressionExportView(SuppressionListView):
    """What the filters show, all of it, as a file that a spreadsheet opens."""

    def get(self, request, *args, **kwargs):
        rows = self.get_queryset().order_by("-since", "-id")
        if not self.filter.form.is_valid():
            raise Http404
        name = f"suppressed-{request.organization.slug}-{timezone.localdate():%Y-%m-%d}.csv"
        return stream_csv(name, [_("Address"), _("Reason"), _("Since"), _("Details")], self.lines(rows))

    def lines(self, rows):
        for row in rows.iterator(chunk_size=500):
            since = timezone.localtime(row.since).isoformat(timespec="seconds")
            yield [row.address, row.get_reason_display(), since, row.detail]


class SuppressionAddView(SettingsPage, FormPage):
    permission = "accounts.add_suppression"
    tab = "accounts:suppression-list"
    form_class = SuppressionForm
    template_name = "accounts/suppression_form.html"
    success_message = gettext_lazy("Suppressed. Nothing is sent to this address any more.")

    def perform(self, **data):
        services.suppress_address(actor=self.member, **data)
        return reverse("accounts:suppression-list")


class SuppressionLiftView(Refusing, ActionPage):
    permission = "accounts.lift_suppression"
    queryset = Suppression.objects.all()
    success_message = gettext_lazy("Lifted. This address is written to again.")

    def perform(self):
        services.lift_suppression(actor=self.member, suppression=self.object, version=self.version)

    def get_success_url(self):
        return reverse("accounts:suppression-list")
