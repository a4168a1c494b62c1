"""Outside every organization: the doors, sign-in (allauth's addresses and names), health."""

from django.urls import include, path

from accounts.views import confirmation, front, health, invited, mail_events, mailbox, metrics, preferences

urlpatterns = [
    path("", front.landing, name="landing"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("accounts/organizations/", front.OrganizationsView.as_view(), name="organizations"),
    path("accounts/organizations/new/", front.FoundOrganizationView.as_view(), name="found-organization"),
    path("accounts/invitation/<str:secret>/", invited.InvitationView.as_view(), name="invitation"),
    path("accounts/confirm-email/resend/", confirmation.resend_confirmation, name="resend-confirmation"),
    path("accounts/profile/", preferences.ProfileView.as_view(), name="profile"),
    path("accounts/language/", preferences.set_language, name="set-language"),
    path("accounts/theme/", preferences.set_theme, name="set-theme"),
    path("accounts/brand/<int:hue>.css", front.brand, name="brand"),
    path("accounts/mail-events/<slug:provider>/", mail_events.MailEventsView.as_view(), name="mail-events"),
    path("accounts/mailbox/", mailbox.mailbox, name="mailbox"),
    path("accounts/mailbox/<str:name>/", mailbox.mail, name="mailbox-mail"),
    path("accounts/", include("allauth.urls")),
]
