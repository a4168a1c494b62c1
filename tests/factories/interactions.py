from datetime import timedelta

import factory
from django.utils import timezone

from accounts.tenancy.ids import uuid7
from interactions import tokens
from interactions.choices import InteractionKind, Scale
from interactions.models import (
    Campaign,
    Concern,
    ConcernPeriod,
    DeliveryChoice,
    Interaction,
    Notification,
    Participant,
    Reminder,
    ReminderChoice,
    ReminderRule,
    Score,
    Survey,
    SurveyAnswerVersion,
    SurveyInvitation,
    SurveyResponse,
    Task,
)
from tests.factories.accounts import MembershipFactory
from tests.factories.clients import ClientFactory, ContactFactory


class InteractionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Interaction

    client = factory.SubFactory(ClientFactory)
    kind = InteractionKind.CALL
    summary = factory.Sequence(lambda n: f"Talked about topic {n}")


class ParticipantFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Participant

    interaction = factory.SubFactory(InteractionFactory)
    contact = factory.SubFactory(ContactFactory, client=factory.SelfAttribute("..interaction.client"))


class TaskFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Task

    client = factory.SubFactory(ClientFactory)
    title = factory.Sequence(lambda n: f"Task {n}")


class ReminderFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Reminder

    task = factory.SubFactory(TaskFactory)
    member = factory.SubFactory(MembershipFactory)
    due_at = factory.LazyFunction(lambda: timezone.now() - timedelta(minutes=1))


class ReminderRuleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ReminderRule

    kind = "contract_end"
    lead_days = factory.LazyFunction(lambda: [40, 10])
    started_on = factory.LazyFunction(timezone.localdate)


class ReminderChoiceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ReminderChoice

    member = factory.SubFactory(MembershipFactory)
    kind = "contract_end"


class DeliveryChoiceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DeliveryChoice

    member = factory.SubFactory(MembershipFactory)


class NotificationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Notification

    member = factory.SubFactory(MembershipFactory)
    kind = "reminder"
    title = "Something is due"
    key = factory.Sequence(lambda n: f"notification:{n}")


class ConcernFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Concern

    client = factory.SubFactory(ClientFactory)
    title = factory.Sequence(lambda n: f"Concern {n}")


class ConcernPeriodFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ConcernPeriod

    concern = factory.SubFactory(ConcernFactory)
    state = "open"


class SurveyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Survey

    name = factory.Sequence(lambda n: f"Survey {n}")
    kind = Scale.NPS
    question_en = "How likely are you to recommend us?"
    question_ar = "ما مدى احتمال أن توصي بنا؟"


class CampaignFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Campaign

    name = factory.Sequence(lambda n: f"Campaign {n}")
    survey = factory.SubFactory(SurveyFactory)


class SurveyInvitationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SurveyInvitation

    survey = factory.SubFactory(SurveyFactory)
    client = factory.SubFactory(ClientFactory)
    contact = factory.SubFactory(ContactFactory, client=factory.SelfAttribute("..client"))
    language = "en"
    id = factory.LazyFunction(uuid7)
    token_digest = factory.LazyAttribute(lambda invitation: tokens.digest_for(invitation.id))
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=30))


class SurveyResponseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SurveyResponse

    invitation = factory.SubFactory(SurveyInvitationFactory)
    value = 9
    language = "en"


class SurveyAnswerVersionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SurveyAnswerVersion

    response = factory.SubFactory(SurveyResponseFactory)
    version = 1
    value = 9


class ScoreFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Score

    client = factory.SubFactory(ClientFactory)
    scale = Scale.NPS
    value = 9
