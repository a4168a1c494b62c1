import factory

from accounts.choices import Role
from accounts.models import Membership, Organization, OrganizationSettings, User
from accounts.tenancy.context import tenant


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.com")
    name = factory.Sequence(lambda n: f"Person {n}")
    password = factory.django.Password("rafiq-test")


class OrganizationFactory(factory.django.DjangoModelFactory):
    """An organization with its settings row: UTC, dollars, Friday and Saturday off."""

    class Meta:
        model = Organization
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"organization-{n}")
    name = factory.Sequence(lambda n: f"Organization {n}")

    @factory.post_generation
    def settings_row(organization, create, extracted, **kwargs):
        with tenant(organization.pk, switch=True):
            OrganizationSettings.objects.create(**kwargs)


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    role = Role.MANAGER
