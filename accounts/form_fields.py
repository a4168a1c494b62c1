"""Form fields and widgets that know our readers: digits of both scripts, money in minor units, scales to tap."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.money import to_decimal, to_minor, to_number


class DecimalInput(forms.TextInput):
    """A number typed as text: native number inputs refuse Arabic digits."""

    def __init__(self, attrs=None):
        super().__init__({"inputmode": "decimal", "autocomplete": "off", "dir": "ltr", **(attrs or {})})


class NumberInput(forms.TextInput):
    def __init__(self, attrs=None):
        super().__init__({"inputmode": "numeric", "autocomplete": "off", "dir": "ltr", **(attrs or {})})


class DateInput(forms.DateInput):
    """The browser's own date picker, which wants ISO whatever the language."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class DateTimeInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class SegmentedRadio(forms.RadioSelect):
    """One choice among few, side by side."""

    template_name = "forms/widgets/segmented.html"


class ScoreScale(forms.RadioSelect):
    """A row of numbers to tap, with words at its two ends."""

    template_name = "forms/widgets/scale.html"

    def __init__(self, attrs=None, choices=(), *, low_label="", high_label=""):
        super().__init__(attrs, choices)
        self.low_label, self.high_label = low_label, high_label

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"] |= {"low_label": self.low_label, "high_label": self.high_label}
        return context


class NumberField(forms.IntegerField):
    """A whole number in either script: ``1,200`` and ``١٬٢٠٠`` are the same."""

    widget = NumberInput

    def to_python(self, value):
        return super().to_python(_plain(value, self))


class DecimalField(forms.DecimalField):
    widget = DecimalInput

    def to_python(self, value):
        return super().to_python(_plain(value, self))


class MoneyField(forms.Field):
    """An amount as people write it, cleaned to minor units of ``currency``."""

    widget = DecimalInput
    default_error_messages = {"negative": _("This amount cannot be below zero.")}

    def __init__(self, *, currency="USD", allow_negative=False, **kwargs):
        super().__init__(**kwargs)
        self.currency, self.allow_negative = currency, allow_negative

    def prepare_value(self, value):
        """Minor units as editable text; what was just typed comes back as it was typed."""
        if isinstance(value, int):
            amount = to_decimal(value, self.currency)
            return f"{amount:,f}" if amount % 1 else f"{amount:,.0f}"
        return value

    def to_python(self, value):
        if value in self.empty_values or not str(value).strip():
            return None
        try:
            minor = to_minor(str(value), self.currency)
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from None
        if minor < 0 and not self.allow_negative:
            raise ValidationError(self.error_messages["negative"], code="negative")
        return minor

    def has_changed(self, initial, data):
        try:
            return self.to_python(data) != initial
        except ValidationError:
            return True


class MoneyForm:
    """Mixin: the form's own ``currency`` decides how many decimals its amounts have.

    Without such a field, or with none chosen yet, it is ``default_currency`` (the organization's).
    """

    currency_field = "currency"
    default_currency = "USD"

    def __init__(self, *args, default_currency=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.default_currency = default_currency or self.default_currency
        for field in self.fields.values():
            if isinstance(field, MoneyField):
                field.currency = self.currency

    @property
    def currency(self):
        chosen = self.initial.get(self.currency_field)
        if self.is_bound and self.currency_field in self.fields:
            chosen = self.data.get(self.add_prefix(self.currency_field)) or chosen
        return (chosen or getattr(getattr(self, "instance", None), "currency", "") or self.default_currency).upper()


def _plain(value, field):
    """The typed number without grouping, in Western digits, for Django's own fields to check."""
    if value in field.empty_values or isinstance(value, (int, float, Decimal)):
        return value
    try:
        return format(to_number(str(value)), "f")
    except ValueError as error:
        raise ValidationError(str(error), code="invalid") from None
