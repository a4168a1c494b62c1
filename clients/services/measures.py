from datetime import date

from django.db import transaction

from accounts.models import Membership
from accounts.services import changes
from clients.models import Client, Measure, Product
from clients.services import writing


@transaction.atomic
def record_measure(
    *,
    actor: Membership | None,
    client: Client,
    name: str,
    month: date,
    value: int,
    product: Product | None = None,
) -> Measure:
    """Set a client's figure for a month; said again, the last one counts. Any day of the month will do."""
    measure = Measure(client=client, product=product, name=name, month=month.replace(day=1), value=value)
    known = Measure.objects.filter(client=client, product=product, name=name, month=measure.month).first()
    if known is None:
        return writing.add(actor=actor, client=client, obj=measure)
    if known.value != value:
        before, known.value = known.value, value
        known.save(update_fields=["value"])
        changes.record(actor=actor, verb="changed", obj=known, before={"value": before}, after={"value": value})
    return known
