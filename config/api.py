"""The REST router: one line for each resource. It serves tokens at ``/api/v1/`` and sessions inside ``/o/<slug>/``."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.defaults import page_not_found

from accounts.api.docs import docs_view
from accounts.api.outbox import MessageViewSet, SuppressionViewSet
from accounts.api.root import RootView, Router, UnknownView
from accounts.api.schema import SchemaView
from accounts.api.views import AuditViewSet, MembersViewSet, TokenViewSet
from clients.api.views import (
    ChurnEventViewSet,
    ClientViewSet,
    ContactViewSet,
    ContractLineViewSet,
    ContractViewSet,
    MeasureViewSet,
    OpportunityViewSet,
    ProductViewSet,
)
from interactions.api.views import (
    CampaignViewSet,
    ConcernViewSet,
    DeliveryChoiceViewSet,
    InteractionViewSet,
    ReminderChoiceViewSet,
    ReminderRuleViewSet,
    ReminderViewSet,
    ScoreViewSet,
    SurveyInvitationViewSet,
    SurveyResponseViewSet,
    SurveyViewSet,
    TaskViewSet,
)
from managers.api.views import AccountManagerViewSet, TeamViewSet
from reports.api.satisfaction import SatisfactionBreakdownViewSet, SatisfactionTrendViewSet, SatisfactionViewSet

router = Router()
router.register("audit", AuditViewSet)
router.register("members", MembersViewSet)
router.register("tokens", TokenViewSet)
router.register("messages", MessageViewSet)
router.register("suppressions", SuppressionViewSet)
router.register("managers", AccountManagerViewSet)
router.register("teams", TeamViewSet)
router.register("clients", ClientViewSet)
router.register("contacts", ContactViewSet)
router.register("products", ProductViewSet)
router.register("contracts", ContractViewSet)
router.register("contract-lines", ContractLineViewSet)
router.register("opportunities", OpportunityViewSet)
router.register("churn-events", ChurnEventViewSet)
router.register("measures", MeasureViewSet)
router.register("interactions", InteractionViewSet)
router.register("tasks", TaskViewSet)
router.register("reminders", ReminderViewSet)
router.register("reminder-rules", ReminderRuleViewSet)
router.register("reminder-choices", ReminderChoiceViewSet)
router.register("delivery-choices", DeliveryChoiceViewSet)
router.register("concerns", ConcernViewSet)
router.register("surveys", SurveyViewSet)
router.register("campaigns", CampaignViewSet)
router.register("survey-invitations", SurveyInvitationViewSet)
router.register("survey-responses", SurveyResponseViewSet)
router.register("scores", ScoreViewSet)
router.register("satisfaction", SatisfactionViewSet)
router.register("satisfaction-trend", SatisfactionTrendViewSet)
router.register("satisfaction-breakdown", SatisfactionBreakdownViewSet)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RootView.as_view(router=router), name="api-root"),
    path("", include(router.urls)),
    path("schema/", SchemaView.as_view(patterns=tuple(router.urls)), name="api-schema"),
    path("docs/", docs_view, name="api-docs"),
    re_path(r"^.*$", UnknownView.as_view(), name="api-unknown"),
]


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """What is not found below the API's address is a problem document too, whoever found it missing."""
    if request.path_info.startswith("/api/v1/"):
        return UnknownView.as_view()(request)
    return page_not_found(request, exception)
