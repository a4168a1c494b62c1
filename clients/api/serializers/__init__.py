from clients.api.serializers.client import AssignInput, ChurnInput, ClientSerializer, ReassignInput, UnassignInput
from clients.api.serializers.contact import ContactSerializer
from clients.api.serializers.contract import (
    ContractLineSerializer,
    ContractSerializer,
    EndInput,
    EndLineInput,
    NewContractSerializer,
    ProductSerializer,
)
from clients.api.serializers.opportunity import LoseInput, MoveInput, NewOpportunitySerializer, OpportunitySerializer

__all__ = [
    "AssignInput",
    "ChurnInput",
    "ClientSerializer",
    "ContactSerializer",
    "ContractLineSerializer",
    "ContractSerializer",
    "EndInput",
    "EndLineInput",
    "LoseInput",
    "MoveInput",
    "NewContractSerializer",
    "NewOpportunitySerializer",
    "OpportunitySerializer",
    "ProductSerializer",
    "ReassignInput",
    "UnassignInput",
]
