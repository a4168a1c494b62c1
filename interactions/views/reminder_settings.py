"""Which reminders come and when: the organization's word, and everybody's own."""

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.calendar import working_calendar
from accounts.pages import FormPage, Page, RowChangePage
from accounts.views.base import Refusing, SettingsPage
from interactions import services
from interactions.models import DeliveryChoice, ReminderChoice, ReminderRule
from interactions.reminders.forms import ChoicesForm, RuleForm
from interactions.reminders.preferences import rules_in_force
from interactions.reminders.registry import kind_of, kinds


class ReminderRulesView(SettingsPage, Page):
    """Every kind with what the organization says about it."""

    permission = "interactions.view_reminderrule"
    tab = "interactions:reminder-rules"
    template_name = "interactions/reminder_rules.html"

    def get_context_data(self, **kwargs):
        rules = rules_in_force(working_calendar().today)
        lines = [{"kind": kind, "rule": rules[kind.name]} for kind in kinds()]
        may_change = self.member.can("interactions.change_reminderrule")
        return super().get_context_data(lines=lines, may_change=may_change, **kwargs)


class ReminderRuleChangeView(Refusing, RowChangePage):
    permission = "interactions.change_reminderrule"
    queryset = ReminderRule.objects.all()
    form_class = RuleForm
    success_message = _("Saved.")

    @property
    def title(self):
        return kind_of(self.object.kind).label

    @property
    def lead(self):
        return kind_of(self.object.kind).hint

    def get_cancel_url(self):
        return reverse("interactions:reminder-rules")

    def perform(self, **data):
        services.change_rule(actor=self.member, rule=self.object, **data)
        return self.get_cancel_url()


class ReminderChoicesView(FormPage):
    """One page for everything that a member chooses about reminders."""

    permission = "interactions.change_reminderchoice"
    form_class = ChoicesForm
    template_name = "interactions/reminder_choices.html"
    success_message = _("Saved.")

    @cached_property
    def rules(self):
        return rules_in_force(working_calendar().today)

    @cached_property
    def delivery(self):
        return DeliveryChoice.objects.filter(member=self.member).first() or DeliveryChoice()

    def get_form_kwargs(self):
        chosen = {row.kind: row for row in ReminderChoice.objects.filter(member=self.member)}
        settings = self.request.organization.settings
        return super().get_form_kwargs() | {
            "rules": self.rules,
            "chosen": chosen,
            "delivery": self.delivery,
            "settings": settings,
        }

    def perform(self, **data):
        services.choose_all(member=self.member, **data)
        return reverse("interactions:reminder-choices")
