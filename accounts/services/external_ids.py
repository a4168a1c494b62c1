"""Finding rows by what other systems call them."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from accounts.models import ExternalId


def _label(model: Any) -> str:
    return model if isinstance(model, str) else model._meta.label_lower


def find(model: Any, source: str, external_id: str) -> uuid.UUID | None:
    """The key of the row that ``source`` calls ``external_id``, or None. ``model`` is a class or its lower label."""
    found = ExternalId.objects.filter(source=source, model=_label(model), external_id=external_id)
    return found.values_list("object_id", flat=True).first()


def remember(obj: Model, source: str, external_id: str) -> ExternalId:
    """Give ``obj`` a name in ``source``; the name moves to ``obj`` when another row had it."""
    known, _ = ExternalId.objects.update_or_create(
        source=source, model=_label(obj), external_id=external_id, defaults={"object_id": obj.pk}
    )
    return known


def bulk_map(model: Any, source: str, ids: Iterable[str]) -> dict[str, uuid.UUID]:
    """Keys of the rows that ``source`` calls ``ids``; unknown ones are left out."""
    known = ExternalId.objects.filter(source=source, model=_label(model), external_id__in=list(ids))
    return dict(known.values_list("external_id", "object_id"))
