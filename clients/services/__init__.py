"""What can be done with clients and what hangs on them. Every verb takes ``actor`` first; None is the clock."""

from clients.services.churn import record_churn
from clients.services.clients import add_client, archive_client, change_client, restore_client
from clients.services.contacts import add_contact, archive_contact, change_contact, restore_contact
from clients.services.contracts import (
    add_contract,
    archive_contract,
    change_contract,
    end_contract,
    restore_contract,
)
from clients.services.daily import renew_contracts
from clients.services.lines import (
    add_contract_line,
    archive_contract_line,
    change_contract_line,
    end_contract_line,
    restore_contract_line,
)
from clients.services.measures import record_measure
from clients.services.opportunities import (
    add_opportunity,
    archive_opportunity,
    change_opportunity,
    restore_opportunity,
)
from clients.services.products import add_product, archive_product, change_product, restore_product
from clients.services.stages import lose_opportunity, move_opportunity, reopen_opportunity, win_opportunity
from clients.services.tags import set_tags, tag_client, untag_client
from clients.services.team import assign_manager, reassign_client, release_clients, unassign_manager

__all__ = [
    "add_client",
    "add_contact",
    "add_contract",
    "add_contract_line",
    "add_opportunity",
    "add_product",
    "archive_client",
    "archive_contact",
    "archive_contract",
    "archive_contract_line",
    "archive_opportunity",
    "archive_product",
    "assign_manager",
    "change_client",
    "change_contact",
    "change_contract",
    "change_contract_line",
    "change_opportunity",
    "change_product",
    "end_contract",
    "end_contract_line",
    "lose_opportunity",
    "move_opportunity",
    "reassign_client",
    "record_churn",
    "record_measure",
    "release_clients",
    "renew_contracts",
    "reopen_opportunity",
    "restore_client",
    "restore_contact",
    "restore_contract",
    "restore_contract_line",
    "restore_opportunity",
    "restore_product",
    "set_tags",
    "tag_client",
    "unassign_manager",
    "untag_client",
    "win_opportunity",
]
