"""The main pages in four looks: no WCAG A/AA violation, no CSP report, no console error, no sideways scrolling."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from accounts.models import Organization
from accounts.tenancy.context import tenant
from clients.models import Client, Contact, Contract, Opportunity
from managers.models import AccountManager

#: By language, the looks in which each page is seen; the screen changes under the open page, as it does in life.
LOOKS = {"en": [("light", 1440), ("dark", 390)], "ar": [("dark", 1440), ("light", 390)]}
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    # What passed is not told, and no stylesheet is read again: half the time.
    "resultTypes": ["violations"],
    "preload": False,
}
OUTSIDE = ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"]


def paths():
    """The main pages of the demo, with one real object each."""
    with tenant(Organization.objects.get(slug="demo").pk):
        client = Client.objects.filter(main_manager__email="layla@demo.example", last_nps__lte=6).first()
        rows = {
            "client": client.pk,
            "contact": Contact.objects.filter(client=client).first().pk,
            "contract": Contract.objects.filter(client=client).first().pk,
            "opportunity": Opportunity.objects.open().first().pk,
            "manager": AccountManager.objects.filter(email="layla@demo.example").first().pk,
        }
    tabs = ["", "?tab=contacts", "?tab=contracts", "?tab=opportunities", "?tab=tasks", "?tab=team", "?tab=history"]
    return [
        "/",
        "/clients/",
        *[f"/clients/{rows['client']}/{tab}" for tab in tabs],
        f"/clients/{rows['client']}/change/",
        f"/clients/contacts/{rows['contact']}/",
        f"/clients/contracts/{rows['contract']}/",
        "/clients/opportunities/",
        f"/clients/opportunities/{rows['opportunity']}/",
        "/interactions/log/",
        "/interactions/tasks/",
        "/interactions/concerns/",
        "/interactions/surveys/",
        "/interactions/notifications/",
        "/team/",
        "/reports/retention/",
        "/managers/",
        f"/managers/{rows['manager']}/",
        "/search/?q=a",
        "/settings/members/",
        "/settings/tokens/",
        "/settings/audit/",
    ]


@pytest.mark.parametrize("language", LOOKS)
def test_the_main_pages(visit, language):
    admin = visit(language=language).sign_in("admin@demo.example")
    faults = []
    for path in [f"/o/demo{path}" for path in paths()]:
        faults += look_at(admin, path, LOOKS[language])
    stranger = visit(language=language)
    for path in OUTSIDE:
        faults += look_at(stranger, path, LOOKS[language])

    assert faults == []


def look_at(person, path, looks):
    """What is wrong with one page, as sentences."""
    response = person.go(path)
    person.page.wait_for_load_state("load")
    found = [f"{path}: answered {response.status}"] if response.status >= 400 else []
    for theme, width in looks:
        person.looks(theme, width)
        name = f"{path} ({theme}, {width})"
        if person.is_scrolled_sideways():
            found.append(f"{name}: wider than the screen")
        for violation in Axe().run(person.page, options=RULES).response["violations"]:
            where = "; ".join(str(node["target"]) for node in violation["nodes"][:3])
            found.append(f"{name}: {violation['id']} at {where}")
    found += [f"{path}: {complaint}" for complaint in person.complaints]
    person.complaints.clear()
    return found
