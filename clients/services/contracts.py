from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Membership
from clients.exceptions import CurrencyFixed, ForeignRow, LineEnded
from clients.models import Client, Contract
from clients.services import rollups, writing
from clients.services.lines import add_line
from clients.signals import contract_changed


@transaction.atomic
def add_contract(
    *,
    actor: Membership | None,
    client: Client,
    starts_on: date,
    name: str = "",
    currency: str = "",
    lines: Iterable[dict[str, Any]] = (),
    **fields: Any,
) -> Contract:
    """Record what a client agreed to, with its lines (each: product, mrr_minor, and if need be quantity and days).

    ``fields``: number, ends_on, notice_days, auto_renew, billing_period.
    """
    contract = Contract(
        client=client,
        name=name or fields.get("number") or _("Contract of %(day)s") % {"day": date_format(starts_on)},
        starts_on=starts_on,
        currency=currency or writing.currency_for(actor, client),
        **fields,
    )
    contract = writing.add(actor=actor, client=client, obj=contract)
    for line in lines:
        add_line(actor=actor, contract=contract, **line)
    return _settled(actor, contract)


@transaction.atomic
def change_contract(
    *, actor: Membership | None, contract: Contract, version: int | None = None, **fields: Any
) -> Contract:
    """Change a contract. Lines that ended with it move along when its end moves; the client stays who it is."""
    if "client" in fields and fields.pop("client") != contract.client:
        raise ForeignRow(_("A contract stays with its client. Add a new one for the other client."))
    currency = fields.get("currency", contract.currency)
    if currency != contract.currency and contract.lines.current().exists():
        raise CurrencyFixed(
            _("This contract has lines in %(currency)s. Add a new contract for the other currency.")
            % {"currency": contract.currency}
        )
    changed = writing.change(actor=actor, client=contract.client, obj=contract, version=version, **fields)
    if changed.ends_on != contract.ends_on and contract.ends_on is not None:
        for line in changed.lines.current().filter(ends_on=contract.ends_on):
            writing.change(actor=actor, client=contract.client, obj=line, ends_on=changed.ends_on)
    return _settled(actor, changed)


@transaction.atomic
def end_contract(*, actor: Membership | None, contract: Contract, on: date, version: int | None = None) -> Contract:
    """The contract and all its lines end: ``on`` is the first day without them."""
    if on < contract.starts_on:
        raise LineEnded(
            _("The contract starts on %(day)s. Choose a later day.") % {"day": date_format(contract.starts_on)}
        )
    changed = writing.change(
        actor=actor, client=contract.client, obj=contract, version=version, verb="ended", ends_on=on, auto_renew=False
    )
    for line in changed.lines.current():
        if line.ends_on is None or line.ends_on > on:
            last = max(on, line.starts_on)
            writing.change(actor=actor, client=contract.client, obj=line, verb="ended", ends_on=last)
    return _settled(actor, changed)


@transaction.atomic
def archive_contract(*, actor: Membership | None, contract: Contract, version: int | None = None) -> Contract:
    """It was never agreed, or is a duplicate: it counts nowhere any more. What ended is ended, not archived."""
    return _settled(actor, writing.archive(actor=actor, client=contract.client, obj=contract, version=version))


@transaction.atomic
def restore_contract(*, actor: Membership | None, contract: Contract, version: int | None = None) -> Contract:
    return _settled(actor, writing.restore(actor=actor, client=contract.client, obj=contract, version=version))


def _settled(actor: Membership | None, contract: Contract) -> Contract:
    """After any change: the client's revenue and lifecycle follow, and the apps above hear of it."""
    rollups.refresh_revenue(contract.client)
    contract_changed.send(Contract, contract=contract, actor=actor)
    return contract
