"""The mail server is away, loses sessions, says no and says later; and messages that are poison."""

import time
from collections import Counter

from tests.chaos.figures import copies, kills_logged, result, rows
from tests.chaos.kinds import ADDRESS
from tests.chaos.processes import IMPATIENT, Layout
from tests.chaos.scenarios.kills import ORGANIZATIONS

#: The ways of being away; none of them is any message's fault.
AWAY = (None, "busy", "mute", "closes", "421")
BACK_WITHIN = 60
GOOD_WITHIN = 15
#: As patient with lost sessions as in production.
PATIENT = Layout(settings={"CHAOS_HURRY": 1})


def r5(rig, load):
    """The mail server is down for an hour (30 s here), then refuses in four other ways. Nobody is charged for it."""
    count = load.messages(2_000)
    rig.set_up(seed=load.seed)
    owners = rig.organizations(ORGANIZATIONS)
    start, slowest, done, sent_while_away = time.monotonic(), 0.0, 0, 0
    for mood in AWAY:
        due = count // len(AWAY)
        away_for = load.seconds(30 if mood is None else 6, 2)
        rig.stop_mail()
        if mood:
            rig.start_mail(mood=mood)
        rig.enqueue(due, owners, first=done)
        time.sleep(away_for)
        sent_while_away += due - sum(row.status in ("pending", "leased", "sending") for row in rows(rig))
        rig.start_mail()
        back, done = time.monotonic(), done + due
        rig.wait_until_drained(BACK_WITHIN, count=done)
        slowest = max(slowest, time.monotonic() - back)
    figures = result(
        rig,
        faults=len(AWAY),
        seconds=time.monotonic() - start,
        charged=sum(row.attempts - 1 for row in rows(rig)),
        drained_after=round(slowest, 1),
    )
    figures.demand_promise(count=done)
    figures.demand(figures["duplicated"] == 0, "an outage became a second copy")
    figures.demand(sent_while_away == 0, "a message came to an end while the server was away")
    figures.demand(figures["charged"] == 0, "an outage was charged to messages")
    return figures


def r6(rig, load):
    """The server accepts and drops the session without a word, every so many messages."""
    count, faults = load.messages(5_000), 10
    every = count // faults
    calm, _start = _drop(rig, load, count, 0)
    seconds, start = _drop(rig, load, count, every)
    figures = result(rig, faults=faults, seconds=time.monotonic() - start, calm=round(calm, 1), drops=round(seconds, 1))
    figures.demand_promise(count=count)
    figures.demand(figures["duplicated"] <= faults, "a lost session cost more than one copy")
    if load.is_full:
        figures.demand(seconds <= 2 * calm, "lost sessions make the work slow")
    return figures


def _drop(rig, load, count, every):
    rig.set_up(PATIENT, seed=load.seed, thinks=0, drop_every=every)
    rig.enqueue(count, ORGANIZATIONS, due_in=2)
    rig.wait_for_work()
    start = time.monotonic()
    rig.wait_until_drained(120 + count / 50, count=count)
    accepted = copies(rig)
    return accepted[-1].at - accepted[0].at, start


def r7(rig, load):
    """Poison that raises or kills its worker, unknown and greylisted recipients, among a thousand good messages."""
    good, raising, deadly, unknown, grey = load.messages(1_000), 3, 2, 20, 10
    rig.set_up(IMPATIENT, seed=load.seed, thinks=0.005)
    start = time.monotonic()
    owners = rig.organizations(20)
    first = good
    for count, act, to in [
        (raising, "raise", ADDRESS),
        (deadly, "die", ADDRESS),
        (unknown, None, f"bounce-{ADDRESS}"),
        (grey, None, f"grey-{ADDRESS}"),
    ]:
        rig.enqueue(count, owners[:4], lambda _number, act=act: act, first=first, to=to)
        first += count
    rig.enqueue(good, owners)
    rig.wait(lambda: _good_sent(rig, good) == good, 120)
    good_within = time.monotonic() - start
    rig.wait_until_drained(150, count=first, ends=frozenset({"sent", "dead", "suppressed"}))
    ended = rows(rig)
    figures = result(
        rig,
        faults=kills_logged(rig),
        seconds=time.monotonic() - start,
        good_within=round(good_within, 1),
        dead=sum(row.status == "dead" for row in ended),
        suppressed=sum(row.status == "suppressed" for row in ended),
    )
    figures.demand_promise(count=good + grey)
    tries = Counter((row.status, row.attempts) for row in ended if row.status != "sent")
    figures.demand(
        tries == {("dead", 5): raising + deadly, ("suppressed", 1): unknown}, f"poison ended as {dict(tries)}"
    )
    greylisted = [row for row in ended if row.deferrals]
    figures.demand(
        len(greylisted) == grey and all(row.status == "sent" for row in greylisted), "greylisted were not sent"
    )
    figures.demand(
        good_within <= load.patience(GOOD_WITHIN, rig),
        f"good messages waited longer than {GOOD_WITHIN} s behind poison",
    )
    return figures


def _good_sent(rig, good):
    with rig.platform() as database:
        return database.execute(
            "SELECT count(*) FROM accounts_message WHERE status = 'sent' AND substr(send_key, 7)::integer < %s", [good]
        ).fetchone()[0]
