"""What clients do when something happens below."""

from django.dispatch import receiver

from clients import services
from managers.signals import manager_leaving


@receiver(manager_leaving)
def release_clients(sender, manager, actor, **kwargs):
    services.release_clients(actor=actor, manager=manager)
