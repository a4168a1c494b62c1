"""The bell: what a member was told."""

from django.shortcuts import redirect
from django.urls import reverse
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
        return redirect("interactions:notification-list")
