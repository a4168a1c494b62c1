from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from clients.choices import ChurnReason
from clients.models import ChurnEvent, Client, ContractLine
from clients.services import rollups, writing
from clients.signals import client_churned


@transaction.atomic
def record_churn(
    *,
    actor: Membership | None,
    client: Client,
    on: date | None = None,
    reason: str = ChurnReason.UNKNOWN,
    feedback: str = "",
    is_reactivation: bool = False,
    refund_minor: int | None = None,
    currency: str = "",
    end_lines: bool = True,
) -> ChurnEvent:
    """Note that a client left, and why; what still runs ends on that day, and the lifecycle follows from it.

    With ``is_reactivation`` it came back: nothing ends, and the new contract says the rest.
    """
    on = on or timezone.localdate()
    event = writing.add(
        actor=actor,
        client=client,
        obj=ChurnEvent(
            client=client,
            on=on,
            reason=reason,
            feedback=feedback,
            is_reactivation=is_reactivation,
            refund_minor=refund_minor,
            currency=currency or (writing.currency_for(actor, client) if refund_minor is not None else ""),
        ),
        verb="reactivated" if is_reactivation else "churned",
    )
    if is_reactivation:
        return event
    if end_lines:
        for line in ContractLine.objects.current().filter(client=client):
            if line.ends_on is None or line.ends_on > on:
                writing.change(actor=actor, client=client, obj=line, verb="ended", ends_on=max(on, line.starts_on))
    rollups.refresh_revenue(client)
    client_churned.send(Client, client=client, actor=actor, event=event)
    return event
