"""The outbox: everything that waits to be sent, was sent, or was given up, why, and what an admin does about it."""

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View

from accounts import services
from accounts.audit_words import sentences
from accounts.dispatch.addresses import digest
from accounts.dispatch.choices import MailEventKind, MessageStatus
from accounts.dispatch.message_ids import message_id
from accounts.dispatch.models import MailEvent, Message, Suppression
from accounts.dispatch.outbox import MOST_COUNTED, Tray, tray_counts, tray_of, trouble
from accounts.dispatch.registry import kind_of, label_of
from accounts.dispatch.reputation import reputation
from accounts.dispatch.words import explain, is_own_sentence
from accounts.filters import MessageFilter
from accounts.models import AuditEntry
from accounts.pages import ActionPage, DetailPage, ListPage, MemberPage
from accounts.redirects import safe_path
from accounts.services.outbox import DEEDS, MOST_AT_ONCE
from accounts.views.base import Refusing, SettingsPage

TONES = {
    Tray.SENT: "ok",
    Tray.DEAD: "bad",
    Tray.SUPPRESSED: "bad",
    Tray.HELD: "warn",
    Tray.RETRYING: "warn",
    Tray.CANCELLED: "muted",
}
EVENT_TONES = {
    MailEventKind.DELIVERED: "ok",
    MailEventKind.BOUNCED: "bad",
    MailEventKind.SOFT_BOUNCED: "bad",
    MailEventKind.COMPLAINED: "bad",
}
#: What may be done in which tray.
POSSIBLE = {
    Tray.QUEUED: ("discard",),
    Tray.RETRYING: ("retry", "discard"),
    Tray.DEAD: ("retry", "discard"),
    Tray.SUPPRESSED: ("retry", "discard"),
    Tray.HELD: ("release", "discard"),
}
DEED_LABELS = {
    "retry": gettext_lazy("Send again"),
    "discard": gettext_lazy("Discard"),
    "release": gettext_lazy("Release"),
}


def told(row):
    """A message as its row of the list says it."""
    tray = tray_of(row)
    return {"row": row, "kind": label_of(row.kind), "state": tray.label, "tone": TONES.get(tray, "accent")}


class MessageListView(SettingsPage, ListPage):
    permission = "accounts.view_message"
    tab = "accounts:message-list"
    queryset = Message.objects.all()
    filter_class = MessageFilter
    orderings = {"made": "created_at"}
    default_sort = "-made"
    template_name = "accounts/message_list.html"
    table_template_name = "accounts/_message_table.html"

    def get_context_data(self, **kwargs):
        tray = self.request.GET.get("status", "")
        context = super().get_context_data(tray=tray, **kwargs)
        context |= {
            "lines": [told(row) | {"why": explain(row.last_error)} for row in context["rows"]],
            "deeds": [(deed, DEED_LABELS[deed]) for deed in POSSIBLE.get(tray, ("retry", "discard"))],
            "may_do_all": tray in (Tray.DEAD, Tray.HELD, Tray.RETRYING),
        }
        if not self.is_fragment:
            context |= {"trays": self.trays(tray), "trouble": trouble(), "reputation": reputation()}
        return context

    def trays(self, chosen):
        """Every tray with how much lies in it."""
        url = reverse("accounts:message-list")
        counts = tray_counts()
        items = [{"label": _("All"), "url": url, "current": not chosen, "count": 0, "is_capped": False}]
        for tray in Tray:
            count = counts[tray]
            items.append(
                {
                    "label": tray.label,
                    "url": f"{url}?status={tray}",
                    "current": tray == chosen,
                    "count": min(count, MOST_COUNTED),
                    "is_capped": count > MOST_COUNTED,
                }
            )
        return items


class MessageDetailView(SettingsPage, DetailPage):
    permission = "accounts.view_message"
    tab = "accounts:message-list"
    queryset = Message.objects.all()
    template_name = "accounts/message_detail.html"

    def get_context_data(self, **kwargs):
        row = self.object
        tray = tray_of(row)
        suppression = Suppression.objects.filter(address_digest=digest(row.recipient), archived_at=None).first()
        history = list(AuditEntry.objects.of(row)[:20])
        context = told(row) | {
            "subject": self.subject(row),
            "why": explain(row.last_error),
            "happened": happened(row, history),
            "suppression": suppression if row.recipient else None,
            "message_id": message_id(row),
            "is_waiting": tray in (Tray.QUEUED, Tray.RETRYING, Tray.SENDING),
            "deeds": POSSIBLE.get(tray, ()),
            "crumbs": [{"url": reverse("accounts:message-list"), "label": _("Outbox")}, {"label": label_of(row.kind)}],
            "may_put_back": row.status == MessageStatus.CANCELLED and any(e.verb == "discarded" for e in history),
        }
        return super().get_context_data(**context, **kwargs)

    def subject(self, row):
        """What it is about, with a link; None when that is gone, or nobody says."""
        try:
            find = kind_of(row.kind).subject
        except LookupError:
            return None
        return find(row) if find is not None else None


def moment(text):
    """A moment as the history of errors keeps it."""
    return parse_datetime(text) if text else None


def happened(row, history):
    """Everything that became of a message, the latest first: errors, the provider's news, what admins did."""
    items = [{"at": row.created_at, "icon": "plus", "tone": "muted", "title": _("Queued"), "text": ""}]
    errors = list(row.errors)
    if row.last_error and not any(each["error"] == row.last_error for each in errors):
        errors.append({"at": None, "error": row.last_error})
    for each in errors:
        at = moment(each.get("until") or each["at"])
        times = each.get("times", 1)
        said = {"icon": "triangle-alert", "tone": "warn", "title": explain(each["error"])}
        note = ngettext("%(count)s time", "%(count)s times", times) % {"count": times} if times > 1 else ""
        raw = "" if is_own_sentence(each["error"]) else each["error"]
        items.append({"at": at, "text": raw, "meta": note, **said})
    for event in MailEvent.objects.filter(message=row).order_by("at")[:50]:
        tone = EVENT_TONES.get(event.kind, "muted")
        items.append(
            {"at": event.at, "icon": "mail", "tone": tone, "title": event.get_kind_display(), "text": event.detail}
        )
    if row.sent_at:
        items.append(
            {"at": row.sent_at, "icon": "send", "tone": "ok", "title": _("Handed to the mail server"), "text": ""}
        )
    for line in sentences(history):
        icon, title = "user", f"{line.who} · {line.verb}"
        items.append({"at": line.entry.at, "icon": icon, "tone": "accent", "title": title, "text": ""})
    return sorted(items, key=lambda item: (item["at"] is not None, item["at"] or row.created_at), reverse=True)


class MessageAction(Refusing, ActionPage):
    queryset = Message.objects.all()

    def get_success_url(self):
        return reverse("accounts:message-detail", args=[self.object.pk])


class MessageRetryView(MessageAction):
    permission = "accounts.retry_message"
    success_message = gettext_lazy("It goes out in a moment.")

    def perform(self):
        services.retry_message(actor=self.member, message=self.object)


class MessageDiscardView(MessageAction):
    permission = "accounts.discard_message"
    success_message = gettext_lazy("Discarded. It is not sent any more.")

    def perform(self):
        services.discard_message(actor=self.member, message=self.object)

    def undo_url(self):
        return reverse("accounts:message-put-back", args=[self.object.pk])


class MessagePutBackView(MessageAction):
    permission = "accounts.discard_message"
    success_message = gettext_lazy("Put back as it was.")

    def perform(self):
        services.put_back_message(actor=self.member, message=self.object)


class MessageReleaseView(MessageAction):
    permission = "accounts.release_message"
    success_message = gettext_lazy("Released. It goes out when it is due.")

    def perform(self):
        services.release_message(actor=self.member, message=self.object)


class MessagesChosenView(Refusing, MemberPage, View):
    """One deed for the chosen rows, or for all that the list's filters show."""

    permission = "accounts.retry_message"
    http_method_names = ["post"]

    def post(self, request):
        back = redirect(safe_path(request.POST.get("next"), reverse("accounts:message-list")))
        deed, _sep, is_all = request.POST.get("deed", "").partition("-")
        if deed not in DEEDS:
            raise BadRequest("Nothing was said to be done.")
        self.permission = f"accounts.{deed}_message"
        self.check_permission()
        chosen = self.shown() if is_all else self.chosen()
        if not chosen:
            messages.error(request, _("Choose at least one message first."))
            return back
        done, refusals = services.for_each_message(actor=self.member, deed=deed, messages=chosen)
        if done:
            said = ngettext("Done with %(count)s message.", "Done with %(count)s messages.", done)
            messages.success(request, said % {"count": done})
        for refusal in refusals[:3]:
            messages.error(request, refusal)
        return back

    def chosen(self):
        field = Message._meta.pk
        keys = []
        for given in self.request.POST.getlist("chosen")[:MOST_AT_ONCE]:
            try:
                keys.append(field.to_python(given))
            except ValidationError:
                raise BadRequest("This is no message.") from None
        return list(Message.objects.visible_to(self.member).filter(pk__in=keys))

    def shown(self):
        """All that the list shows, the oldest first, as many as may be done at once."""
        rows = Message.objects.visible_to(self.member)
        found = MessageFilter(self.request.GET, rows, request=self.request)
        return list(found.qs.order_by("created_at", "pk")[:MOST_AT_ONCE]) if found.is_valid() else []


class TrustListsView(Refusing, MemberPage, View):
    """An admin has looked at the returned addresses: surveys may go on."""

    permission = "accounts.lift_suppression"
    http_method_names = ["post"]

    def post(self, request):
        services.trust_lists_again(actor=self.member)
        messages.success(request, _("Surveys may go on. Returned mails are counted anew from now."))
        return redirect(reverse("accounts:message-list"))
