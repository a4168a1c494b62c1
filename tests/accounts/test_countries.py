from django.utils import translation

from accounts.countries import country_choices, country_name, time_zone_choices


def test_countries_have_names_in_the_readers_language():
    with translation.override("ar"):
        assert country_name("SA") == "المملكة العربية السعودية"
    with translation.override("en"):
        assert country_name("SA") == "Saudi Arabia"
        assert ("EG", "Egypt") in country_choices()
        assert not {"EU", "ZZ"} & dict(country_choices()).keys()


def test_what_nobody_knows_stays_as_it_is():
    assert country_name("Q9") == "Q9"
    assert country_name("") == ""


def test_time_zones_are_places():
    zones = dict(time_zone_choices())
    assert zones["America/New_York"] == "America/New York"
    assert "Etc/GMT+3" not in zones
