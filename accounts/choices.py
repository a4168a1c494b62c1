"""Words with a fixed set of values."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(TextChoices):
    """What a member may see and do; the title on a business card is free text beside it."""

    ADMIN = "admin", pgettext_lazy("role", "Admin")
    LEAD = "lead", pgettext_lazy("role", "Team lead")
    MANAGER = "manager", pgettext_lazy("role", "Account manager")
    ASSOCIATE = "associate", pgettext_lazy("role", "Associate")
    VIEWER = "viewer", pgettext_lazy("role", "Viewer")


class Scope(TextChoices):
    """What an API token may do at most; it never widens what its member may do."""

    READ = "read", pgettext_lazy("scope", "Read")
    WRITE = "write", pgettext_lazy("scope", "Read and write")
    ADMIN = "admin", pgettext_lazy("scope", "Members, tokens and audit log")


class Language(TextChoices):
    ENGLISH = "en", "English"
    ARABIC = "ar", "العربية"


class Theme(TextChoices):
    SYSTEM = "system", _("Same as the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Weekday(TextChoices):
    """Monday is 0, as in Python."""

    MONDAY = "0", _("Monday")
    TUESDAY = "1", _("Tuesday")
    WEDNESDAY = "2", _("Wednesday")
    THURSDAY = "3", _("Thursday")
    FRIDAY = "4", _("Friday")
    SATURDAY = "5", _("Saturday")
    SUNDAY = "6", _("Sunday")
