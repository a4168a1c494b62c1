"""The organization's own page: how it counts days and money, its colour, its holidays."""

from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import services
from accounts.forms.organization import HolidayForm, OrganizationForm
from accounts.models import Holiday
from accounts.pages import ActionPage, FormPage
from accounts.views.base import Refusing, SettingsPage

FIELDS = (
    "version",
    "language",
    "time_zone",
    "currency",
    "fiscal_year_start",
    "weekend_days",
    "quiet_from",
    "quiet_until",
    "is_urgent_exempt",
    "brand_hue",
)


class OrganizationView(SettingsPage, FormPage):
    """Everybody may look; only admins may save."""

    permission = "accounts.view_settings"
    tab = "accounts:organization"
    form_class = OrganizationForm
    template_name = "accounts/organization.html"
    success_message = _("Settings saved.")

    @property
    def settings(self):
        return self.request.organization.settings

    @property
    def may_change(self):
        return self.member.can("accounts.change_settings")

    def get_initial(self):
        return {"name": self.request.organization.name} | {name: getattr(self.settings, name) for name in FIELDS}

    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        if not self.may_change:
            for field in form.fields.values():
                field.disabled = True
        return form

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_change=self.may_change, **kwargs)

    def post(self, request, *args, **kwargs):
        self.permission = "accounts.change_settings"
        self.check_permission()
        return super().post(request, *args, **kwargs)

    def perform(self, **data):
        services.change_settings(actor=self.member, settings=self.settings, **data)
        return reverse(self.tab)


class HolidaysView(SettingsPage, FormPage):
    """The days off, with a form for one more."""

    permission = "accounts.view_settings"
    tab = "accounts:holiday-list"
    form_class = HolidayForm
    template_name = "accounts/holidays.html"
    success_message = _("Holiday added.")

    def get_context_data(self, **kwargs):
        today = timezone.localdate()
        holidays = list(Holiday.objects.order_by("on"))
        return super().get_context_data(
            coming=[day for day in holidays if day.on >= today],
            past=[day for day in reversed(holidays) if day.on < today],
            may_change=self.member.can("accounts.change_settings"),
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        self.permission = "accounts.change_settings"
        self.check_permission()
        return super().post(request, *args, **kwargs)

    def perform(self, **data):
        services.add_holiday(actor=self.member, **data)
        return reverse(self.tab)


class HolidayRemoveView(Refusing, ActionPage):
    permission = "accounts.change_settings"
    success_message = _("Holiday removed.")

    def get_queryset(self):
        return Holiday.objects.all()

    def perform(self):
        services.remove_holiday(actor=self.member, holiday=self.object)

    def get_success_url(self):
        return reverse_lazy("accounts:holiday-list")
