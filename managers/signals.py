"""What happens with account managers, for the apps above."""

from django.dispatch import Signal

# Sent before a manager leaves, with ``manager`` and ``actor``. Receivers let go of what they hold, or refuse.
manager_leaving = Signal()
