import datetime
from contextlib import suppress
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.imports import values
from accounts.imports.errors import Refused

UTC = ZoneInfo("UTC")
RIYADH = ZoneInfo("Asia/Riyadh")


@pytest.mark.parametrize(
    ("text", "formats", "expected"),
    [
        ("27-07-2023", ["DD-MM-YYYY"], "2023-07-27 00:00"),
        ("28-07-2023 03:05", ["DD-MM-YYYY", "DD-MM-YYYY hh:mm"], "2023-07-28 03:05"),
        ("7/4/24", ["%m/%d/%y"], "2024-07-04 00:00"),
        ("٢٧-٠٧-٢٠٢٣", ["DD-MM-YYYY"], "2023-07-27 00:00"),
        ("\u200f27/07/2023", ["DD/MM/YYYY"], "2023-07-27 00:00"),
        ("2023-07-27", ["DD-MM-YYYY"], "2023-07-27 00:00"),
        ("2023-07-27T10:00:00", [], "2023-07-27 10:00"),
        ("2023-07-27T10:00:00Z", [], "2023-07-27 13:00"),
        ("45134", ["excel"], "2023-07-27 00:00"),
        ("1690448400", ["unix"], "2023-07-27 12:00"),
        ("1690448400000", ["unix_ms"], "2023-07-27 12:00"),
    ],
)
def test_dates_are_read_in_the_declared_formats_and_always_in_iso(text, formats, expected):
    assert values.parse_local(text, formats, RIYADH).strftime("%Y-%m-%d %H:%M") == expected


@pytest.mark.parametrize("text", ["31-02-2024", "2024-13-01", "yesterday", "12", "--", "24-01-01", "0001-01-01"])
def test_what_is_no_date_is_refused_with_the_formats_expected(text):
    with pytest.raises(Refused, match="date"):
        values.parse_local(text, ["DD-MM-YYYY"], UTC)


@pytest.mark.parametrize("text", ["TRUE", "yes", "1", "نعم", "١"])
def test_yes_in_several_spellings(text):
    assert values.parse_flag(text, values.TRUE_WORDS, values.FALSE_WORDS)


@pytest.mark.parametrize("text", ["FALSE", "No", "0", "لا"])
def test_no_in_several_spellings(text):
    assert not values.parse_flag(text, values.TRUE_WORDS, values.FALSE_WORDS)


def test_neither_yes_nor_no_is_refused():
    with pytest.raises(Refused, match=r"neither yes \(ja\) nor no \(nein\)"):
        values.parse_flag("true", ["ja"], ["nein"])


@pytest.mark.parametrize(
    ("text", "decimal", "expected"),
    [
        ("1250", ".", "1250"),
        ("1,250.50", ".", "1250.50"),
        ("1.250,50", ",", "1250.50"),
        ("1 250.5", ".", "1250.5"),
        ("1\u00a0250,5", ",", "1250.5"),
        ("1'250.5", ".", "1250.5"),
        ("١٬٢٥٠٫٥", ".", "1250.5"),
        ("١٬٢٥٠٫٥", ",", "1250.5"),
        ("۱۲", ".", "12"),
        ("-3", ".", "-3"),
        ("−3", ".", "-3"),
        ("(3)", ".", "-3"),
        (".5", ".", "0.5"),
        ("1e3", ".", "1000"),
    ],
)
def test_numbers_with_separators_of_any_place(text, decimal, expected):
    assert values.parse_number(text, decimal) == Decimal(expected)


@pytest.mark.parametrize("text", ["", "abc", "1,25", "1.2.3", "12 seats", "1e99", "9" * 40, "NaN", "inf", "1,2,3", "-"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(Refused):
        values.parse_number(text)


@pytest.mark.parametrize(
    ("text", "currency", "expected"),
    [
        ("$1,250.50", "USD", "1,250.50"),
        ("USD 12", "USD", "12"),
        ("12 usd", "USD", "12"),
        ("-$12", "USD", "-12"),
        ("($12)", "USD", "-12"),
        ("120 ر.س", "SAR", "120"),
        ("ر.س. ١٢٠", "SAR", "120"),
        ("€ .50", "EUR", "0.50"),
        ("12", "JPY", "12"),
    ],
)
def test_amounts_may_carry_their_currency(text, currency, expected):
    assert values.bare_amount(text, currency) == expected


@pytest.mark.parametrize(("text", "why"), [("EUR 12", "is in EUR"), ("12 seats!", "not an amount")])
def test_amounts_of_another_currency_are_refused(text, why):
    with pytest.raises(Refused, match=why):
        values.bare_amount(text, "USD")


@pytest.mark.parametrize(
    ("amount", "exponent", "expected"), [("12.5", 2, 1250), ("12.345", 3, 12345), ("1200", 0, 1200), ("-1", 2, -100)]
)
def test_amounts_become_minor_units_of_their_currency(amount, exponent, expected):
    assert values.to_minor(Decimal(amount), exponent) == expected


def test_more_decimals_than_the_currency_has_are_refused_unless_computed():
    with pytest.raises(Refused, match="more than 2 decimals"):
        values.to_minor(Decimal("1.005"), 2)
    assert values.to_minor(Decimal(100) / 12, 2, is_rounded=True) == 833


@given(st.text(max_size=40))
def test_no_text_makes_the_parsers_fail_otherwise_than_by_refusing(text):
    for read in (
        lambda: values.parse_local(text, ["DD-MM-YYYY", "excel", "unix", "%d %B %Y"], UTC),
        lambda: values.parse_flag(text, values.TRUE_WORDS, values.FALSE_WORDS),
        lambda: values.parse_number(text),
        lambda: values.parse_number(values.bare_amount(text, "USD"), ","),
    ):
        with suppress(Refused):
            assert isinstance(read(), datetime.datetime | bool | Decimal)
