"""Who stands below whom, and whose clients a member sees. Rules need it too, so it lives in ``managers.reporting``."""

from managers.reporting import (
    Portfolio,
    covered_manager_ids,
    forget_portfolio,
    own_manager_id,
    portfolio_ids,
    portfolio_of,
    subtree_ids,
)

__all__ = [
    "Portfolio",
    "covered_manager_ids",
    "forget_portfolio",
    "own_manager_id",
    "portfolio_ids",
    "portfolio_of",
    "subtree_ids",
]
