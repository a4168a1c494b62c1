import os

import pytest

from tests.chaos.scenarios import IN_THE_SUITE, SCENARIOS, line

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.chaos]

CHOSEN = os.environ.get("CHAOS_RUNS", "").split() or IN_THE_SUITE
if CHOSEN == ["all"]:
    CHOSEN = list(SCENARIOS)


@pytest.mark.parametrize("name", CHOSEN)
def test_nothing_is_lost_and_copies_stay_within_the_bound(name, tmp_path, capsys):
    scale = float(os.environ.get("CHAOS_SCALE", "0.1"))
    seed = int(os.environ.get("CHAOS_SEED", "1"))

    figures = SCENARIOS[name](tmp_path, scale, seed)

    with capsys.disabled():
        print(f"\n{line(name, figures)}")
