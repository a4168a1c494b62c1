from clients.api.views.client import ClientViewSet
from clients.api.views.contact import ContactViewSet
from clients.api.views.contract import ContractLineViewSet, ContractViewSet, ProductViewSet
from clients.api.views.facts import ChurnEventViewSet, MeasureViewSet
from clients.api.views.opportunity import OpportunityViewSet

__all__ = [
    "ChurnEventViewSet",
    "ClientViewSet",
    "ContactViewSet",
    "ContractLineViewSet",
    "ContractViewSet",
    "MeasureViewSet",
    "OpportunityViewSet",
    "ProductViewSet",
]
