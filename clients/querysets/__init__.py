from clients.querysets.base import ClientRowQuerySet, OpenQuerySet, PeriodQuerySet, seen_clients
from clients.querysets.client import ClientQuerySet
from clients.querysets.contract import ContractLineQuerySet, ContractQuerySet, ProductQuerySet
from clients.querysets.facts import ChurnEventQuerySet, TagQuerySet
from clients.querysets.opportunity import OpportunityQuerySet, StagePeriodQuerySet
from clients.querysets.people import AssignmentQuerySet, ContactQuerySet

__all__ = [
    "AssignmentQuerySet",
    "ChurnEventQuerySet",
    "ClientQuerySet",
    "ClientRowQuerySet",
    "ContactQuerySet",
    "ContractLineQuerySet",
    "ContractQuerySet",
    "OpenQuerySet",
    "OpportunityQuerySet",
    "PeriodQuerySet",
    "ProductQuerySet",
    "StagePeriodQuerySet",
    "TagQuerySet",
    "seen_clients",
]
