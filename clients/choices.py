from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Tier(TextChoices):
    STRATEGIC = "strategic", pgettext_lazy("tier", "Strategic")
    CORE = "core", pgettext_lazy("tier", "Core")
    SCALE = "scale", pgettext_lazy("tier", "Scale")


# The order of importance, which the alphabet does not give.
TIER_RANKS = {Tier.STRATEGIC: 1, Tier.CORE: 2, Tier.SCALE: 3}


class Lifecycle(TextChoices):
    """Where a client stands. It follows from contracts (``clients.lifecycle``); nobody sets it by hand."""

    ONBOARDING = "onboarding", pgettext_lazy("lifecycle", "Onboarding")
    ACTIVE = "active", pgettext_lazy("lifecycle", "Active")
    RENEWING = "renewing", pgettext_lazy("lifecycle", "Renewing")
    CHURNED = "churned", pgettext_lazy("lifecycle", "Churned")
    WON_BACK = "won_back", pgettext_lazy("lifecycle", "Won back")


class AssignmentRole(TextChoices):
    MAIN = "main", _("Main manager")
    ASSOCIATE = "associate", pgettext_lazy("account team", "Associate")
    ASSISTANT = "assistant", pgettext_lazy("account team", "Assistant")
    SPECIALIST = "specialist", pgettext_lazy("account team", "Specialist")
    SPONSOR = "sponsor", pgettext_lazy("account team", "Sponsor")


class ContactRole(TextChoices):
    DECISION_MAKER = "decision_maker", _("Decision maker")
    CHAMPION = "champion", _("Champion")
    EXECUTIVE = "executive", _("Executive")
    FINANCE = "finance", pgettext_lazy("contact", "Finance")
    TECHNICAL = "technical", pgettext_lazy("contact", "Technical")
    USER = "user", pgettext_lazy("contact", "User")
    OTHER = "other", pgettext_lazy("contact", "Other")


class Influence(TextChoices):
    LOW = "low", pgettext_lazy("influence", "Low")
    MEDIUM = "medium", pgettext_lazy("influence", "Medium")
    HIGH = "high", pgettext_lazy("influence", "High")


class Stance(TextChoices):
    SUPPORTER = "supporter", _("Supporter")
    NEUTRAL = "neutral", pgettext_lazy("stance", "Neutral")
    CRITIC = "critic", _("Critic")
    UNKNOWN = "unknown", pgettext_lazy("stance", "Unknown")


class BillingPeriod(TextChoices):
    MONTHLY = "monthly", _("Monthly")
    QUARTERLY = "quarterly", _("Quarterly")
    ANNUAL = "annual", _("Annual")


class OpportunityKind(TextChoices):
    UPSELL = "upsell", _("Upsell")
    CROSS_SELL = "cross_sell", _("Cross-sell")
    PRICE = "price", _("Price increase")


class OpportunityStage(TextChoices):
    IDENTIFIED = "identified", pgettext_lazy("stage", "Identified")
    QUALIFIED = "qualified", pgettext_lazy("stage", "Qualified")
    PROPOSED = "proposed", pgettext_lazy("stage", "Proposed")
    WON = "won", pgettext_lazy("stage", "Won")
    LOST = "lost", pgettext_lazy("stage", "Lost")


OPEN_STAGES = (OpportunityStage.IDENTIFIED, OpportunityStage.QUALIFIED, OpportunityStage.PROPOSED)


class ChurnReason(TextChoices):
    PRICING = "pricing", _("Price")
    BUDGET = "budget", _("No budget")
    FEATURES = "features", _("Missing features")
    SUPPORT = "support", _("Poor support")
    COMPETITOR = "competitor", _("Went to a competitor")
    RELATIONSHIP = "relationship", _("Relationship broke down")
    CLOSED = "closed", _("Went out of business")
    OTHER = "other", pgettext_lazy("churn", "Other reason")
    UNKNOWN = "unknown", pgettext_lazy("churn", "Reason unknown")
