"""Which object stands behind a route's parameters, and which routes have none. The one place to add to by hand."""

from accounts.models import Holiday, Membership
from clients.models import Client, Contact, Contract, Opportunity, Product
from interactions.models import Campaign, Interaction, Survey, Task
from managers.models import AccountManager, Team

#: Routes whose view has no ``queryset`` to tell the model.
MODEL_OF_ROUTE = {
    "accounts:holiday-remove": Holiday,
    "client": Client,
    "interactions:campaign-left-out": Campaign,
}

#: Views that hold nobody's rows, by the name of their route, and why they ask no rule.
OPEN = {
    "api-root": "the names of the resources",
    "api-schema": "the OpenAPI document, the same for everybody",
    "api-docs": "the reader of that document",
    "api-unknown": "404 for whatever is not there",
}

#: Pages that any member may open; they show nothing of the organization.
WITHOUT_RULE = {"styleguide": "made-up data, and not in production"}

#: Rows that are named in a body, filter or address by something other than their model's own field.
MODEL_OF_NAME = {
    "actor": Membership,
    "assignee": Membership,
    "client": Client,
    "client_id": Client,
    "contact": Contact,
    "contacts": Contact,
    "contract": Contract,
    "interaction": Interaction,
    "main_manager": AccountManager,
    "manager": AccountManager,
    "managers": AccountManager,
    "member": Membership,
    "members": Membership,
    "object": Client,
    "on_behalf_of": AccountManager,
    "opportunity": Opportunity,
    "owner": AccountManager,
    "parent": Client,
    "product": Product,
    "reports_to": AccountManager,
    "substitute": AccountManager,
    "survey": Survey,
    "task": Task,
    "team": Team,
}

#: Sent by ``?name=`` to every page: what pages read from the address beside their filters.
ASKED_OF_PAGES = ("client", "contact", "manager", "product", "team")


class Unclassified(AssertionError):
    """A route of which nobody said whose object it shows."""


def model_of(route):
    """The model behind the route's parameters; None for a route without any."""
    if not route.parameters:
        return None
    if route.name in MODEL_OF_ROUTE:
        return MODEL_OF_ROUTE[route.name]
    queryset = getattr(route.view, "queryset", None)
    if queryset is None:
        raise Unclassified(
            f"{route.pattern} ({route.label}): say which object {', '.join(route.parameters)} is, "
            "in MODEL_OF_ROUTE of tests/matrix/objects.py."
        )
    return queryset.model


def parameters_of(route, row, source="matrix"):
    """The keyword arguments of the route for one row."""
    known = {"pk": lambda: row.pk, "source": lambda: source, "external_id": lambda: row.pk}
    unknown = [name for name in route.parameters if name not in known]
    if unknown:
        raise Unclassified(
            f"{route.pattern} ({route.label}): say what {', '.join(unknown)} is, "
            "in parameters_of of tests/matrix/objects.py."
        )
    return {name: known[name]() for name in route.parameters}
