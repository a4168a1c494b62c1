"""Clients, their people and their contracts out of files. Registered in ``clients.apps``."""

from clients.importers.clients import AssignmentImporter, ClientImporter
from clients.importers.contacts import ContactImporter
from clients.importers.contracts import ContractImporter, ContractLineImporter, ProductImporter
from clients.importers.facts import ChurnEventImporter, MeasureImporter
from clients.importers.opportunities import OpportunityImporter

IMPORTERS = (
    ProductImporter(),
    ClientImporter(),
    AssignmentImporter(),
    ContactImporter(),
    ContractImporter(),
    ContractLineImporter(),
    OpportunityImporter(),
    ChurnEventImporter(),
    MeasureImporter(),
)
