"""What happens with clients, for the apps above. Sent inside the service's transaction: all or nothing."""

from django.dispatch import Signal

client_added = Signal()  # client, actor
client_changed = Signal()  # client, actor
client_reassigned = Signal()  # client, actor, previous (manager or None), manager (or None)
client_churned = Signal()  # client, actor, event
opportunity_opened = Signal()  # opportunity, actor
opportunity_won = Signal()  # opportunity, actor
opportunity_lost = Signal()  # opportunity, actor
contract_changed = Signal()  # contract, actor
