from rest_framework.decorators import action

from accounts.api.base import ArchiveMixin, ChangeMixin, CreateMixin, ListMixin, MemberViewSet, RetrieveMixin
from clients import services
from clients.api.serializers import (
    ContractLineSerializer,
    ContractSerializer,
    EndInput,
    EndLineInput,
    NewContractSerializer,
    ProductSerializer,
)
from clients.filters import CONTRACT_ORDERINGS, PRODUCT_ORDERINGS, ContractFilter, ContractLineFilter, ProductFilter
from clients.models import Contract, ContractLine, Product


class ProductViewSet(ListMixin, RetrieveMixin, CreateMixin, ChangeMixin, ArchiveMixin, MemberViewSet):
    """What the organization sells."""

    queryset = Product.objects.all()
    serializer_class = ProductSerializer
    filterset_class = ProductFilter
    ordering_fields = PRODUCT_ORDERINGS
    ordering = ("search_text",)
    row_fields = {name: name for name in ProductSerializer.Meta.fields}

    def perform_create(self, serializer):
        return services.add_product(actor=self.member, **serializer.validated_data)

    def perform_change(self, product, version, data):
        return services.change_product(actor=self.member, product=product, version=version, **data)

    def perform_archive(self, product, version):
        services.archive_product(actor=self.member, product=product, version=version)

    def perform_restore(self, product):
        return services.restore_product(actor=self.member, product=product)


class ContractViewSet(ListMixin, RetrieveMixin, CreateMixin, ChangeMixin, ArchiveMixin, MemberViewSet):
    """What clients agreed to. The list leaves the lines out; they are in the contract, and have a list of their own."""

    queryset = Contract.objects.select_related("client")
    serializer_class = ContractSerializer
    filterset_class = ContractFilter
    inputs = {"create": NewContractSerializer, "end": EndInput}
    ordering_fields = CONTRACT_ORDERINGS
    ordering = ("-starts_on",)
    row_fields = {
        **{name: name for name in ContractSerializer.Meta.fields if name not in ("lines", "notice_on")},
        "client": "client_id",
    }

    def perform_create(self, serializer):
        data = serializer.validated_data
        self.require("clients.add_contract", data["client"])
        return services.add_contract(actor=self.member, **data)

    def perform_change(self, contract, version, data):
        return services.change_contract(actor=self.member, contract=contract, version=version, **data)

    def perform_archive(self, contract, version):
        services.archive_contract(actor=self.member, contract=contract, version=version)

    def perform_restore(self, contract):
        return services.restore_contract(actor=self.member, contract=contract)

    @action(detail=True, methods=["post"])
    def end(self, request, pk):
        """The contract and all its lines end: ``on`` is the first day without them."""
        contract = self.get_object()
        return self.answer(services.end_contract(actor=self.member, contract=contract, **self.input()))


class ContractLineViewSet(ListMixin, RetrieveMixin, CreateMixin, ChangeMixin, ArchiveMixin, MemberViewSet):
    """Products in contracts: the subscriptions that the monthly revenue is made of."""

    queryset = ContractLine.objects.select_related("client", "contract__client")
    serializer_class = ContractLineSerializer
    filterset_class = ContractLineFilter
    inputs = {"end": EndLineInput}
    ordering = ("id",)
    row_fields = {
        **{name: name for name in ContractLineSerializer.Meta.fields},
        "contract": "contract_id",
        "client": "client_id",
        "product": "product_id",
    }

    def perform_create(self, serializer):
        data = serializer.validated_data
        self.require("clients.add_contractline", data["contract"])
        return services.add_contract_line(actor=self.member, **data)

    def perform_change(self, line, version, data):
        return services.change_contract_line(actor=self.member, line=line, version=version, **data)

    def perform_archive(self, line, version):
        services.archive_contract_line(actor=self.member, line=line, version=version)

    def perform_restore(self, line):
        return services.restore_contract_line(actor=self.member, line=line)

    @action(detail=True, methods=["post"])
    def end(self, request, pk):
        """The line stops counting on this day."""
        line = self.get_object()
        return self.answer(services.end_contract_line(actor=self.member, line=line, **self.input()))
