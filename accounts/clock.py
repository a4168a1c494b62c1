"""What the clock does for every organization by itself."""

from accounts.dispatch.registry import register_generator
from accounts.dispatch.retention import forget_old_messages
from accounts.services.idempotency import purge_idempotency_keys


def forget_old_answers() -> None:
    """Drop the stored answers of idempotent requests when nobody can be waiting to repeat them."""
    for _count in purge_idempotency_keys():
        pass


register_generator("idempotency_keys", 3600, forget_old_answers)
register_generator("old_messages", 3600, forget_old_messages)
