"""The organization's settings, its holidays, and what every settings page has in common."""

import datetime

import pytest

from accounts.brand import is_readable
from accounts.choices import Role
from accounts.forms.organization import HUES
from accounts.models import AuditEntry, Holiday, Message, OrganizationSettings, User
from accounts.services import add_holiday
from accounts.tenancy.context import tenant

pytestmark = pytest.mark.django_db

PAGES = [
    "organization",
    "holiday-list",
    "member-list",
    "invitation-list",
    "invitation-add",
    "token-list",
    "token-add",
    "audit-list",
    "message-list",
]
ANSWERS = {
    "version": 1,
    "name": "Ours Ltd",
    "language": "ar",
    "time_zone": "Asia/Riyadh",
    "currency": "SAR",
    "fiscal_year_start": "4",
    "weekend_days": ["4", "5"],
    "quiet_from": "21:30",
    "quiet_until": "07:00",
    "brand_hue": "150",
}


@pytest.fixture
def stored(organization):
    def read():
        with tenant(organization.pk):
            return OrganizationSettings.objects.select_related("organization").get()

    return read


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_settings_page_opens_in_both_languages(page, member, name, language):
    User.objects.filter(pk=member.user_id).update(language=language)

    response = page.get(page.url(f"accounts:{name}"))
    shown = response.content.decode()

    assert response.status_code == 200
    assert f'lang="{language}"' in shown
    assert 'aria-current="page"' in shown
    assert "style=" not in shown
    assert "<script>" not in shown


def test_settings_are_saved_and_audited(page, stored):
    assert page.post(page.url("accounts:organization"), ANSWERS).status_code == 302

    settings = stored()
    assert settings.organization.name == "Ours Ltd"
    assert (settings.time_zone, settings.currency, settings.fiscal_year_start) == ("Asia/Riyadh", "SAR", 4)
    assert (settings.weekend_days, settings.quiet_from, settings.brand_hue) == ([4, 5], datetime.time(21, 30), 150)
    with tenant(settings.organization_id):
        assert {"renamed", "changed"} <= set(AuditEntry.objects.values_list("verb", flat=True))


def test_two_admins_never_overwrite_each_others_settings(page, stored):
    page.post(page.url("accounts:organization"), ANSWERS)

    response = page.post(page.url("accounts:organization"), ANSWERS | {"currency": "EUR"})

    assert response.status_code == 409
    assert stored().currency == "SAR"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"weekend_days": list("0123456")}, "at least one working day"),
        ({"time_zone": "Mars/Base"}, "Select a valid choice"),
        ({"currency": "XXX"}, "Select a valid choice"),
        ({"name": ""}, "required"),
        ({"quiet_from": "late"}, "valid time"),
    ],
)
def test_wrong_settings_are_told_and_not_saved(page, stored, changes, said):
    response = page.post(page.url("accounts:organization"), ANSWERS | changes)

    assert response.status_code == 422
    assert said in response.content.decode()
    assert stored().version == 1


def test_every_hue_that_is_offered_can_be_read_on():
    assert all(is_readable(hue) for hue in HUES)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_others_look_but_do_not_change(page, cast, stored, role):
    page.login_as(cast[role])

    shown = page.get(page.url("accounts:organization")).content.decode()
    assert "only an admin can change" in shown
    assert 'class="btn btn-primary">Save' not in shown
    assert page.post(page.url("accounts:organization"), ANSWERS).status_code == 403
    assert page.post(page.url("accounts:holiday-list"), {"on": "2026-12-25", "name": "X"}).status_code == 403
    assert stored().version == 1


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_what_only_admins_open_says_who_may_and_has_no_tab(page, cast, role):
    page.login_as(cast[role])

    shown = page.get(page.url("accounts:member-list")).content.decode()
    for name in ("invitation-list", "audit-list", "message-list", "audit-export"):
        response = page.get(page.url(f"accounts:{name}"))
        assert response.status_code == 403
        assert "An admin of Ours may do it: Admin" in response.content.decode()
        assert page.url(f"accounts:{name}") not in shown


def test_holidays_are_added_once_and_removed(page, organization):
    url = page.url("accounts:holiday-list")
    page.post(url, {"on": "2030-09-23", "name": "اليوم الوطني"})
    again = page.post(url, {"on": "2030-09-23", "name": "Again"})
    assert again.status_code == 422
    assert "already a holiday" in again.content.decode()
    assert "اليوم الوطني" in page.get(url).content.decode()

    with tenant(organization.pk):
        holiday = Holiday.objects.get()
    page.post(page.url("accounts:holiday-remove", holiday.pk))
    assert "No day off is entered" in page.get(url).content.decode()


def test_holidays_of_others_are_not_found(page, member, other_organization):
    with tenant(other_organization.pk):
        theirs = add_holiday(actor=None, on=datetime.date(2030, 1, 1), name="Theirs")

    assert page.post(page.url("accounts:holiday-remove", theirs.pk)).status_code == 404
    assert "Theirs" not in page.get(page.url("accounts:holiday-list")).content.decode()


def test_the_outbox_shows_what_was_given_up_and_why(page, organization):
    with tenant(organization.pk):
        Message.objects.create(
            kind="survey", send_key="a", recipient="a@example.com", status="dead", last_error="550 no such user"
        )
        Message.objects.create(kind="survey", send_key="b", recipient="b@example.com")
    url = page.url("accounts:message-list")

    shown = page.get(url + "?status=dead").content.decode()
    assert "says that this address takes no mail" in shown
    assert "b@example.com" not in shown
    assert "No message fits" in page.get(url + "?status=held").content.decode()


def test_signed_out_visitors_are_sent_to_sign_in(page):
    page.logout()

    assert page.get(page.url("accounts:organization")).url == "/accounts/login/?next=/o/ours/settings/"
