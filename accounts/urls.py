"""Inside an organization, under ``settings/``."""

from django.urls import path

from accounts.views import audit, invitations, members, organization, outbox, suppressions, tokens

app_name = "accounts"

urlpatterns = [
    path("", organization.OrganizationView.as_view(), name="organization"),
    path("holidays/", organization.HolidaysView.as_view(), name="holiday-list"),
    path("holidays/<uuid:pk>/remove/", organization.HolidayRemoveView.as_view(), name="holiday-remove"),
    path("members/", members.MemberListView.as_view(), name="member-list"),
    path("members/leave/", members.LeaveView.as_view(), name="member-leave"),
    path("members/<uuid:pk>/", members.MemberChangeView.as_view(), name="member-change"),
    path("members/<uuid:pk>/deactivate/", members.MemberDeactivateView.as_view(), name="member-deactivate"),
    path("members/<uuid:pk>/reactivate/", members.MemberReactivateView.as_view(), name="member-reactivate"),
    path("invitations/", invitations.InvitationListView.as_view(), name="invitation-list"),
    path("invitations/add/", invitations.InvitationAddView.as_view(), name="invitation-add"),
    path("invitations/<uuid:pk>/resend/", invitations.InvitationResendView.as_view(), name="invitation-resend"),
    path("invitations/<uuid:pk>/revoke/", invitations.InvitationRevokeView.as_view(), name="invitation-revoke"),
    path("tokens/", tokens.TokenListView.as_view(), name="token-list"),
    path("tokens/add/", tokens.TokenAddView.as_view(), name="token-add"),
    path("tokens/<uuid:pk>/revoke/", tokens.TokenRevokeView.as_view(), name="token-revoke"),
    path("audit/", audit.AuditListView.as_view(), name="audit-list"),
    path("audit/export/", audit.AuditExportView.as_view(), name="audit-export"),
    path("messages/", outbox.MessageListView.as_view(), name="message-list"),
    path("messages/chosen/", outbox.MessagesChosenView.as_view(), name="messages-chosen"),
    path("messages/trust-lists/", outbox.TrustListsView.as_view(), name="trust-lists"),
    path("messages/<uuid:pk>/", outbox.MessageDetailView.as_view(), name="message-detail"),
    path("messages/<uuid:pk>/retry/", outbox.MessageRetryView.as_view(), name="message-retry"),
    path("messages/<uuid:pk>/discard/", outbox.MessageDiscardView.as_view(), name="message-discard"),
    path("messages/<uuid:pk>/put-back/", outbox.MessagePutBackView.as_view(), name="message-put-back"),
    path("messages/<uuid:pk>/release/", outbox.MessageReleaseView.as_view(), name="message-release"),
    path("suppressions/", suppressions.SuppressionListView.as_view(), name="suppression-list"),
    path("suppressions/add/", suppressions.SuppressionAddView.as_view(), name="suppression-add"),
    path("suppressions/export/", suppressions.SuppressionExportView.as_view(), name="suppression-export"),
    path("suppressions/<uuid:pk>/lift/", suppressions.SuppressionLiftView.as_view(), name="suppression-lift"),
]
