"""Who may open which report. What they then see is always ``visible_to`` them."""

import rules

from accounts.rules import is_admin, is_lead, is_member, is_viewer

rules.add_perm("reports.view_day", is_member)
rules.add_perm("reports.view_client", is_member)
rules.add_perm("reports.view_portfolio", is_admin | is_lead | is_viewer)
rules.add_perm("reports.view_retention", is_member)
rules.add_perm("reports.view_satisfaction", is_member)
rules.add_perm("reports.search", is_member)
