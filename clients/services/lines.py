from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Membership
from clients.exceptions import ForeignRow, LineEnded
from clients.models import Contract, ContractLine, Product
from clients.services import rollups, writing
from clients.services.products import refuse_archived_product
from clients.signals import contract_changed


@transaction.atomic
def add_contract_line(
    *, actor: Membership | None, contract: Contract, product: Product, mrr_minor: int, **fields: Any
) -> ContractLine:
    """Add a product to a contract. ``fields``: quantity, starts_on, ends_on; by default the contract's days.

    Without an end of its own, a line ends with its contract, or runs on when that renews by itself.
    """
    return _settled(actor, add_line(actor=actor, contract=contract, product=product, mrr_minor=mrr_minor, **fields))


def add_line(
    *,
    actor: Membership | None,
    contract: Contract,
    product: Product,
    mrr_minor: int,
    starts_on: date | None = None,
    ends_on: date | None = None,
    **fields: Any,
) -> ContractLine:
    """The line alone; the caller sees to the client's revenue."""
    refuse_archived_product(product)
    line = ContractLine(
        contract=contract,
        client=contract.client,
        product=product,
        mrr_minor=mrr_minor,
        starts_on=starts_on or contract.starts_on,
        ends_on=ends_on or (None if contract.auto_renew else contract.ends_on),
        **fields,
    )
    return writing.add(actor=actor, client=contract.client, obj=line)


@transaction.atomic
def change_contract_line(
    *, actor: Membership | None, line: ContractLine, version: int | None = None, **fields: Any
) -> ContractLine:
    """Correct a line. A price that changes from a day on is two lines: end this one and add another."""
    if "contract" in fields and fields.pop("contract") != line.contract:
        raise ForeignRow(_("A line stays in its contract. End it and add a new one to the other contract."))
    refuse_archived_product(fields.get("product"))
    return _settled(actor, writing.change(actor=actor, client=line.client, obj=line, version=version, **fields))


@transaction.atomic
def end_contract_line(
    *, actor: Membership | None, line: ContractLine, on: date | None = None, version: int | None = None
) -> ContractLine:
    """The line stops counting on this day (today when none is given)."""
    on = on or timezone.localdate()
    if on < line.starts_on:
        raise LineEnded(_("This line starts on %(day)s. Choose a later day.") % {"day": date_format(line.starts_on)})
    if line.ends_on is not None and line.ends_on <= on:
        raise LineEnded(
            _("This line ended on %(day)s already. Correct the day by editing the line.")
            % {"day": date_format(line.ends_on)}
        )
    ended = writing.change(actor=actor, client=line.client, obj=line, version=version, verb="ended", ends_on=on)
    return _settled(actor, ended)


@transaction.atomic
def archive_contract_line(*, actor: Membership | None, line: ContractLine, version: int | None = None) -> ContractLine:
    return _settled(actor, writing.archive(actor=actor, client=line.client, obj=line, version=version))


@transaction.atomic
def restore_contract_line(*, actor: Membership | None, line: ContractLine, version: int | None = None) -> ContractLine:
    return _settled(actor, writing.restore(actor=actor, client=line.client, obj=line, version=version))


def _settled(actor: Membership | None, line: ContractLine) -> ContractLine:
    rollups.refresh_revenue(line.client)
    contract_changed.send(Contract, contract=line.contract, actor=actor)
    return line
