"""Pages by position, on 3,000 rows with equal times and with nulls."""

import datetime

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from accounts.keyset import InvalidCursor, paginate
from accounts.models import ApiToken, AuditEntry
from accounts.tenancy.context import tenant
from accounts.tenancy.ids import uuid7

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)


@pytest.fixture
def tokens(request, organization, member):
    """Tokens all made at the same moment, every third used at one of ten moments, the rest never."""
    with tenant(organization.pk):
        rows = [
            ApiToken(
                name=f"token {n % 7}",
                member=member,
                digest=f"{n:064d}",
                last_used_at=NOON + datetime.timedelta(hours=n % 10) if n % 3 == 0 else None,
            )
            for n in range(getattr(request, "param", 60))
        ]
        ApiToken.objects.bulk_create(rows)
        ApiToken.objects.update(created_at=NOON)
        yield ApiToken.objects.all()


def walk(queryset, *, page_size=200, **options):
    """Every row from the first page to the last, then back again, as two lists of pages."""
    page = paginate(queryset, page_size=page_size, **options)
    forward = [page]
    while page.next_cursor:
        page = paginate(queryset, page_size=page_size, cursor=page.next_cursor, **options)
        forward.append(page)
    backward = [page]
    while page.previous_cursor:
        page = paginate(queryset, page_size=page_size, cursor=page.previous_cursor, **options)
        backward.append(page)
    return forward, backward


ORDERINGS = [
    [],
    ["created_at"],
    ["-created_at"],
    ["name"],
    ["-name", "created_at"],
    ["last_used_at"],
    ["-last_used_at"],
    ["name", "-last_used_at"],
    ["-last_used_at", "name"],
    ["-id"],
    ["member__user__name", "-created_at"],
]


@pytest.mark.parametrize("tokens", [3000], indirect=True)
@pytest.mark.parametrize("ordering", ORDERINGS, ids=lambda ordering: ",".join(ordering) or "nothing")
def test_every_row_comes_once_in_order_with_nulls_last_there_and_back(tokens, ordering):
    def key(row):
        found = []
        last = ordering[-1] if ordering else ""
        for term in [*ordering, "-id" if last.startswith("-") else "id"]:
            value = row
            for part in term.removeprefix("-").split("__"):
                value = getattr(value, part)
            if isinstance(value, datetime.datetime):
                value = value.timestamp()
            elif isinstance(value, str):
                value = ord(value[-1])
            elif value is not None:
                value = value.int
            found.append((value is None, 0 if value is None else -value if term.startswith("-") else value))
        return found

    expected = [row.pk for row in sorted(tokens.select_related("member__user"), key=key)]

    forward, backward = walk(tokens, ordering=ordering)

    assert [row.pk for page in forward for row in page.rows] == expected
    assert [row.pk for page in reversed(backward) for row in page.rows] == expected
    assert [len(page.rows) for page in backward] == [200] * 15


def test_a_page_size_that_does_not_divide_the_list_goes_back_to_a_short_first_page(tokens):
    forward, backward = walk(tokens, ordering=["-last_used_at"], page_size=7)

    assert len(forward[-1].rows) == 60 % 7
    # Seen from the end, the pages are full until the first one.
    assert sorted(row.pk for page in backward for row in page.rows) == sorted(tokens.values_list("pk", flat=True))


@pytest.mark.parametrize("shape", ["values", "values_list", "instances"])
def test_all_shapes_of_rows_have_the_same_pages(tokens, shape):
    queryset = {
        "values": tokens.values("name"),
        "values_list": tokens.values_list("name"),
        "instances": tokens,
    }[shape]

    page = paginate(queryset, ordering=["-last_used_at"], page_size=5)
    page = paginate(queryset, ordering=["-last_used_at"], page_size=5, cursor=page.next_cursor)

    expected = list(
        tokens.order_by(F("last_used_at").desc(nulls_last=True), "-id").values_list("name", flat=True)[5:10]
    )
    read = {"values": lambda row: row["name"], "values_list": lambda row: row[0], "instances": lambda row: row.name}
    assert [read[shape](row) for row in page.rows] == expected


def test_annotations_order_like_columns(tokens):
    queryset = tokens.annotate(used=F("last_used_at"))

    forward, _ = walk(queryset, ordering=["-used"])

    assert [row.pk for page in forward for row in page.rows] == list(
        tokens.order_by(F("last_used_at").desc(nulls_last=True), "-id").values_list("pk", flat=True)
    )


def test_flat_lists_are_refused(tokens):
    with pytest.raises(ValueError, match="without flat"):
        paginate(tokens.values_list("name", flat=True), ordering=["name"])


def test_a_position_before_the_first_row_answers_with_the_first_page(tokens):
    page = paginate(tokens, ordering=["name"], page_size=10)
    second = paginate(tokens, ordering=["name"], page_size=10, cursor=page.next_cursor)
    ApiToken.objects.filter(pk__in=[row.pk for row in page.rows]).delete()

    again = paginate(tokens, ordering=["name"], page_size=10, cursor=second.previous_cursor)

    assert [row.pk for row in again.rows] == [row.pk for row in second.rows]
    assert again.previous_cursor is None


def test_a_page_that_was_emptied_meanwhile_still_leads_back(tokens):
    page = paginate(tokens, ordering=["name"], page_size=40)
    rest = paginate(tokens, ordering=["name"], page_size=40, cursor=page.next_cursor)
    ApiToken.objects.filter(pk__in=[row.pk for row in rest.rows]).delete()

    empty = paginate(tokens, ordering=["name"], page_size=40, cursor=page.next_cursor)

    assert (empty.rows, empty.next_cursor) == ([], None)
    assert paginate(tokens, ordering=["name"], page_size=5, cursor=empty.previous_cursor).rows


@pytest.mark.parametrize(
    "cursor",
    ["x", "....", "é", "W10.AAAA", "W10=.", "a" * 5000, "WzAsWyJuYW1lIiwiaWQiXSxbIngiLCJ5Il1d.AAAAAAAAAAAAAAAA"],
)
def test_a_made_up_cursor_is_refused(tokens, cursor):
    with pytest.raises(InvalidCursor):
        paginate(tokens, ordering=["name"], cursor=cursor)


def test_a_changed_cursor_and_one_of_another_ordering_are_refused(tokens):
    cursor = paginate(tokens, ordering=["name"], page_size=1).next_cursor

    for wrong in (cursor[:-1] + ("A" if cursor[-1] != "A" else "B"), "A" + cursor[1:]):
        with pytest.raises(InvalidCursor):
            paginate(tokens, ordering=["name"], cursor=wrong)
    with pytest.raises(InvalidCursor):
        paginate(tokens, ordering=["-name"], cursor=cursor)


@pytest.mark.parametrize("ordering", [["name"], ["-last_used_at"], ["-created_at"]])
def test_a_deep_page_costs_one_statement_without_offset(tokens, ordering):
    cursor = paginate(tokens, ordering=ordering, page_size=5).next_cursor

    with CaptureQueriesContext(connection) as queries:
        paginate(tokens, ordering=ordering, page_size=5, cursor=cursor)

    assert len(queries) == 1
    assert "OFFSET" not in queries[0]["sql"]


def test_the_position_is_an_index_condition(inside):
    """Not a filter over everything that comes before it: page 10,000 costs what page 1 costs."""
    AuditEntry.objects.bulk_create(
        [AuditEntry(at=NOON, verb="changed", model="x.x", object_id=uuid7()) for _ in range(60)]
    )
    cursor = paginate(AuditEntry.objects.all(), ordering=["-at"], page_size=5).next_cursor
    with CaptureQueriesContext(connection) as queries:
        paginate(AuditEntry.objects.all(), ordering=["-at"], page_size=5, cursor=cursor)

    with connection.cursor() as db:
        for other in ("seqscan", "bitmapscan", "sort"):
            db.execute(f"SET LOCAL enable_{other} = off")
        db.execute("EXPLAIN " + queries[0]["sql"])
        plan = [row[0] for row in db.fetchall()]

    assert any("Index Cond" in line and "ROW(at, id) < ROW(" in line for line in plan), plan
