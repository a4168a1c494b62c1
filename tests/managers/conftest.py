import pytest

from accounts.choices import Role
from tests.factories.managers import SigningManagerFactory


@pytest.fixture
def line(inside):
    """A reporting line three deep, with a sibling branch:

    vice (lead) → lead → manager → associate
                → sibling (lead) → other (manager)
    """

    def below(superior, role, name):
        return SigningManagerFactory(reports_to=superior, member__role=role, name=name)

    vice = below(None, Role.LEAD, "vice")
    lead = below(vice, Role.LEAD, "lead")
    manager = below(lead, Role.MANAGER, "manager")
    associate = below(manager, Role.ASSOCIATE, "associate")
    sibling = below(vice, Role.LEAD, "sibling")
    other = below(sibling, Role.MANAGER, "other")
    people = [vice, lead, manager, associate, sibling, other]
    return {person.name: person for person in people}
