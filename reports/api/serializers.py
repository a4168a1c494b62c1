from rest_framework import serializers

from accounts.api.strict import StrictSerializer
from interactions.choices import AnswerGroup, Scale
from reports.queries.satisfaction import FEW, PAIRED


class FigureSerializer(StrictSerializer):
    """A figure with its 95 % confidence interval, ``low`` to ``high``.

    NPS in points from -100 to 100, CSAT in per cent, CES as a mean from 1 to 7. ``good``, ``middle`` and ``poor`` count
    promoters, passives and detractors (CSAT 4–5, 3, 1–2; CES 5–7, 4, 1–3). Below five answers all of them are null and
    ``withheld`` is ``few``; ``paired`` withholds the smallest other group, which would give such a one away.
    """

    scale = serializers.ChoiceField(choices=Scale.choices)
    n = serializers.IntegerField()
    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    good = serializers.IntegerField(allow_null=True)
    middle = serializers.IntegerField(allow_null=True)
    poor = serializers.IntegerField(allow_null=True)
    withheld = serializers.ChoiceField(choices=["", FEW, PAIRED])


class ScaleFigureSerializer(FigureSerializer):
    """The figure of one scale; ``answered`` of the ``delivered`` surveys that were sent in the period."""

    delivered = serializers.IntegerField()
    answered = serializers.IntegerField()


class StepSerializer(FigureSerializer):
    """One month, or quarter when the months are many: from ``first`` to the day before ``until``."""

    first = serializers.DateField()
    until = serializers.DateField()


class GroupFigureSerializer(ScaleFigureSerializer):
    """One group of a breakdown. ``key`` is null for what belongs to none of them."""

    key = serializers.CharField(allow_null=True)
    name = serializers.CharField()


def figure_row(figure):
    """A figure as JSON; numbers rounded to what they can tell."""
    shown = figure.value is not None
    return {
        "scale": figure.scale,
        "n": figure.n,
        "value": round(figure.value, 2) if shown else None,
        "low": round(figure.interval.low, 2) if shown else None,
        "high": round(figure.interval.high, 2) if shown else None,
        **{group.value: figure.count(group) if shown else None for group in AnswerGroup},
        "withheld": figure.withheld,
    }


def rate_row(rate):
    return {"delivered": rate.delivered, "answered": rate.answered}
