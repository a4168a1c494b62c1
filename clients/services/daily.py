"""What days alone change: contracts renew themselves, lifecycles move on, deadlines pass."""

from datetime import date

from django.core.cache import cache
from django.db import transaction

from accounts.calendar import local_today
from accounts.models import Membership
from accounts.tenancy.context import current_organization_id
from clients.lifecycle import next_term_end
from clients.models import Contract, ContractLine
from clients.services import rollups, writing
from clients.signals import contract_changed

TWO_DAYS = 2 * 24 * 3600


def follow_the_days() -> None:
    """Once a day for the current organization, however often the clock calls; twice would do no harm."""
    today = local_today()
    key = f"clients-day:{current_organization_id(required=True)}"
    if cache.get(key) == today.isoformat():
        return
    renew_contracts(actor=None, on=today)
    rollups.rebuild(on=today)
    cache.set(key, today.isoformat(), TWO_DAYS)


@transaction.atomic
def renew_contracts(*, actor: Membership | None = None, on: date | None = None) -> int:
    """Contracts that renew by themselves get their next term once the old one is over, while a line still runs."""
    on = on or local_today()
    running = ContractLine.objects.running(on).values("contract_id")
    over = Contract.objects.current().filter(auto_renew=True, ends_on__lte=on, pk__in=running)
    contracts = list(over.select_related("client__main_manager"))
    for contract in contracts:
        ends_on = next_term_end(contract.starts_on, contract.ends_on or on, on)
        renewed = writing.change(actor=actor, client=contract.client, obj=contract, verb="renewed", ends_on=ends_on)
        contract_changed.send(Contract, contract=renewed, actor=actor)
    return len(contracts)
