"""The bell: what a member was told."""

from urllib.parse import urlsplit

from django.http import HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import get_language
from django.views.generic import View

from accounts.pages import ActionPage, ListPage, MemberPage
from accounts.redirects import safe_path
from interactions import services
from interactions.models import Notification


class NotificationListView(ListPage):
    permission = "interactions.view_notification"
    queryset = Notification.objects.all()
    orderings = {"created": "created_at"}
    default_sort = "-created"
    template_name = "interactions/notification_list.html"
    table_template_name = "interactions/_notifications.html"


class BellView(MemberPage, View):
    """How many notices wait, asked again every half a minute by every open page: one count, or "as before"."""

    permission = "interactions.view_notification"
    http_method_names = ["get", "head"]

    def get(self, request):
        count = services.unread_count(self.member)
        etag = quote_etag(f"{get_language()}-{count}")
        if etag in parse_etags(request.headers.get("If-None-Match", "")):
            response = HttpResponseNotModified()
        else:
            response = render(request, "interactions/_bell.html", {"count": count})
        response["ETag"] = etag
        response["Cache-Control"] = "private, no-cache"
        return response


class BellPanelView(MemberPage, View):
    """What opens under the bell: the latest notices, and for reminders what can be done at once."""

    permission = "interactions.view_notification"
    http_method_names = ["get", "head"]
    shown = 8

    def get(self, request):
        latest = Notification.objects.visible_to(self.member).latest_first()[: self.shown]
        lines = [{"notice": notice, "reminder_id": reminder_of(notice)} for notice in latest]
        asked_on = urlsplit(request.headers.get("HX-Current-URL", "")).path
        context = {
            "lines": lines,
            "next": safe_path(asked_on, reverse("my-day")),
            "may_act": self.member.can("interactions.snooze_reminder"),
        }
        response = render(request, "interactions/_bell_panel.html", context)
        response["Cache-Control"] = "private, no-store"
        return response


def reminder_of(notice):
    """The reminder that a notice tells of, named by the notice's key."""
    kind, _colon, rest = notice.key.partition(":")
    return rest.partition(":")[0] if kind == "reminder" and notice.read_at is None else ""


class NotificationReadView(ActionPage):
    """Read, and go to what it is about."""

    permission = "interactions.read_notification"
    queryset = Notification.objects.all()

    def perform(self):
        services.read_notification(actor=self.member, notification=self.object)

    def get_success_url(self):
        home = reverse("my-day").rstrip("/")
        about = f"{home}{self.object.url_path}" if self.object.url_path else ""
        return safe_path(about, reverse("interactions:notification-list"))


class NotificationReadAllView(MemberPage, View):
    permission = "interactions.view_notification"
    http_method_names = ["post"]

    def post(self, request):
        services.read_all_notifications(actor=self.member)
        return redirect(safe_path(request.POST.get("next"), reverse("interactions:notification-list")))
