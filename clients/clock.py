"""What the clock does for clients."""

from accounts.dispatch.registry import register_generator
from clients.services.daily import follow_the_days

# Asked every half hour, so that a day begins soon after midnight in every organization's own time zone.
register_generator("client_days", 1800, follow_the_days)
