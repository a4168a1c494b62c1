"""Absences: who covers, from when until when."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.pages import ActionPage, ChildAddPage
from managers import services
from managers.forms import AbsenceForm
from managers.models import Absence, AccountManager


class AbsenceAddView(ChildAddPage):
    permission = "managers.plan_absence"
    queryset = AccountManager.objects.all()
    form_class = AbsenceForm
    success_message = gettext_lazy("Absence planned. The substitute sees these clients on those days.")

    @property
    def title(self):
        return _("Absence of %(name)s") % {"name": self.object}

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "manager": self.object}

    def perform(self, **data):
        services.plan_absence(actor=self.member, manager=self.object, **data)
        return self.object.get_absolute_url()


class AbsenceEndView(ActionPage):
    """From today on the manager is back."""

    permission = "managers.end_absence"
    queryset = Absence.objects.select_related("manager")
    success_message = gettext_lazy("Absence ended.")

    def perform(self):
        services.end_absence(actor=self.member, absence=self.object)

    def get_success_url(self):
        return self.object.manager.get_absolute_url()
