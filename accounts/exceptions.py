"""What our own code refuses, in sentences."""

from django.core.exceptions import ValidationError


class DomainError(ValidationError):
    """A business rule said no. The message says what is wrong and how to mend it. The API answers 409."""


class StaleVersion(DomainError):
    """Somebody else changed the row since it was read. The API answers 412, a page shows both versions."""
