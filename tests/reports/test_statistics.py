"""Confidence intervals, against values from the literature and against what they must be at the ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.statistics import mean, net_promoter, proportion, student

COUNTS = st.integers(0, 500)


def test_wilson_agrees_with_the_published_example():
    # Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263.
    low, high = proportion(81, 263)

    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)


def test_wilson_at_the_ends():
    # The same table: 0 of 20 and 1 of 29.
    assert [round(each, 4) for each in proportion(0, 20)] == [0.0, 0.1611]
    assert [round(each, 4) for each in proportion(1, 29)] == [0.0061, 0.1718]


def test_an_nps_by_hand():
    # 5 promoters, 3 passives, 2 detractors: p = 5.75/13, d = 2.75/13, se = √((8.5/13 − (3/13)²)/13).
    low, high = net_promoter(5, 3, 2)

    assert (round(low, 1), round(high, 1)) == (-19.1, 65.2)


@pytest.mark.parametrize(("freedom", "t"), [(4, 2.776), (5, 2.571), (9, 2.262), (29, 2.045), (120, 1.980)])
def test_students_t_is_that_of_the_tables(freedom, t):
    assert student(freedom) == pytest.approx(t, abs=0.001)


def test_a_mean_by_hand():
    average, (low, high) = mean({7: 3, 5: 2})

    assert average == 6.2
    assert (round(low, 2), round(high, 2)) == (4.84, 7.56)


@given(COUNTS, COUNTS, COUNTS)
def test_an_nps_lies_within_its_interval_and_that_within_the_scale(promoters, passives, detractors):
    n = promoters + passives + detractors
    if n < 5:
        return
    low, high = net_promoter(promoters, passives, detractors)

    assert -100 <= low <= 100 * (promoters - detractors) / n <= high <= 100
    assert low < high
