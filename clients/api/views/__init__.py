from clients.api.views.client import ClientViewSet
from clients.api.views.contact import ContactViewSet
from clients.api.views.contract import ContractLineViewSet, ContractViewSet, ProductViewSet
from clients.api.views.opportunity import OpportunityViewSet

__all__ = [
    "ClientViewSet",
    "ContactViewSet",
    "ContractLineViewSet",
    "ContractViewSet",
    "OpportunityViewSet",
    "ProductViewSet",
]
