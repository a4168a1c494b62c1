"""The outbox and the suppressed addresses: everything that their pages can do."""

from rest_framework.decorators import action

from accounts import services
from accounts.api.base import CreateMixin, ListMixin, MemberViewSet, RetrieveMixin
from accounts.api.serializers import MessageSerializer, SuppressInput, SuppressionSerializer
from accounts.choices import Scope
from accounts.dispatch.models import Message, Suppression
from accounts.filters import MessageFilter, SuppressionFilter


class MessageViewSet(ListMixin, RetrieveMixin, MemberViewSet):
    """Every mail that waits, was sent, or was given up, and why. ``q`` finds a recipient by part of the address.

    ``status`` also takes ``queued`` (waiting for the first try) and ``retrying`` (waiting for another one).
    """

    queryset = Message.objects.all()
    serializer_class = MessageSerializer
    filterset_class = MessageFilter
    read_scope = write_scope = Scope.ADMIN
    permissions = {"put_back": "accounts.discard_message"}
    ordering_fields = {"created_at": "created_at"}
    ordering = ("-created_at",)
    row_fields = {name: name for name in MessageSerializer.Meta.fields}

    @action(detail=True, methods=["post"])
    def retry(self, request, pk):
        """Send it now: given up, it begins anew; waiting for its next attempt, it need not wait."""
        return self.done(services.retry_message)

    @action(detail=True, methods=["post"])
    def discard(self, request, pk):
        """Do not send it any more. ``put-back`` undoes that."""
        return self.done(services.discard_message)

    @action(detail=True, methods=["post"], url_path="put-back")
    def put_back(self, request, pk):
        """Undo ``discard``: the message is what it was before."""
        return self.done(services.put_back_message)

    @action(detail=True, methods=["post"])
    def release(self, request, pk):
        """Let a message go out that a restore has held."""
        return self.done(services.release_message)

    def done(self, service):
        message = self.get_object()
        self.input()
        return self.answer(service(actor=self.member, message=message))


class SuppressionViewSet(ListMixin, RetrieveMixin, CreateMixin, MemberViewSet):
    """Addresses that neither surveys nor reminders are sent to. Lifted ones are ``archived``."""

    queryset = Suppression.objects.all()
    serializer_class = SuppressionSerializer
    filterset_class = SuppressionFilter
    read_scope = write_scope = Scope.ADMIN
    permissions = {"create": "accounts.add_suppression", "lift": "accounts.lift_suppression"}
    inputs = {"create": SuppressInput}
    ordering_fields = {"since": "since", "address": "address"}
    ordering = ("-since",)
    row_fields = {name: name for name in SuppressionSerializer.Meta.fields}

    def perform_create(self, serializer):
        return services.suppress_address(actor=self.member, **serializer.validated_data)

    @action(detail=True, methods=["post"])
    def lift(self, request, pk):
        """Write to the address again. The row stays, archived; a next returned mail makes a new one."""
        suppression = self.get_object()
        self.input()
        return self.answer(services.lift_suppression(actor=self.member, suppression=suppression))
