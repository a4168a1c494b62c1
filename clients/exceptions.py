from accounts.exceptions import DomainError


class OpportunityClosed(DomainError):
    """The opportunity is won or lost already."""


class OpportunityOpen(DomainError):
    """The opportunity is still open, so there is nothing to reopen."""


class LostReasonMissing(DomainError):
    """An opportunity is lost for a reason, or nothing is learned."""


class AlreadyAssigned(DomainError):
    """The manager has this place on the account team already."""


class NotAssigned(DomainError):
    """The manager is not on the account team."""


class ClientArchived(DomainError):
    """The client is archived and takes no new work."""


class ForeignRow(DomainError):
    """Two rows that belong to different clients were put together."""


class ClientCycle(DomainError):
    """A client would be its own parent, directly or through others."""


class ContactCycle(DomainError):
    """A contact would report to themselves, directly or through others."""


class LineEnded(DomainError):
    """The contract line has ended already, or would end before it starts."""


class CurrencyFixed(DomainError):
    """Amounts stand in the currency already; another one would change what they mean."""


class ProductArchived(DomainError):
    """The product is no longer sold."""
