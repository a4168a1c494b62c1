import datetime

from django.utils import timezone

from accounts.time_zone import LazyZone

NOON = datetime.datetime(2026, 7, 1, 12, tzinfo=datetime.UTC)


def test_a_lazy_zone_tells_the_time_of_the_zone_it_finds():
    with timezone.override(LazyZone(lambda: "Asia/Riyadh")):
        assert timezone.localtime(NOON).hour == 15
        assert timezone.localdate(NOON.replace(hour=22)) == datetime.date(2026, 7, 2)
        assert timezone.make_aware(timezone.make_naive(NOON)) == NOON
        assert timezone.get_current_timezone_name() == "Asia/Riyadh"


def test_a_lazy_zone_knows_summer_time():
    zone = LazyZone(lambda: "Europe/Oslo")
    summer, winter = NOON.astimezone(zone), NOON.replace(month=1).astimezone(zone)
    assert (summer.hour, winter.hour) == (14, 13)
    assert (summer.tzname(), winter.dst()) == ("CEST", datetime.timedelta(0))


def test_a_zone_that_nobody_asks_is_never_looked_up():
    with timezone.override(LazyZone(lambda: 1 / 0)):
        assert timezone.now().tzinfo is datetime.UTC
