"""Constraints that the database keeps alone.

Django's own ask the database once more while validating. These do not: the service or the model's ``clean`` has said it
in a sentence before, and the constraint is the net below (an IntegrityError, never a wrong row).
"""

from typing import Any

from django.db import models


class DatabaseCheck(models.CheckConstraint):
    """A check that costs no statement when a row is validated."""

    def validate(self, *args: Any, **kwargs: Any) -> None:
        return None


class DatabaseUnique(models.UniqueConstraint):
    """A uniqueness that costs no statement when a row is validated."""

    def validate(self, *args: Any, **kwargs: Any) -> None:
        return None
