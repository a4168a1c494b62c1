import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from accounts.money import exponent, format_compact_money, format_money, to_minor, to_number


@pytest.mark.parametrize(("currency", "places"), [("USD", 2), ("KWD", 3), ("JPY", 0), ("XQQ", 2)])
def test_decimals_belong_to_the_currency(currency, places):
    assert exponent(currency) == places


@pytest.mark.parametrize(
    ("minor", "currency", "english", "arabic"),
    [
        (61200000, "USD", "$612,000", "\u200f612,000\xa0US$"),
        (125050, "SAR", "SAR\xa01,250.50", "\u200f1,250.50\xa0ر.س.\u200f"),
        (12501, "KWD", "KWD\xa012.501", "\u200f12.501\xa0د.ك.\u200f"),
        (500, "JPY", "¥500", "\u200f500\xa0JP¥"),
        (-61250, "USD", "-$612.50", "\u200f-612.50\xa0US$"),
        (0, "USD", "$0", "\u200f0\xa0US$"),
    ],
)
def test_money_is_written_as_each_language_writes_it(minor, currency, english, arabic):
    assert (format_money(minor, currency, "en"), format_money(minor, currency, "ar")) == (english, arabic)


def test_money_follows_the_language_of_the_page():
    with override("ar"):
        assert format_money(100, "SAR") == format_money(100, "SAR", "ar")


@pytest.mark.parametrize(
    ("minor", "english", "arabic"),
    [
        (482000000, "$4.82M", "4.82\xa0مليون\xa0US$"),
        (18450000, "$184.5K", "184.5\xa0ألف\xa0US$"),
        (61250, "$612", "\u200f612\xa0US$"),
    ],
)
def test_compact_money_fits_a_figure_card(minor, english, arabic):
    assert (format_compact_money(minor, "USD", "en"), format_compact_money(minor, "USD", "ar")) == (english, arabic)


def test_unknown_amounts_say_nothing():
    assert (format_money(None, "USD"), format_compact_money(None, "USD")) == ("", "")


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("1,250.50", "USD", 125050),
        ("١٬٢٣٤٫٥٠", "SAR", 123450),
        ("۱۲۳", "USD", 12300),
        ("1 250", "USD", 125000),
        ("1\xa0250.5", "USD", 125050),
        ("12,5", "USD", 1250),
        ("1,250", "USD", 125000),
        ("12,50,000", "USD", 125000000),
        ("-7", "USD", -700),
        ("\u200f12.5", "KWD", 12500),
        ("500", "JPY", 500),
        (".5", "USD", 50),
    ],
)
def test_amounts_are_read_in_both_scripts(typed, currency, minor):
    assert to_minor(typed, currency) == minor


@pytest.mark.parametrize("typed", ["", ".", "$5", "1,2,3", "1.250.000", "five", "1e5", "NaN", "--1"])
def test_what_is_no_number_is_refused_with_an_example(typed):
    with pytest.raises(ValueError, match="Write it like"):
        to_minor(typed, "USD")


def test_more_decimals_than_the_currency_has_are_refused_not_rounded():
    with pytest.raises(ValueError, match="JPY has at most 0 decimals"):
        to_minor("1.5", "JPY")


def test_an_amount_beyond_the_column_is_refused():
    with pytest.raises(ValueError, match="too large"):
        to_minor("99999999999999999999", "USD")


@given(st.integers(min_value=-(10**15), max_value=10**15), st.sampled_from(["USD", "KWD", "JPY", "SAR"]))
def test_an_amount_read_back_from_its_own_number_is_the_same(minor, currency):
    text = f"{minor / 10 ** exponent(currency):.{exponent(currency)}f}" if abs(minor) < 2**50 else None
    assert text is None or to_minor(text, currency) == minor


def test_arabic_digits_with_separators_are_one_number():
    assert to_number("١٬٢٣٤٬٥٦٧٫٨٩") == to_number("1,234,567.89")
