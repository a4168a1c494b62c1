import django_filters
from django.utils.translation import gettext_lazy as _

from accounts.filter_sets import LinkedRowFilter, StrictFilterSet, YesNoFilter, seen
from clients.choices import ChurnReason
from clients.models import ChurnEvent, Client, Measure, Product

CHURN_ORDERINGS = {"on": "on"}
MEASURE_ORDERINGS = {"month": "month"}


class ChurnEventFilter(StrictFilterSet):
    first_filters = ("reason", "is_reactivation")

    client = LinkedRowFilter(label=_("Client"), queryset=Client.objects.all())
    reason = django_filters.MultipleChoiceFilter(label=_("Reason"), choices=ChurnReason.choices)
    is_reactivation = YesNoFilter(label=_("The client came back"))
    since = django_filters.DateFilter(label=_("From"), field_name="on", lookup_expr="gte")
    until = django_filters.DateFilter(label=_("Until"), field_name="on", lookup_expr="lt")

    class Meta:
        model = ChurnEvent
        fields = []


class MeasureFilter(StrictFilterSet):
    client = LinkedRowFilter(label=_("Client"), queryset=Client.objects.all())
    product = django_filters.ModelChoiceFilter(label=_("Product"), queryset=seen(Product.objects.all()))
    name = django_filters.CharFilter(label=_("Name"))
    since = django_filters.DateFilter(label=_("From"), field_name="month", lookup_expr="gte")
    until = django_filters.DateFilter(label=_("Until"), field_name="month", lookup_expr="lt")

    class Meta:
        model = Measure
        fields = []
