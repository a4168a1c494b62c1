from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone
from django.utils.translation import override
from time_machine import travel

NOW = datetime(2026, 11, 23, 10, 24, tzinfo=timezone.get_default_timezone())


def render(source, path="/clients/", **context):
    return Template("{% load ui %}" + source).render(Context({"request": RequestFactory().get(path), **context}))


def say(source, language="en", **context):
    with travel(NOW, tick=False), override(language):
        return render(source, **context)


def test_icons_are_hidden_from_screen_readers_unless_they_are_named():
    assert 'aria-hidden="true"' in render('{% icon "phone" %}')
    assert 'role="img" aria-label="Close"' in render('{% icon "x" label="Close" %}')
    assert 'class="icon icon-small icon-flip"' in render('{% icon "chevron-right" flip=True size="small" %}')


def test_money_is_isolated_from_the_direction_round_it():
    assert render("{{ 125050|money:'USD' }}") == '<bdi class="num">$1,250.50</bdi>'
    assert render("{{ 482000000|compact_money:'USD' }}") == '<bdi class="num" title="$4,820,000">$4.82M</bdi>'
    assert render("{{ nothing|money:'USD' }}{{ nothing|compact_money:'USD' }}", nothing=None) == ""


def test_numbers_and_shares_follow_the_language():
    assert say("{{ n|number }} {{ share|percent }}", n=12345, share=0.42) == "12,345 42%"
    assert say("{{ none|number }}{{ none|percent }}", none=None) == ""


@pytest.mark.parametrize(
    ("source", "english", "arabic"),
    [
        ("{{ at|day }}", "23 Nov 2026", "23 نوفمبر 2026"),
        ("{{ at|moment }}", "23 Nov 2026, 10:24", "23 نوفمبر 2026، 10:24"),
        ("{{ on|moment }}", "20 Nov 2026", "20 نوفمبر 2026"),
    ],
)
def test_days_and_moments_are_written_out(source, english, arabic):
    context = {"at": NOW, "on": date(2026, 11, 20)}
    assert (say(source, **context), say(source, "ar", **context)) == (english, arabic)


@pytest.mark.parametrize(
    ("gap", "english", "arabic"),
    [
        (timedelta(seconds=20), "just now", "الآن"),
        (timedelta(minutes=1), "1 minute ago", "قبل دقيقة"),
        (timedelta(hours=3), "3 hours ago", "قبل 3 ساعات"),
        (timedelta(days=1), "yesterday", "أمس"),
        (timedelta(days=21), "21 days ago", "قبل 21 يومًا"),
        (timedelta(days=90), "3 months ago", "قبل 3 أشهر"),
        (timedelta(days=800), "2 years ago", "قبل عامين"),
        (timedelta(hours=-2), "today", "اليوم"),
        (timedelta(days=-1), "tomorrow", "غدًا"),
        (timedelta(days=-2), "in 2 days", "خلال يومين"),
        (timedelta(days=-100), "in 3 months", "خلال 3 أشهر"),
    ],
)
def test_gaps_are_told_in_the_unit_a_person_would_choose(gap, english, arabic):
    assert (say("{{ at|ago }}", at=NOW - gap), say("{{ at|ago }}", "ar", at=NOW - gap)) == (english, arabic)


def test_a_day_without_a_time_is_today_all_day():
    assert say("{{ on|ago }}", on=date(2026, 11, 23)) == "today"


@pytest.mark.parametrize(
    ("on", "words", "tone"),
    [
        (date(2026, 11, 21), "2 days overdue", "bad"),
        (date(2026, 11, 23), "today", "warn"),
        (date(2026, 11, 24), "tomorrow", "muted"),
        (date(2026, 12, 7), "in 14 days", "muted"),
        (date(2027, 1, 1), "1 Jan 2027", "muted"),
    ],
)
def test_deadlines_are_words_with_a_tone(on, words, tone):
    assert say("{{ on|due }}/{{ on|due_tone }}", on=on) == f"{words}/{tone}"


def test_moments_that_are_not_known_say_nothing():
    assert render("{{ x|day }}{{ x|moment }}{{ x|ago }}{{ x|due }}", x=None) == ""


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Layla Haddad", "LH"),
        ("Al Noor Logistics", "AN"),
        ("Madonna", "M"),
        ("ليلى حداد", "ل\u200cح"),
        ("شركة النور للخدمات", "ن\u200cل"),
        ("شركة", "ش"),
        ("", ""),
    ],
)
def test_initials_do_not_join_and_skip_the_article(name, letters):
    assert render("{{ name|initials }}", name=name) == letters


@pytest.mark.parametrize(
    ("tag", "query"),
    [
        ('{% query_set sort="name" %}', "?q=noor&sort=name"),
        ("{% query_set q=None %}", "?"),
        ('{% query_set cursor="abc" %}', "?q=noor&cursor=abc"),
    ],
)
def test_a_changed_query_keeps_the_rest_but_not_the_place_in_the_list(tag, query):
    assert (
        render("{% autoescape off %}" + tag + "{% endautoescape %}", path="/clients/?q=noor&cursor=old&page=3") == query
    )


@pytest.mark.parametrize(
    ("path", "direction", "url"),
    [
        ("/clients/", "", "?sort=name"),
        ("/clients/?sort=name", "ascending", "?sort=-name"),
        ("/clients/?sort=-name", "descending", "?sort=name"),
    ],
)
def test_a_column_head_says_how_it_sorts_and_what_a_press_does(path, direction, url):
    head = render('{% sort_header "name" "Client" %}', path=path)

    assert f'href="{url}"' in head
    assert (f'aria-sort="{direction}"' in head) == bool(direction)


class Filters(forms.Form):
    q = forms.CharField(label="Search", required=False)
    tier = forms.ChoiceField(label="Tier", choices=[("", "any"), ("core", "Core")], required=False)
    kinds = forms.MultipleChoiceField(label="Kinds", choices=[("a", "A"), ("b", "B")], required=False)
    since = forms.DateField(label="Since", required=False)
    late = forms.BooleanField(label="Late", required=False)


def test_chosen_filters_are_chips_that_remove_themselves():
    path = "/clients/?tier=core&kinds=a&kinds=b&since=2026-11-01&late=on&q="
    chips = render("{% filter_chips form %}", path=path, form=Filters(RequestFactory().get(path).GET))

    for words in ("Core", "A, B", "1 Nov 2026", "yes"):
        assert f"<bdi>{words}</bdi>" in chips
    assert "Search" not in chips
    assert 'href="?kinds=a&amp;kinds=b&amp;since=2026-11-01&amp;late=on&amp;q="' in chips


def test_without_filters_there_are_no_chips():
    assert render("{% filter_chips form %}", form=Filters({})).strip() == ""
    assert render("{% filter_chips form %}", form=Filters()).strip() == ""


def test_the_pager_keeps_the_filters():
    page = SimpleNamespace(next_cursor="n", previous_cursor="")
    html = render("{% pager page '50 clients' %}", path="/clients/?q=noor", page=page)

    assert 'href="?q=noor&amp;cursor=n"' in html
    assert 'rel="prev"' not in html


def test_the_place_in_the_navigation_is_marked_for_pages_below():
    assert render('{% nav_current "/clients/" %}', path="/clients/1/") == 'aria-current="page"'
    assert render('{% nav_current "/tasks/" %}', path="/clients/1/") == ""


@pytest.mark.parametrize(
    ("level", "extra", "tone", "url"),
    [
        ("success", "undo:/clients/1/restore/", "ok", "/clients/1/restore/"),
        ("error", "", "bad", ""),
        ("info", None, "accent", ""),
    ],
)
def test_messages_carry_a_tone_and_the_way_back(level, extra, tone, url):
    message = SimpleNamespace(level_tag=level, extra_tags=extra)
    assert render("{{ m|message_tone }} {{ m|undo_url }}", m=message) == f"{tone} {url}"


def test_outside_pages_have_no_organization_before_them(settings):
    assert render("{% outside_url 'set-language' %}") == "/accounts/language/"
