"""Who can import what: one importer per entity, registered by the apps when they are ready."""

from accounts.imports.errors import ImportStopped, did_you_mean
from accounts.imports.importer import Importer

_importers: dict[str, Importer] = {}


def register_importer(entity: str, importer: Importer) -> None:
    """Offer an entity to mapping files. Registering one twice is a mistake of ours, not the operator's."""
    if entity in _importers and type(_importers[entity]) is not type(importer):
        raise RuntimeError(f"Two importers want to be called {entity!r}.")
    _importers[entity] = importer


def importer_of(entity: str) -> Importer:
    if entity not in _importers:
        raise ImportStopped(f"There is no entity “{entity}”. {did_you_mean(entity, entities())}")
    return _importers[entity]


def entities() -> list[str]:
    return sorted(_importers)


def importers() -> list[Importer]:
    """All importers; those that build on others' rows have the higher ``rank``."""
    return sorted(_importers.values(), key=lambda importer: importer.rank)
