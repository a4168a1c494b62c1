"""Members on the settings page: roles, deactivating, coming back, leaving."""

import pytest

from accounts.choices import Role
from accounts.models import AuditEntry, Membership
from accounts.services import create_token
from accounts.services.secrets import digest_of
from accounts.services.tokens import find_token
from accounts.tenancy.context import tenant
from tests.factories.accounts import MembershipFactory

pytestmark = pytest.mark.django_db


def stored(member):
    with tenant(member.organization_id):
        return Membership.objects.get(pk=member.pk)


def test_everybody_sees_who_works_here_and_nobody_elses_people(page, cast, other_organization):
    with tenant(other_organization.pk):
        MembershipFactory(user__name="Stranger")

    for member in cast.values():
        shown = page.login_as(member).get(page.url("accounts:member-list")).content.decode()
        assert all(str(each) in shown for each in cast.values())
        assert "Stranger" not in shown


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?q=view", ["Viewer"]),
        ("?role=lead", ["Team lead"]),
        ("?state=inactive", []),
        ("?sort=-role&q=associate", ["Associate"]),
    ],
)
def test_the_list_is_narrowed(page, query, names):
    rows = page.get(page.url("accounts:member-list") + query).context["rows"]

    assert [str(row) for row in rows] == names


def test_htmx_gets_the_table_alone(page):
    fragment = page.get(page.url("accounts:member-list"), headers={"hx-request": "true"}).content.decode()

    assert fragment.lstrip().startswith("<div")
    assert "<html" not in fragment


def test_an_admin_changes_role_and_title(page, cast):
    lead = cast[Role.LEAD]
    url = page.url("accounts:member-change", lead.pk)
    assert "Team lead" in page.get(url).content.decode()

    response = page.post(url, {"version": 1, "role": "manager", "title": "مديرة الحساب"})

    assert response.status_code == 302
    assert (stored(lead).role, stored(lead).title) == ("manager", "مديرة الحساب")
    with tenant(lead.organization_id):
        entry = AuditEntry.objects.of(lead).first()
        assert (entry.actor_name, entry.before["role"], entry.after["role"]) == ("Admin", "lead", "manager")


def test_two_admins_never_overwrite_each_other(page, cast):
    url = page.url("accounts:member-change", cast[Role.LEAD].pk)
    page.post(url, {"version": 1, "role": "manager", "title": ""})

    response = page.post(url, {"version": 1, "role": "viewer", "title": ""})

    assert response.status_code == 409
    assert "Somebody else changed" in response.content.decode()
    assert stored(cast[Role.LEAD]).role == "manager"


def test_a_deactivated_member_is_out_at_the_next_request_with_every_token(page, cast, client):
    lead = cast[Role.LEAD]
    with tenant(lead.organization_id):
        _token, secret = create_token(actor=lead, member=lead, name="Sync", scopes=["read"])
    client.force_login(lead.user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(page.url("accounts:member-list")).status_code == 200

    page.post(page.url("accounts:member-deactivate", lead.pk))

    assert client.get(page.url("accounts:member-list")).status_code == 404
    with tenant(lead.organization_id):
        assert find_token(digest_of(secret)) is None


def test_deactivating_can_be_undone(page, cast):
    lead = cast[Role.LEAD]
    page.post(page.url("accounts:member-deactivate", lead.pk))
    shown = page.get(page.url("accounts:member-list")).content.decode()
    undo = page.url("accounts:member-reactivate", lead.pk)
    assert undo in shown

    page.post(undo)
    assert (stored(lead).is_active, stored(lead).role) == (True, "lead")


@pytest.mark.parametrize("verb", ["deactivate", "leave", "demote"])
def test_the_last_admin_stays(page, member, verb):
    answers = {
        "deactivate": lambda: page.post(page.url("accounts:member-deactivate", member.pk), follow=True),
        "leave": lambda: page.post(page.url("accounts:member-leave"), follow=True),
        "demote": lambda: page.post(page.url("accounts:member-change", member.pk), {"version": 1, "role": "lead"}),
    }
    assert "the last admin" in answers[verb]().content.decode()
    assert (stored(member).is_active, stored(member).role) == (True, "admin")


def test_anybody_else_may_leave(page, cast):
    page.login_as(cast[Role.VIEWER])

    response = page.post(page.url("accounts:member-leave"))

    assert response.url == "/accounts/organizations/"
    assert "You have left Ours." in page.get(response.url).content.decode()
    assert page.get(page.url("accounts:member-list")).status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
@pytest.mark.parametrize("name", ["member-change", "member-deactivate", "member-reactivate"])
def test_only_admins_change_members(page, cast, role, name):
    page.login_as(cast[role])

    response = page.post(page.url(f"accounts:{name}", cast[Role.LEAD].pk), {"version": 1, "role": "admin"})

    assert response.status_code == 403
    assert stored(cast[Role.LEAD]).role == "lead"


def test_members_of_others_are_not_found(page, other_organization):
    with tenant(other_organization.pk):
        theirs = MembershipFactory()

    for name in ("member-change", "member-deactivate", "member-reactivate"):
        assert page.post(page.url(f"accounts:{name}", theirs.pk)).status_code == 404
