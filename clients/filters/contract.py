import uuid

import django_filters
from django.utils.translation import gettext_lazy as _

from accounts.filter_sets import ArchivableFilterSet, DaysFilter, SearchFilter, seen
from clients.models import Client, Contract, ContractLine, Product

CONTRACT_ORDERINGS = {"starts_on": "starts_on", "ends_on": "ends_on", "created_at": "created_at"}
PRODUCT_ORDERINGS = {"name": "search_text", "created_at": "created_at"}


class ContractFilter(ArchivableFilterSet):
    q = SearchFilter(label=_("Name or number"))
    client = django_filters.ModelChoiceFilter(label=_("Client"), queryset=seen(Client.objects.all()))
    product = django_filters.ModelChoiceFilter(
        label=_("Product"), queryset=seen(Product.objects.all()), method="with_product", empty_label=_("Any product")
    )
    ending_within = DaysFilter(label=_("Ends within (days)"), method="ending")

    class Meta:
        model = Contract
        fields = []

    def with_product(self, queryset, name, value: uuid.UUID):
        lines = ContractLine.objects.current().filter(product=value)
        return queryset.filter(pk__in=lines.values("contract_id"))

    def ending(self, queryset, name, value):
        return queryset.ending_within(value)


class ContractLineFilter(ArchivableFilterSet):
    client = django_filters.ModelChoiceFilter(label=_("Client"), queryset=seen(Client.objects.all()))
    contract = django_filters.ModelChoiceFilter(label=_("Contract"), queryset=seen(Contract.objects.all()))
    product = django_filters.ModelChoiceFilter(label=_("Product"), queryset=seen(Product.objects.all()))

    class Meta:
        model = ContractLine
        fields = []


class ProductFilter(ArchivableFilterSet):
    q = SearchFilter(label=_("Name or code"))

    class Meta:
        model = Product
        fields = []
