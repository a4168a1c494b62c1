"""The organization's audit log: who did what to what, when, and what it was before."""

import csv

from django.http import Http404, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit_words import sentence, sentences
from accounts.csv_safety import safe_cell
from accounts.filters import AuditFilter
from accounts.models import AuditEntry
from accounts.pages import ListPage
from accounts.views.base import SettingsPage


class AuditListView(SettingsPage, ListPage):
    permission = "accounts.view_auditentry"
    tab = "accounts:audit-list"
    queryset = AuditEntry.objects.all()
    filter_class = AuditFilter
    orderings = {"at": "at"}
    default_sort = "-at"
    template_name = "accounts/audit_list.html"
    table_template_name = "accounts/_audit_table.html"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {"lines": sentences(context["rows"])}


class Echo:
    """A file that hands back what is written, so that the CSV can be streamed."""

    def write(self, text):
        return text


class AuditExportView(AuditListView):
    """What the filters show, all of it, as a file that a spreadsheet opens."""

    def get(self, request, *args, **kwargs):
        entries = self.get_queryset().order_by("-at", "-id")
        if not self.filter.form.is_valid():
            raise Http404
        response = StreamingHttpResponse(self.lines(entries), content_type="text/csv; charset=utf-8")
        name = f"audit-{request.organization.slug}-{timezone.localdate():%Y-%m-%d}.csv"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def lines(self, entries):
        writer = csv.writer(Echo())
        heads = [_("When"), _("Who"), _("On behalf of"), _("Token"), _("What"), _("Kind"), _("Name"), _("Changes")]
        yield "\ufeff" + writer.writerow(heads)
        for entry in entries.iterator(chunk_size=500):
            said = sentence(entry)
            changes = "; ".join(f"{c.label}: {c.before or '–'} → {c.after or '–'}" for c in said.changes)
            at = timezone.localtime(entry.at).isoformat(timespec="seconds")
            row = [at, said.who, entry.on_behalf_of, entry.token_name, said.verb, said.kind, said.name, changes]
            yield writer.writerow([safe_cell(cell) for cell in row])
