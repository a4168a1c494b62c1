"""What people say about managers, teams and absences."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.form_fields import MoneyField, NumberField
from accounts.forms.rows import RowForm
from managers.models import Absence, AccountManager, Team


class ManagerForm(RowForm):
    """The hourly cost is shown to those who may see it only."""

    fte = NumberField(label=_("Share of a full-time position (%)"), min_value=0, max_value=100, initial=100)
    weekly_hours = NumberField(label=_("Weekly hours"), min_value=0, max_value=168, initial=40)
    hourly_cost_minor = MoneyField(label=_("Hourly cost"), required=False)

    class Meta:
        model = AccountManager
        fields = [
            "name", "member", "title", "level", "team", "reports_to", "email", "city", "languages",
            "fte", "weekly_hours", "hourly_cost_minor", "skills", "qualifications",
        ]  # fmt: skip
        widgets = {"skills": forms.Textarea(attrs={"rows": 2}), "qualifications": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = self.fields["member"].queryset.active().select_related("user")
        self.fields["member"].help_text = _("Whose sign-in this is. Leave it empty for somebody invited later.")
        subject = None if self.instance._state.adding else self.instance
        for name, permission in GUARDED.items():
            if not self.member.can(permission, subject):
                del self.fields[name]


#: Fields that need a right of their own.
GUARDED = {
    "hourly_cost_minor": "managers.view_cost_accountmanager",
    "member": "managers.appoint_accountmanager",
    "reports_to": "managers.set_reports_to_accountmanager",
    "team": "managers.move_accountmanager",
    "fte": "managers.move_accountmanager",
    "weekly_hours": "managers.move_accountmanager",
}


class TeamForm(RowForm):
    class Meta:
        model = Team
        fields = ["name"]


class AbsenceForm(RowForm):
    class Meta:
        model = Absence
        fields = ["from_on", "until_on", "substitute", "reason"]

    def __init__(self, *args, manager, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["substitute"].queryset = self.fields["substitute"].queryset.active().exclude(pk=manager.pk)
