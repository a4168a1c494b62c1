from accounts.exceptions import DomainError


class OpportunityClosed(DomainError):
    """The opportunity is won or lost already."""


class OpportunityOpen(DomainError):
    """The opportunity is still open, so there is nothing to reopen."""


class AlreadyAssigned(DomainError):
    """The manager is on the account team in this role already."""


class NotAssigned(DomainError):
    """The manager is not on the account team."""


class ClientArchived(DomainError):
    """The client is archived and takes no new work."""


class ForeignRow(DomainError):
    """Two rows that belong to different clients were put together."""


class ParentCycle(DomainError):
    """A client would be its own parent, directly or through others."""


class ContractEnded(DomainError):
    """The contract line has ended already, or would end before it starts."""


class ProductInUse(DomainError):
    """Running contract lines still name the product."""
