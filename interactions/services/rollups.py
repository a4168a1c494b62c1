"""The figures that clients carry of what happens with them, computed afresh from the facts."""

from django.db.models import Count, IntegerField, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate

from accounts.calendar import working_calendar
from clients.models import Client
from clients.services import rollups as client_rollups
from interactions.choices import Scale
from interactions.models import Concern, Interaction, Score


def refresh_last_contact(client: Client) -> None:
    """After a correction: the latest two-way contact may be another one now."""
    contacts = Interaction.objects.current().two_way().filter(client=client)
    client_rollups.set_last_contact(client, contacts.aggregate(latest=Max("happened_at"))["latest"])


def refresh_critical_concerns(client: Client) -> None:
    client_rollups.set_critical_concerns(client, Concern.objects.critical().filter(client=client).count())


def rebuild_rollups() -> int:
    """Every rollup of every client of the current organization, after a repair. Returns the clients."""
    rebuild_figures(Client.objects.all())
    client_rollups.rebuild()
    return Client.objects.count()


def rebuild_figures(clients: QuerySet[Client]) -> None:
    """Contact, satisfaction and concerns of these clients, after an import."""
    clients.update(
        last_contact_at=_last_contact(),
        critical_concerns=_critical_concerns(),
        last_nps=_last_score(Scale.NPS, "value"),
        last_nps_on=_last_score(Scale.NPS, "day"),
        last_csat=_last_score(Scale.CSAT, "value"),
        last_csat_on=_last_score(Scale.CSAT, "day"),
    )


def _last_contact() -> Subquery:
    contacts = Interaction.objects.current().two_way().filter(client=OuterRef("pk")).order_by().values("client")
    return Subquery(contacts.annotate(latest=Max("happened_at")).values("latest"))


def _critical_concerns() -> Coalesce:
    concerns = Concern.objects.critical().filter(client=OuterRef("pk")).order_by().values("client")
    return Coalesce(Subquery(concerns.annotate(number=Count("pk")).values("number"), output_field=IntegerField()), 0)


def _last_score(scale: str, column: str) -> Subquery:
    scores = Score.objects.filter(client=OuterRef("pk"), scale=scale).annotate(
        day=TruncDate("at", tzinfo=working_calendar().zone)
    )
    return Subquery(scores.latest_first().values(column)[:1])
