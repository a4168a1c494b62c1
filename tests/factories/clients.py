import factory
from django.utils import timezone

from clients.choices import AssignmentRole
from clients.models import (
    Assignment,
    ChurnEvent,
    Client,
    ClientTag,
    Contact,
    Contract,
    ContractLine,
    Measure,
    Opportunity,
    Product,
    Tag,
)
from tests.factories.managers import AccountManagerFactory


class ClientFactory(factory.django.DjangoModelFactory):
    """A client nobody looks after; with ``main_manager`` the place on the account team comes along."""

    class Meta:
        model = Client
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Client {n}")
    currency = "USD"

    @factory.post_generation
    def place(client, create, extracted, **kwargs):
        if client.main_manager is not None:
            AssignmentFactory(client=client, manager=client.main_manager, role=AssignmentRole.MAIN)


class AssignmentFactory(factory.django.DjangoModelFactory):
    """A place on an account team. For a main manager use ``ClientFactory(main_manager=…)``."""

    class Meta:
        model = Assignment

    client = factory.SubFactory(ClientFactory)
    manager = factory.SubFactory(AccountManagerFactory)
    role = AssignmentRole.ASSOCIATE
    from_on = factory.LazyFunction(timezone.localdate)


class ContactFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Contact

    client = factory.SubFactory(ClientFactory)
    name = factory.Sequence(lambda n: f"Contact {n}")
    email = factory.Sequence(lambda n: f"contact{n}@example.com")


class TagFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Tag

    name = factory.Sequence(lambda n: f"tag {n}")


class ClientTagFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ClientTag

    client = factory.SubFactory(ClientFactory)
    tag = factory.SubFactory(TagFactory)


class ProductFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Product

    name = factory.Sequence(lambda n: f"Product {n}")
    currency = "USD"


class ContractFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Contract

    client = factory.SubFactory(ClientFactory)
    name = factory.Sequence(lambda n: f"Contract {n}")
    starts_on = factory.LazyFunction(timezone.localdate)
    currency = "USD"


class ContractLineFactory(factory.django.DjangoModelFactory):
    """A running line of 100.00 a month. The client's rollups do not follow: services do that."""

    class Meta:
        model = ContractLine

    contract = factory.SubFactory(ContractFactory)
    client = factory.SelfAttribute("contract.client")
    product = factory.SubFactory(ProductFactory)
    mrr_minor = 10_000
    starts_on = factory.SelfAttribute("contract.starts_on")


class OpportunityFactory(factory.django.DjangoModelFactory):
    """An open opportunity, identified."""

    class Meta:
        model = Opportunity

    client = factory.SubFactory(ClientFactory)
    name = factory.Sequence(lambda n: f"Opportunity {n}")
    currency = "USD"


class ChurnEventFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ChurnEvent

    client = factory.SubFactory(ClientFactory)
    on = factory.LazyFunction(timezone.localdate)


class MeasureFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Measure

    client = factory.SubFactory(ClientFactory)
    name = "usage"
    month = factory.LazyFunction(lambda: timezone.localdate().replace(day=1))
    value = 1
