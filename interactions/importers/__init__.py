"""What happened with clients, out of files. Registered in ``interactions.apps``."""

from interactions.importers.concerns import ConcernImporter
from interactions.importers.happenings import InteractionImporter, ScoreImporter
from interactions.importers.tasks import TaskImporter

IMPORTERS = (InteractionImporter(), ConcernImporter(), ScoreImporter(), TaskImporter())
