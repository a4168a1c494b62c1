"""The form behind every page that adds or changes a row: the model's labels and choices, the service's checks."""

from typing import Any

from django import forms
from django.db import models
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils.translation import gettext_lazy as _

from accounts.form_fields import DateInput, DateTimeInput, MoneyForm

# Django's nine hyphens: a screen reader spells them out.
_DASHES = BLANK_CHOICE_DASH[0][1]
NOT_SET = _("Not set")


class RowForm(MoneyForm, forms.ModelForm):
    """A ModelForm that is never saved: ``cleaned_data`` goes to a service, which validates the row and its version.

    References offer only rows that ``member`` may see and that are not archived, beside the one chosen already.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, member: Any, **kwargs: Any) -> None:
        super().__init__(*args, default_currency=member.organization.settings.currency, **kwargs)
        self.member = member
        if self.instance._state.adding:
            del self.fields["version"]
        else:
            self.initial["version"] = self.instance.version
        for name, field in self.fields.items():
            self._prepare(name, field)

    def _prepare(self, name: str, field: forms.Field) -> None:
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = self._choices(name, field.queryset)
            if field.empty_label == _DASHES:
                field.empty_label = NOT_SET
        elif isinstance(field, forms.ChoiceField):
            field.choices = [(value, NOT_SET if label == _DASHES else label) for value, label in field.choices]
        elif isinstance(field, forms.DateTimeField):
            field.widget = DateTimeInput(field.widget.attrs)
        elif isinstance(field, forms.DateField):
            field.widget = DateInput(field.widget.attrs)
        elif type(field.widget) in (forms.TextInput, forms.Textarea):
            field.widget.attrs.setdefault("dir", "auto")

    def _choices(self, name: str, queryset: Any) -> Any:
        if hasattr(queryset, "visible_to"):
            queryset = queryset.visible_to(self.member)
        if any(field.name == "archived_at" for field in queryset.model._meta.local_fields):
            chosen = getattr(self.instance, f"{name}_id", None)
            queryset = queryset.filter(models.Q(archived_at=None) | models.Q(pk=chosen))
        return queryset

    def _post_clean(self) -> None:
        """Django would write the fields into the row and check it here; the service does that under a lock."""
