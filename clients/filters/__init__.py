"""How lists of clients and what hangs on them are narrowed and sorted, on the page and in the API alike."""

from clients.filters.client import CLIENT_ORDERINGS, ClientFilter
from clients.filters.contract import (
    CONTRACT_ORDERINGS,
    PRODUCT_ORDERINGS,
    ContractFilter,
    ContractLineFilter,
    ProductFilter,
)
from clients.filters.facts import CHURN_ORDERINGS, MEASURE_ORDERINGS, ChurnEventFilter, MeasureFilter
from clients.filters.opportunity import OPPORTUNITY_ORDERINGS, OpportunityFilter
from clients.filters.people import CONTACT_ORDERINGS, ContactFilter

__all__ = [
    "CHURN_ORDERINGS",
    "CLIENT_ORDERINGS",
    "CONTACT_ORDERINGS",
    "CONTRACT_ORDERINGS",
    "MEASURE_ORDERINGS",
    "OPPORTUNITY_ORDERINGS",
    "PRODUCT_ORDERINGS",
    "ChurnEventFilter",
    "ClientFilter",
    "ContactFilter",
    "ContractFilter",
    "ContractLineFilter",
    "MeasureFilter",
    "OpportunityFilter",
    "ProductFilter",
]
