"""A whole organization with a row of every model, in relations that make the roles differ."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.apps import apps
from django.utils import timezone

from accounts.choices import Role, Scope
from accounts.dispatch.models import Message
from accounts.models import (
    ApiToken,
    AuditEntry,
    ExternalId,
    Holiday,
    IdempotencyKey,
    Invitation,
    MailEvent,
    Membership,
    OrganizationSettings,
    SendingAllowance,
    Suppression,
)
from accounts.services import create_token
from accounts.tenancy.context import tenant
from accounts.tenancy.models import TenantModel
from clients.models import Client, Contact, LifecyclePeriod, StagePeriod
from interactions import tokens
from interactions.models import CalendarFeed
from managers.models import AccountManager, ReportingLine
from tests.factories import accounts, clients, interactions, managers

#: Members by what they are to the stage's client. The portfolio manager is ``manager``.
RELATIONS = {
    "admin": Role.ADMIN,
    "lead": Role.LEAD,
    "manager": Role.MANAGER,
    "associate": Role.ASSOCIATE,
    "viewer": Role.VIEWER,
    "other_lead": Role.LEAD,
    "other_manager": Role.MANAGER,
    "other_associate": Role.ASSOCIATE,
}


@dataclass
class Stage:
    """``rows`` has the one object of each model that routes and bodies name; ``secrets`` tokens by scope."""

    organization: object
    members: dict = field(default_factory=dict)
    rows: dict = field(default_factory=dict)
    secrets: dict = field(default_factory=dict)

    @property
    def slug(self):
        return self.organization.slug

    def row(self, model):
        if model not in self.rows:
            raise AssertionError(f"No {model._meta.label} on the stage. Add one in tests/matrix/stage.py.")
        return self.rows[model]


def build(slug):
    organization = accounts.OrganizationFactory(slug=slug, name=f"House {slug}")
    stage = Stage(organization)
    with tenant(organization.pk, switch=True):
        _people(stage)
        _client(stage)
        _doings(stage)
        _administration(stage)
    return stage


def _keep(stage, *rows):
    for row in rows:
        stage.rows[type(row)] = row


def _people(stage):
    for relation, role in RELATIONS.items():
        user = accounts.UserFactory(name=f"{relation} of {stage.slug}", email=f"{relation}@{stage.slug}.example")
        stage.members[relation] = accounts.MembershipFactory(user=user, role=role, title=f"Title of {relation}")
    team = managers.TeamFactory()
    line = {"lead": None, "manager": "lead", "associate": "manager", "other_lead": None}
    line |= {"other_manager": "other_lead", "other_associate": "other_manager"}
    people = {}
    for relation, above in line.items():
        member, boss = stage.members[relation], people.get(above)
        people[relation] = managers.AccountManagerFactory(
            name=f"{relation} of {stage.slug}", member=member, team=team, reports_to=boss, skills="Skills"
        )
        ReportingLine.objects.create(manager=people[relation], reports_to=boss, from_on=timezone.localdate())
    later = timezone.localdate() + timedelta(days=30)
    absence = managers.AbsenceFactory(
        manager=people["manager"], substitute=people["other_manager"], from_on=later, reason="Rest"
    )
    _keep(stage, stage.members["manager"], team, people["manager"], absence, OrganizationSettings.objects.get())


def _client(stage):
    manager = stage.row(AccountManager)
    parent = clients.ClientFactory(main_manager=manager)
    client = clients.ClientFactory(main_manager=manager, parent=parent)
    contact = clients.ContactFactory(client=client, is_primary=True)
    product = clients.ProductFactory()
    line = clients.ContractLineFactory(contract__client=client, product=product)
    opportunity = clients.OpportunityFactory(client=client, product=product, owner=manager)
    tagged = clients.ClientTagFactory(client=client)
    _keep(stage, client, contact, product, line, line.contract, opportunity, tagged, tagged.tag)
    # The place that can be ended is a further one: the main manager's changes by reassigning.
    associate = AccountManager.objects.get(member=stage.members["associate"])
    _keep(stage, clients.AssignmentFactory(client=client, manager=associate))
    _keep(stage, clients.ChurnEventFactory(client=client, feedback="Words"), clients.MeasureFactory(client=client))
    _keep(stage, LifecyclePeriod.objects.create(client=client, lifecycle="active", from_on=timezone.localdate()))
    _keep(stage, StagePeriod.objects.create(opportunity=opportunity, stage="identified", from_at=timezone.now()))


def _doings(stage):
    client, contact, member = stage.row(Client), stage.row(Contact), stage.row(Membership)
    happened = interactions.InteractionFactory(client=client, logged_by=member)
    _keep(stage, happened, interactions.ParticipantFactory(interaction=happened, contact=contact))
    task = interactions.TaskFactory(client=client, contact=contact, assignee=member, created_by=member)
    _keep(stage, task, interactions.ReminderFactory(task=task, member=member))
    _keep(stage, interactions.ReminderRuleFactory(), interactions.ReminderChoiceFactory(member=member))
    _keep(stage, interactions.DeliveryChoiceFactory(member=member))
    _keep(stage, interactions.NotificationFactory(member=member, object_id=task.pk))
    _keep(stage, CalendarFeed.objects.create(member=member, token_digest=tokens.digest_for(task.pk)))
    concern = interactions.ConcernFactory(client=client)
    _keep(stage, concern, interactions.ConcernPeriodFactory(concern=concern))
    campaign = interactions.CampaignFactory(created_by=stage.members["lead"], trigger_value="ticket")
    asked = interactions.SurveyInvitationFactory(
        client=client, contact=contact, sent_by=member, survey=campaign.survey, campaign=campaign, period="2026Q4"
    )
    response = interactions.SurveyResponseFactory(invitation=asked, comment="Words")
    answer = interactions.SurveyAnswerVersionFactory(response=response, comment="Words")
    score = interactions.ScoreFactory(client=client, contact=contact, survey_response=response)
    _keep(stage, campaign, asked, asked.survey, response, answer, score)


def _administration(stage):
    admin, member, client = stage.members["admin"], stage.row(Membership), stage.row(Client)
    for scope in Scope.values:
        _token, stage.secrets[scope] = create_token(actor=admin, member=admin, name=f"For {scope}", scopes=[scope])
    _token, stage.secrets["all"] = create_token(actor=admin, member=admin, name="All", scopes=list(Scope.values))
    token, _secret = create_token(actor=member, member=member, name="Own", scopes=[Scope.READ])
    soon = timezone.now() + timedelta(days=3)
    _keep(stage, token, Holiday.objects.create(on=timezone.localdate() + timedelta(days=9), name="Feast"))
    invitation = Invitation.objects.create(
        email=f"invited@{stage.slug}.example", digest=stage.slug, invited_by=admin, expires_at=soon
    )
    _keep(stage, invitation)
    entry = AuditEntry(actor=admin, actor_name=str(admin), verb="changed", model="clients.client", object_id=client.pk)
    entry.object_name, entry.client_id = str(client), client.pk
    _keep(stage, entry)
    entry.save()
    for kept in (client, stage.row(Contact)):
        ExternalId.objects.create(
            source="matrix", external_id=str(kept.pk), model=kept._meta.label_lower, object_id=kept.pk
        )
    _keep(stage, ExternalId.objects.first())
    message = Message.objects.create(
        kind="reminder", send_key=f"matrix:{stage.slug}", recipient=f"a@{stage.slug}.example", status="dead"
    )
    address = f"gone@{stage.slug}.example"
    _keep(stage, SendingAllowance.objects.create(tokens=1, refilled_at=timezone.now()))
    _keep(stage, message, Suppression.objects.create(address=address, address_digest=stage.slug, reason="hard_bounce"))
    _keep(stage, MailEvent.objects.create(provider="matrix", event_id="1", kind="bounced", message=message))
    _keep(stage, IdempotencyKey.objects.create(principal=admin.pk, key="k", method="POST", path="/", body_sha256="0"))


def models_of_organizations():
    return [model for model in apps.get_models() if issubclass(model, TenantModel)]


__all__ = ["RELATIONS", "ApiToken", "Stage", "build", "models_of_organizations"]
