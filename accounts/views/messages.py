"""The outbox: everything that waits to be sent, was sent, or was given up, and why."""

from accounts.filters import MessageFilter
from accounts.models import Message
from accounts.pages import ListPage
from accounts.views.base import SettingsPage


class MessageListView(SettingsPage, ListPage):
    permission = "accounts.view_message"
    tab = "accounts:message-list"
    filter_class = MessageFilter
    orderings = {"made": "id"}
    default_sort = "-made"
    template_name = "accounts/message_list.html"
    table_template_name = "accounts/_message_table.html"

    def get_queryset(self):
        self.filter = self.filter_class(self.request.GET, Message.objects.all(), request=self.request)
        return self.filter.qs
