import datetime

from django.utils import timezone
from rest_framework.response import Response

from accounts.api.base import MemberViewSet
from accounts.api.pagination import KeysetPagination
from interactions.choices import Scale
from interactions.models import Score, SurveyInvitation
from reports.api.serializers import (
    GroupFigureSerializer,
    ScaleFigureSerializer,
    StepSerializer,
    figure_row,
    rate_row,
)
from reports.filters import DeliveredFilter, FiguresFilter, GroupedFiguresFilter, ScaleFiguresFilter
from reports.queries import satisfaction

DAY = datetime.timedelta(days=1)


class WholeList(KeysetPagination):
    """A handful of rows that always fit one page."""

    parameters = ()

    def get_paginated_response(self, data):
        return Response({"results": data, "next": None, "previous": None})

    def get_schema_operation_parameters(self, view):
        return []


class FiguresViewSet(MemberViewSet):
    """``since`` and ``until`` are about the answer; for response rates about the sending. Without them: all time."""

    queryset = Score.objects.filter(client__archived_at=None)
    pagination_class = WholeList
    permissions = {"list": "reports.view_satisfaction", "metadata": "reports.view_satisfaction"}

    def list(self, request):
        return self.paginator.get_paginated_response(self.results())

    @property
    def scores(self):
        return self.filter_queryset(self.get_queryset())

    @property
    def invitations(self):
        rows = SurveyInvitation.objects.visible_to(self.member).filter(client__archived_at=None)
        return DeliveredFilter(self.request.query_params, rows, request=self.request._request).qs

    @property
    def scale(self):
        return self.request.query_params.get("scale") or Scale.NPS


class SatisfactionViewSet(FiguresViewSet):
    """What clients answered, in figures: one row for each scale, with how sure it is."""

    serializer_class = ScaleFigureSerializer
    filterset_class = FiguresFilter

    def results(self):
        rates = satisfaction.response_rates(self.invitations)
        return [
            {**figure_row(figure), **rate_row(rates.get(scale, satisfaction.Rate()))}
            for scale, figure in satisfaction.totals(self.scores).items()
        ]


class SatisfactionTrendViewSet(FiguresViewSet):
    """One scale over time: each month from ``since`` (or the first answer).

    Quarters when the months are many, or so thin that only quarters show a trend.
    """

    serializer_class = StepSerializer
    filterset_class = ScaleFiguresFilter

    def results(self):
        scores = self.scores
        since, until = (moment_of(self.request, name) for name in ("since", "until"))
        today = timezone.localdate()
        last = min(timezone.localdate(until) - DAY, today) if until else today
        first = timezone.localdate(since) if since else None
        _whole, steps = satisfaction.over_time(scores, self.scale, first=first, last=max(last, first or last))
        return [{"first": each.first, "until": each.until, **figure_row(each.figure)} for each in steps]


class SatisfactionBreakdownViewSet(FiguresViewSet):
    """One scale by who answered: ``by`` tier, product, manager, survey or campaign; the largest group first.

    An answer counts for its client's tier and main manager of today and for each product the client had on the day.
    """

    serializer_class = GroupFigureSerializer
    filterset_class = GroupedFiguresFilter

    def results(self):
        by = self.request.query_params.get("by") or "tier"
        cells = satisfaction.breakdown(self.scores, self.invitations.filter(survey__kind=self.scale), self.scale, by)
        return [
            {
                "key": None if cell.key is None else str(cell.key),
                "name": cell.name,
                **figure_row(cell.figure),
                **rate_row(cell.rate),
            }
            for cell in cells
        ]


def moment_of(request, name):
    """A moment that the filter set has found to be one."""
    field = ScaleFiguresFilter.base_filters[name].field
    return field.clean(request.query_params.get(name) or None)
