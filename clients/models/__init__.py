from clients.models.assignment import Assignment
from clients.models.churn import ChurnEvent
from clients.models.client import Client
from clients.models.contact import Contact
from clients.models.contract import Contract, ContractLine
from clients.models.lifecycle_period import LifecyclePeriod
from clients.models.measure import Measure
from clients.models.opportunity import Opportunity, StagePeriod
from clients.models.product import Product
from clients.models.tag import ClientTag, Tag

__all__ = [
    "Assignment",
    "ChurnEvent",
    "Client",
    "ClientTag",
    "Contact",
    "Contract",
    "ContractLine",
    "LifecyclePeriod",
    "Measure",
    "Opportunity",
    "Product",
    "StagePeriod",
    "Tag",
]
