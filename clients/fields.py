"""Columns of the clients' tables that appear in several models, each with its own validation."""

from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.money import is_known_currency

validate_country = RegexValidator(
    r"^[A-Z]{2}\Z", _("Write the country as its two capital letters, for example SA or EG.")
)


def validate_currency(code):
    if not is_known_currency(code):
        raise ValidationError(
            _("There is no currency %(code)s. Write its three capital letters, for example USD or SAR."),
            params={"code": code},
        )


def validate_time_zone(name):
    if name not in available_timezones():
        raise ValidationError(_("There is no time zone %(name)s. Write it like Asia/Riyadh."), params={"name": name})


class CurrencyField(models.CharField):
    """An ISO currency beside an amount in minor units."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_length": 3, "validators": [validate_currency], **kwargs})
