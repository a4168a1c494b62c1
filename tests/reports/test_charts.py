import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.charts import HEIGHT, Series, bars, line_chart, scale, spark

values = st.lists(st.one_of(st.none(), st.integers(-(10**9), 10**9)), min_size=1, max_size=24)


def coordinates(path):
    numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", path)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


@given(values)
def test_a_line_stays_inside_its_frame(series):
    chart = line_chart(labels=[""] * len(series), series=[Series("x", series)], summary="")

    assert all(
        -0.1 <= x <= chart.width + 0.1 and -0.1 <= y <= HEIGHT + 0.1 for x, y in coordinates(chart.lines[0].path)
    )


@given(st.floats(-1e9, 1e9), st.floats(0, 1e9))
def test_the_scale_holds_all_values_in_few_round_steps(lowest, spread):
    base, step, count = scale(lowest, lowest + spread)

    noise = 1e-6 * max(1, abs(lowest) + spread)
    assert base <= lowest + noise
    assert base + step * count >= lowest + spread - noise
    assert 1 <= count <= 6


def test_a_missing_month_is_a_gap_not_a_zero():
    chart = line_chart(labels=["a", "b", "c", "d"], series=[Series("x", [1, None, 3, 4])], summary="")

    assert chart.lines[0].path.count("M") == 2
    assert [row.values for row in chart.rows] == [["1"], ["–"], ["3"], ["4"]]


def test_ticks_run_from_the_top_and_carry_the_format():
    chart = line_chart(
        labels=["a", "b"], series=[Series("x", [0, 100])], summary="", format_value=lambda value: f"{value:.0f}%"
    )

    assert [tick.text for tick in chart.ticks] == ["100%", "75%", "50%", "25%", "0%"]
    assert [tick.y for tick in chart.ticks][0] == "0"


def test_nothing_known_still_draws_a_frame():
    assert line_chart(labels=["a"], series=[Series("x", [None])], summary="").ticks


def test_bars_are_shares_of_the_largest():
    drawn = bars([("a", 50, "50", "/a/"), ("b", 200, "200"), ("c", 0, "0"), ("d", -5, "-5")], tone="ok")

    assert [(bar.share, bar.url) for bar in drawn] == [(25.0, "/a/"), (100.0, ""), (0.0, ""), (0.0, "")]
    assert bars([]) == []


@pytest.mark.parametrize("known", [[], [5], [None, 5]])
def test_a_spark_needs_two_values(known):
    assert spark(known) is None


def test_a_spark_ends_in_its_last_value():
    drawn = spark([1, 2, 3], tone="c2")

    assert (drawn.end_x, drawn.end_y, drawn.tone) == ("93", "3", "c2")
    assert spark([4, 4]).end_y == "16"
