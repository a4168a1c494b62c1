"""The organization's own administration: members, tokens, audit log."""

from functools import partial

from rest_framework.decorators import action
from rest_framework.response import Response

from accounts import services
from accounts.api.base import ChangeMixin, ListMixin, MemberViewSet, RetrieveMixin, VersionGuard
from accounts.api.serializers import (
    AuditEntrySerializer,
    InvitationSerializer,
    InviteInput,
    MemberSerializer,
    NewTokenSerializer,
    TokenSerializer,
)
from accounts.choices import Scope
from accounts.filters import AuditFilter, MemberFilter
from accounts.models import ApiToken, AuditEntry, Membership
from accounts.tenancy.context import on_commit_outside


class MembersViewSet(ListMixin, RetrieveMixin, ChangeMixin, MemberViewSet):
    """People in the organization. POST invites somebody by mail; they are a member when they accept.

    Inviting the same address again withdraws the earlier link and mails a new one.
    """

    queryset = Membership.objects.select_related("user")
    serializer_class = MemberSerializer
    filterset_class = MemberFilter
    write_scope = Scope.ADMIN
    hides_archived = False
    permissions = {"create": "accounts.add_invitation"}
    inputs = {"create": InviteInput}
    outputs = {"create": InvitationSerializer}
    ordering_fields = {"name": "user__name", "created_at": "created_at"}
    ordering = ("user__name",)
    row_fields = {
        **{name: name for name in MemberSerializer.Meta.fields},
        "name": "user__name",
        "email": "user__email",
    }

    def create(self, request, **kwargs):
        invitation, link = services.invite_member(actor=self.member, **self.input())
        mail = services.invitation_mail(invitation=invitation, link=link)
        on_commit_outside(partial(services.send_now, mail))
        return Response(InvitationSerializer(invitation).data, status=201)

    def perform_change(self, member, version, data):
        data = {"role": member.role, **data}
        return services.change_member(actor=self.member, member=member, version=version, **data)

    @action(detail=True, methods=["post"])
    def deactivate(self, request, pk):
        """Shut a member out at once, and their tokens too."""
        member = self.get_object()
        self.input()
        return self.answer(services.deactivate_member(actor=self.member, member=member))

    @action(detail=True, methods=["post"])
    def reactivate(self, request, pk):
        member = self.get_object()
        self.input()
        return self.answer(services.reactivate_member(actor=self.member, member=member))


class TokenViewSet(ListMixin, RetrieveMixin, VersionGuard, MemberViewSet):
    """Keys of integrations. The secret is in the answer to the POST that makes it, and nowhere else."""

    queryset = ApiToken.objects.all()
    serializer_class = TokenSerializer
    read_scope = write_scope = Scope.ADMIN
    hides_archived = False
    secret_actions = ("create",)
    permissions = {"destroy": "accounts.revoke_apitoken"}
    inputs = {"create": TokenSerializer}
    outputs = {"create": NewTokenSerializer}
    ordering_fields = {"created_at": "created_at", "last_used_at": "last_used_at"}
    ordering = ("-created_at",)
    row_fields = {**{name: name for name in TokenSerializer.Meta.fields}, "member": "member_id"}

    def create(self, request, **kwargs):
        data = {"member": self.member, **self.input()}
        if data["member"] != self.member:
            self.require("accounts.change_membership", data["member"])
        token, secret = services.create_token(actor=self.member, **data)
        token.token = secret
        answer = NewTokenSerializer(token, context=self.get_serializer_context()).data
        return Response(answer, status=201)

    def destroy(self, request, **kwargs):
        token = self.get_object()
        self.expected_version(token)
        services.revoke_token(actor=self.member, token=token)
        return Response(status=204)

    @action(detail=True, methods=["post"])
    def revoke(self, request, pk):
        """Stop a token at once and for good."""
        token = self.get_object()
        self.input()
        return self.answer(services.revoke_token(actor=self.member, token=token))


class AuditViewSet(ListMixin, RetrieveMixin, MemberViewSet):
    """Who did what to what, newest first. Nothing here can be changed or deleted."""

    queryset = AuditEntry.objects.all()
    serializer_class = AuditEntrySerializer
    filterset_class = AuditFilter
    read_scope = write_scope = Scope.ADMIN
    ordering_fields = {"at": "at"}
    ordering = ("-at",)
    row_fields = {
        **{name: name for name in AuditEntrySerializer.Meta.fields},
        "actor": "actor_id",
        "object": "object_id",
        "client": "client_id",
    }
