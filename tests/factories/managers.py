from datetime import timedelta

import factory
from django.utils import timezone

from accounts.choices import Role
from managers.models import Absence, AccountManager, Team
from tests.factories.accounts import MembershipFactory


class TeamFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Team

    name = factory.Sequence(lambda n: f"Team {n}")


class AccountManagerFactory(factory.django.DjangoModelFactory):
    """A manager whom nobody has invited yet."""

    class Meta:
        model = AccountManager

    name = factory.Sequence(lambda n: f"Manager {n}")


class SigningManagerFactory(AccountManagerFactory):
    """A manager who signs in: ``SigningManagerFactory(member__role=Role.LEAD)``."""

    member = factory.SubFactory(MembershipFactory, role=Role.MANAGER)


class AbsenceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Absence

    manager = factory.SubFactory(AccountManagerFactory)
    substitute = factory.SubFactory(AccountManagerFactory)
    from_on = factory.LazyFunction(timezone.localdate)
    until_on = factory.LazyAttribute(lambda absence: absence.from_on + timedelta(days=7))
