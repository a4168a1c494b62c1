"""The judge is judged: what is out of bounds is said, and a short run keeps the smallest load."""

import pytest

from tests.chaos.figures import Figures, line, percentile
from tests.chaos.load import Load


def figures(**changes):
    return Figures(**{"lost": 0, "duplicated": 1, "sent": 10, "faults": 3, "seconds": 2, "uncertain": 1, **changes})


def test_a_run_within_the_promise_has_no_complaint():
    kept = figures()

    kept.demand_promise(count=10)

    assert kept.complaints == []
    assert line("R1", kept) == "R1 lost=0 duplicated=1 sent=10 faults=3 seconds=2 uncertain=1"


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ({"lost": 1}, "messages were lost"),
        ({"sent": 9}, "10 should have been sent"),
        ({"duplicated": 2}, "a second copy without a reason"),
    ],
)
def test_what_breaks_the_promise_is_said(broken, words):
    judged = figures(**broken)

    judged.demand_promise(count=10)

    assert judged.complaints == [words]


def test_a_short_run_has_a_thousand_messages_and_five_faults_at_least():
    short = Load(scale=0.01)

    assert (short.messages(6_000), short.faults(30), short.seconds(28, 8)) == (1_000, 5, 8)
    assert not short.is_full
    assert Load().messages(6_000) == 6_000


def test_percentiles_are_values_that_were_measured():
    assert percentile([3, 1, 2], 0.95) == 3
    assert percentile(range(100), 0.95) == 95
    assert percentile([7], 0.5) == 7
