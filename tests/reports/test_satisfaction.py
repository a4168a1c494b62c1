"""The results page: figures against counts made by hand, and every one with exactly its rows behind it."""

import datetime
import re
from html import unescape

import pytest
from django.utils import timezone

from accounts.choices import Role
from accounts.tenancy.context import tenant
from interactions.models import Score, SurveyInvitation
from reports.periods import first_day, start_of
from reports.queries import satisfaction
from tests.factories.clients import ClientFactory, ContactFactory, ContractLineFactory, ProductFactory
from tests.factories.interactions import (
    CampaignFactory,
    ScoreFactory,
    SurveyFactory,
    SurveyInvitationFactory,
    SurveyResponseFactory,
)
from tests.factories.managers import AccountManagerFactory
from tests.pages import text_of
from tests.statements import assert_at_most, statements

pytestmark = pytest.mark.django_db
NOW = timezone.now


def answer(client, value, *, days_ago=1, survey=None, comment="", scale="nps"):
    """A survey that was sent, delivered and answered."""
    at = NOW() - datetime.timedelta(days=days_ago)
    invitation = SurveyInvitationFactory(
        client=client, survey=survey or SurveyFactory(kind=scale), sent_at=at, answered_at=at, status="answered"
    )
    response = SurveyResponseFactory(invitation=invitation, value=value, comment=comment, answered_at=at)
    return ScoreFactory(
        client=client,
        contact=invitation.contact,
        scale=scale,
        value=value,
        at=at,
        survey_response=response,
        source="survey",
    )


def answers(client, *values, **more):
    return [answer(client, value, **more) for value in values]


def all_rows():
    return Score.objects.filter(client__archived_at=None), SurveyInvitation.objects.all()


@pytest.mark.parametrize(
    ("scale", "counts", "value"),
    [
        ("nps", {10: 3, 8: 1, 6: 1}, 40),
        ("nps", {0: 5}, -100),
        ("csat", {5: 2, 4: 1, 3: 1, 1: 1}, 60),
        ("ces", {7: 2, 4: 2, 1: 1}, 4.6),
    ],
)
def test_figures_of_each_scale(scale, counts, value):
    figure = satisfaction.figure_of(scale, counts)

    assert (figure.n, figure.value) == (5, pytest.approx(value))
    assert figure.interval.low <= value <= figure.interval.high


def test_ces_shares_are_those_of_five_to_seven():
    figure = satisfaction.figure_of("ces", {7: 1, 5: 2, 4: 1, 3: 1})

    assert (figure.share("good"), figure.count("poor")) == (0.6, 1)


def test_fewer_than_five_answers_have_no_figure():
    figure = satisfaction.figure_of("nps", {10: 4})

    assert (figure.n, figure.value, figure.interval, figure.counts, figure.withheld) == (4, None, None, {}, "few")


@pytest.mark.usefixtures("inside")
def test_a_single_withheld_group_takes_the_smallest_other_with_it():
    """Otherwise the total less what is shown would be the withheld figure."""
    for tier, count in (("strategic", 2), ("core", 5), ("scale", 9)):
        answers(ClientFactory(tier=tier), *[9] * count)

    cells = {cell.key: cell.figure for cell in satisfaction.breakdown(*all_rows(), "nps", "tier")}

    assert [cells[tier].withheld for tier in ("strategic", "core", "scale")] == ["few", "paired", ""]


@pytest.mark.usefixtures("inside")
def test_products_are_those_of_the_day_and_count_once_for_each_client():
    client = ClientFactory()
    before, now = ProductFactory(name="Before"), ProductFactory(name="Now")
    today = timezone.localdate()
    line = ContractLineFactory(contract__client=client, product=now, starts_on=today - datetime.timedelta(days=30))
    ContractLineFactory(contract=line.contract, product=now, starts_on=today - datetime.timedelta(days=30))
    ContractLineFactory(
        contract=line.contract,
        product=before,
        starts_on=today - datetime.timedelta(days=400),
        ends_on=today - datetime.timedelta(days=30),
    )
    answers(client, 9, 9, 9, 9, 9, days_ago=10)
    answers(client, 0, 0, 0, 0, 0, 0, days_ago=40)

    rows = satisfaction.breakdown(*all_rows(), "nps", "product")
    cells = {cell.name: (cell.figure.n, cell.figure.value, cell.rate.delivered) for cell in rows}

    assert cells == {"Now": (5, 100, 5), "Before": (6, -100, 6)}


@pytest.mark.usefixtures("inside")
def test_months_without_answers_are_gaps():
    client = ClientFactory()
    today = timezone.localdate()
    first = today.replace(day=1) - datetime.timedelta(days=70)
    answers(client, 9, 9, 9, 9, 9, days_ago=0)

    whole, steps = satisfaction.over_time(all_rows()[0], "nps", first=first, last=today)

    assert (whole.n, whole.value) == (5, 100)
    assert [step.figure.n for step in steps][-1] == 5
    assert {step.figure.n for step in steps[:-1]} == {0}
    assert steps[0].first == first.replace(day=1)
    assert all(a.until == b.first for a, b in zip(steps, steps[1:], strict=False))


@pytest.mark.usefixtures("inside")
def test_thin_months_are_told_in_quarters():
    client, today = ClientFactory(), timezone.localdate()
    this_quarter = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    for months_ago in range(1, 7):
        day = this_quarter - datetime.timedelta(days=30 * months_ago - 15)
        for value in (9, 9, 2):
            ScoreFactory(client=client, value=value, at=start_of(day))

    whole, steps = satisfaction.over_time(
        all_rows()[0], "nps", first=this_quarter - datetime.timedelta(days=183), last=today
    )

    assert whole.n == 18
    assert [(step.until - step.first).days > 80 for step in steps] == [True] * len(steps)
    assert sum(step.figure.n for step in steps) == 18


@pytest.mark.usefixtures("inside")
def test_long_spans_are_told_in_quarters():
    answers(ClientFactory(), *[9] * 5, days_ago=900)

    _whole, steps = satisfaction.over_time(all_rows()[0], "nps", first=None, last=timezone.localdate())

    assert {step.first.month % 3 for step in steps} == {1}
    assert 10 <= len(steps) <= 12


@pytest.mark.usefixtures("inside")
def test_the_response_rate_is_of_what_was_delivered():
    answers(ClientFactory(), 9, 9)
    SurveyInvitationFactory(sent_at=NOW(), status="sent")
    SurveyInvitationFactory(sent_at=NOW(), status="bounced")
    SurveyInvitationFactory(sent_at=None, status="queued")

    rate = satisfaction.response_rate(SurveyInvitation.objects.all())

    assert (rate.delivered, rate.answered) == (3, 2)


# --- pages ---


@pytest.fixture
def lively(organization, cast):
    """Six answers of Layla's client, four of somebody else's, some on the edge of the year."""
    with tenant(organization.pk):
        layla = AccountManagerFactory(member=cast[Role.MANAGER], name="Layla")
        nile = ClientFactory(name="Nile Foods", main_manager=layla, tier="strategic")
        survey = SurveyFactory(name="Relationship")
        answers(nile, 10, 10, 9, 8, 3, survey=survey)
        answer(nile, 0, survey=survey, comment="الفاتورة خاطئة منذ شهرين")
        SurveyInvitation.objects.filter(client=nile).update(campaign=CampaignFactory(survey=survey))
        other = ClientFactory(name="Other", main_manager=AccountManagerFactory(name="Zaid"))
        answers(other, 10, 10, 10, 10, survey=survey)
        edge = start_of(first_day("year"))
        ScoreFactory(client=nile, value=0, at=edge)
        ScoreFactory(client=nile, value=0, at=edge - datetime.timedelta(seconds=1))
        return nile


def links(response, name):
    """The addresses on a page that lead to the list of that name."""
    return {unescape(url) for url in re.findall(rf'href="([^"]*{name}[^"]*)"', response.content.decode())}


def rows_on(browser, url):
    return browser.get(url).context["rows"]


def test_the_page_shows_the_figure_its_certainty_and_its_rows(page, lively):
    response = page.get(page.url("reports:satisfaction"))
    text = text_of(response)

    # 11 answers within the year: 7 promoters, 1 passive, 3 detractors.
    assert response.context["figure"].n == 11
    assert response.context["figure_text"] == "36"
    assert "95% confidence" in text
    assert len(rows_on(page, response.context["urls"]["answers"])) == 11
    assert len(rows_on(page, response.context["urls"]["poor"])) == 3
    assert (response.context["rate"].delivered, response.context["rate"].answered) == (10, 10)
    assert len(rows_on(page, response.context["urls"]["delivered"])) == 10


@pytest.mark.parametrize("period", ["month", "quarter", "year", "two-years", "all"])
@pytest.mark.parametrize("by", list(satisfaction.DIMENSIONS))
def test_every_figure_opens_exactly_its_rows(page, organization, lively, period, by):
    response = page.get(f"{page.url('reports:satisfaction')}?period={period}&by={by}")

    assert sum(cell["n"] for cell in response.context["cells"]) > 0 or by == "product"
    for cell in response.context["cells"]:
        assert len(rows_on(page, cell["url"])) == cell["n"], cell
        if cell["rate_url"]:
            assert len(rows_on(page, cell["rate_url"])) == cell["delivered"], cell
    for bar in response.context["values"]:
        if bar.url:
            assert len(rows_on(page, bar.url)) == int(bar.text), bar
    for row in response.context["chart"].rows if response.context["chart"] else ():
        if row.url:
            assert len(rows_on(page, row.url)) == int(row.values[2]), row


def test_the_team_portfolio_links_to_the_answers_that_it_counted(page, lively):
    response = page.get(page.url("team-portfolio"))
    row = next(row for row in response.context["rows"] if row.manager and row.manager.name == "Layla")
    address = next(
        url for url in links(response, "reports/scores/") if f"manager={row.manager.pk}" in url and "nps" in url
    )

    assert row.satisfaction.nps_count == 7
    assert len(rows_on(page, address)) == 7


def test_retention_links_to_the_answers_that_it_counted(page, lively):
    response = page.get(page.url("reports:retention"))

    assert response.context["satisfaction"].nps_count == 11
    assert len(rows_on(page, response.context["nps_url"])) == 11


def test_ces_tells_its_mean_and_the_share_of_five_to_seven(page, organization):
    with tenant(organization.pk):
        answers(ClientFactory(), 7, 6, 5, 4, 3, scale="ces")
    response = page.get(f"{page.url('reports:satisfaction')}?scale=ces")

    assert response.context["figure_text"] == "5.0"
    assert "60%" in response.context["easy_text"]


def test_a_manager_sees_the_answers_of_their_own_clients(page, cast, lively):
    page.login_as(cast[Role.MANAGER])
    response = page.get(page.url("reports:satisfaction"))

    assert response.context["figure"].n == 7
    assert "Zaid" not in text_of(page.get(page.url("reports:satisfaction") + "?by=manager"))


def test_narrowing_leaves_the_figures_of_one_group(page, lively):
    url = page.url("reports:satisfaction")
    for by in ("tier", "manager", "survey", "campaign"):
        for cell in page.get(f"{url}?by={by}").context["cells"]:
            if cell["narrow_url"]:
                narrowed = page.get(url + cell["narrow_url"])
                assert narrowed.context["figure"].n == cell["n"], cell
                assert narrowed.context["rate"].delivered == cell["delivered"], cell


def test_narrowing_by_somebody_else_s_manager_shows_nothing(page, cast, lively, organization):
    with tenant(organization.pk):
        stranger = AccountManagerFactory(name="Stranger")
        answers(ClientFactory(main_manager=stranger), *[9] * 5)
    page.login_as(cast[Role.MANAGER])
    response = page.get(f"{page.url('reports:satisfaction')}?manager={stranger.pk}")

    assert response.context["figure"].n == 0


def test_another_organization_is_not_counted(page, other_organization, lively):
    with tenant(other_organization.pk, switch=True):
        answers(ClientFactory(), *[0] * 9)

    assert page.get(page.url("reports:satisfaction")).context["figure"].n == 11


def test_comments_are_searched_however_they_are_spelled(page, lively):
    page_of = page.get(f"{page.url('reports:scores')}?q=فاتوره&commented=true")

    assert [score.value for score in page_of.context["rows"]] == [0]
    assert "الفاتورة خاطئة" in text_of(page_of)
    assert "الفاتورة خاطئة" in text_of(page.get(page.url("reports:satisfaction")))


def test_the_file_holds_back_what_the_page_holds_back(page, organization, lively):
    response = page.get(f"{page.url('reports:satisfaction-export')}?period=year")
    lines = b"".join(response.streaming_content).decode().splitlines()

    whole = next(line for line in lines if line.startswith("Whole period"))
    assert whole.split(",")[2:4] == ["11", "36.36"]
    zaid = next(line for line in lines if "Zaid" in line)
    assert zaid.split(",")[2:7] == ["4", "", "", "", "fewer than 5 answers"]
    layla = next(line for line in lines if "Layla" in line)
    assert layla.split(",")[3] == "", "shown, it would give away Zaid's"


def test_answers_leave_as_a_file_with_the_filters_of_the_list(page, cast, lively):
    page.login_as(cast[Role.MANAGER])
    url = page.url("reports:scores-export")
    lines = b"".join(page.get(f"{url}?group=poor&scale=nps").streaming_content).decode().splitlines()

    assert len(lines) == 1 + 4
    assert any("الفاتورة خاطئة" in line and "Nile Foods" in line for line in lines)
    assert not any("Other" in line for line in lines[1:])
    assert page.get(f"{url}?group=nonsense").status_code == 400


def test_days_in_the_address_take_the_place_of_a_period(page, lively):
    today = timezone.localdate()
    since, until = today - datetime.timedelta(days=3), today + datetime.timedelta(days=1)
    response = page.get(f"{page.url('reports:satisfaction')}?since={since}&until={until}")

    assert response.context["figure"].n == 10
    assert len(rows_on(page, response.context["urls"]["answers"])) == 10


@pytest.mark.parametrize("query", ["?scale=nonsense&by=nonsense&period=nonsense", "?since=2026-99-99", "?tier=gold"])
def test_nonsense_in_the_address_is_not_a_fault(page, lively, query):
    assert page.get(page.url("reports:satisfaction") + query).status_code == 200


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ASSOCIATE, Role.VIEWER, Role.LEAD])
def test_an_empty_page_says_what_to_do(page, cast, role):
    page.login_as(cast[role])

    assert "No answers yet" in text_of(page.get(page.url("reports:satisfaction")))


@pytest.fixture
def grow(organization):
    def add(count):
        with tenant(organization.pk):
            for _ in range(count):
                client = ClientFactory(main_manager=AccountManagerFactory())
                ContractLineFactory(contract__client=client)
                ContactFactory(client=client)
                answers(client, 9, 9, 2, 8, 10, comment="Good")

    return add


@pytest.mark.parametrize("by", list(satisfaction.DIMENSIONS))
def test_the_page_takes_few_statements_and_no_more_with_more_rows(page, grow, by):
    url = f"{page.url('reports:satisfaction')}?by={by}"
    grow(1)
    with_one = statements(lambda: page.get(url))
    grow(2)
    with_three = statements(lambda: page.get(url))
    assert_at_most(12, with_three)
    assert len(with_one) == len(with_three)


@pytest.mark.parametrize("name", ["reports:scores", "reports:delivered"])
def test_the_lists_take_no_more_statements_with_more_rows(page, grow, name):
    grow(1)
    with_one = statements(lambda: page.get(page.url(name)))
    grow(2)
    with_three = statements(lambda: page.get(page.url(name)))
    assert_at_most(10, with_three)
    assert len(with_one) == len(with_three)


def test_nobody_is_picked_by_dashes(page, lively):
    assert "---------" not in page.get(page.url("reports:scores")).content.decode()
