"""A compiled template says what Django's own tree says, for every kind of node that is written down."""

import datetime
import uuid
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.template import Context, Engine, RequestContext, TemplateDoesNotExist, engines
from django.test import RequestFactory
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from accounts.compiled_templates.loader import CompiledNodeList, Loader
from accounts.compiled_templates.writer import write

PARTS = {
    "part.html": "{{ name }}/{{ other }}/{% if name %}{{ name|upper }}{% endif %}{% translate 'Save' %}",
    "loops.html": (
        "{% for x in rows %}{{ forloop.counter }}{{ x }}{% include 'part.html' with name=x only %}{% endfor %}"
    ),
    "block.html": "{% blocktranslate %}by {{ name }}{% endblocktranslate %}{{ name }}",
    "again.html": "{{ depth }}{% if depth %}{% include 'again.html' with depth='' %}{% endif %}",
    "asks.html": "{{ request.path }}{% csrf_token %}",
    "base.html": "<{% block a %}A{% endblock %}|{% block b %}{{ name }}{% endblock %}>",
}

SNIPPETS = [
    "{{ name }}{{ safe }}{{ number }}{{ none }}{{ nothing }}{{ lazy }}{{ float }}{{ day }}{{ moment }}{{ yes }}",
    "{{ name|default:'x' }}{{ nothing|default:name }}{{ name|safe|upper }}{{ safe|upper }}{{ rows|join:', ' }}",
    "{{ rows.0 }}{{ rows.9 }}{{ map.key }}{{ map.nothing }}{{ map.items }}{{ thing.attribute }}"
    "{{ thing.nothing.more }}",
    "{{ thing.method }}{{ thing.wants_arguments }}{{ thing.deletes }}{{ thing.model }}{{ function }}{{ thing.silent }}",
    "{{ _('Save') }}{{ 'a<b' }}{{ 12.5 }}{{ 1234567 }}{{ moment|date:'H:i' }}{{ name|truncatechars:2 }}",
    "{% if name %}a{% elif number %}b{% else %}c{% endif %}{% if none %}a{% elif number %}b{% else %}c{% endif %}",
    "{% if number > 3 and name or none %}y{% endif %}{% if not none and not nothing %}y{% endif %}"
    "{% if nothing == None %}y{% endif %}{% if name in rows %}y{% else %}n{% endif %}"
    "{% if 'a' not in rows %}n{% endif %}",
    "{% if number < name %}y{% else %}n{% endif %}{% if none is None %}y{% endif %}{% if yes is not True %}n{% endif %}"
    "{% if number != 5 %}y{% endif %}{% if number >= 7 and number <= 7 %}y{% endif %}"
    "{% if nothing|length == 0 %}e{% endif %}",
    "{% for x in rows %}{{ forloop.counter0 }}{{ forloop.revcounter }}{{ x }}{% if forloop.last %}"
    "!{% endif %}{% endfor %}",
    "{% for x in nothing %}{{ x }}{% empty %}none{% endfor %}{% for x in empty %}{{ x }}{% empty %}none{% endfor %}",
    "{% for key, value in map.items %}{{ key }}={{ value }};{% endfor %}{% for x in rows reversed %}"
    "{{ x }}{% endfor %}",
    "{% for x in rows %}{% for y in rows %}{{ forloop.parentloop.counter }}{{ x }}{{ y }}{% endfor %}"
    "{% endfor %}{{ x }}",
    "{% for x in generator %}{{ x }}{% endfor %}{% for x in rows %}{% cycle 'a' 'b' %}{% ifchanged %}"
    "{{ x }}{% endifchanged %}"
    "{% endfor %}",
    "{% with x=name y=thing.attribute %}{{ x }}{{ y }}{% firstof nothing x as z %}{{ z }}{% endwith %}{{ z }}",
    "{% firstof nothing none name 'x' %}{% firstof nothing '<' %}{% firstof nothing none %}",
    "{% include 'part.html' %}{% include 'part.html' with name='<' %}{% include 'part.html' with name=number only %}",
    "{% include 'loops.html' %}{% include 'loops.html' with rows=name only %}"
    "{% include 'block.html' with name=name only %}",
    "{% include 'again.html' with depth=3 %}{% include which %}{% include 'asks.html' only %}{% include 'asks.html' %}",
    "{% for x in rows %}{% include 'block.html' with name=x %}{% include 'part.html' with other=x %}{% endfor %}",
    "{% extends 'base.html' %}{% block b %}{{ block.super }}{% for x in rows %}{{ x }}{% endfor %}{% endblock %}",
    "{% load i18n %}{% translate 'Save' %}{% translate '100% sure' %}{% translate 'May' context 'month' as m %}{{ m }}"
    "{% translate name %}{% translate 'Save' as s %}{{ s|upper }}{% translate 'x'|upper %}{% translate 'Save' noop %}",
    "{% load i18n %}{% blocktranslate count n=number %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}",
    "{% load static %}{% static 'img/favicon.svg' %}{% load ui %}{% icon 'x' %}{% icon which_icon label=name %}"
    "{% query_set page=number %}{% icon 'plus' as drawn %}{{ drawn }}{{ number|money:'USD' }}{{ moment|ago }}",
    "{% url 'client' key %}{% url 'clients:client-list' %}{% url 'nowhere' as u %}[{{ u }}"
    "]{% url 'client' key as u %}{{ u }}"
    "{% url 'client' pk=key %}",
    "{% autoescape off %}{{ name }}{% for x in rows %}{{ x }}{% endfor %}{% endautoescape %}{{ name }}"
    "{% comment %}{{ x }}"
    "{% endcomment %}{% spaceless %}<a> {{ name }} </a> <b></b>{% endspaceless %}{% filter upper %}"
    "{{ name }}{% endfilter %}",
    "{% now 'Y' %}{% widthratio number 10 100 %}{% regroup people by role as groups %}"
    "{% for g in groups %}{{ g.grouper }}"
    "{{ g.list|length }}{% endfor %}{% verbatim %}{{ x }}{% endverbatim %}{% templatetag openblock %}",
]


class Silent(Exception):
    silent_variable_failure = True


class Thing:
    attribute = "<attribute>"
    model = type("Model", (), {"do_not_call_in_templates": True, "__str__": lambda self: "model"})()

    def method(self):
        return "called & done"

    def wants_arguments(self, one):
        return one

    def deletes(self):
        raise AssertionError("called")

    deletes.alters_data = True

    @property
    def silent(self):
        raise Silent


def values():
    return {
        "name": "Müller & <Söhne> 'x' \"y\"",
        "safe": mark_safe("<b>"),
        "number": 7,
        "float": 1234.5,
        "none": None,
        "yes": True,
        "lazy": gettext_lazy("Save"),
        "lazy_object": SimpleLazyObject(lambda: "lazy"),
        "day": datetime.date(2026, 11, 23),
        "moment": datetime.datetime(2026, 11, 23, 18, 5, tzinfo=datetime.UTC),
        "rows": ["a", "<b>", "a"],
        "empty": [],
        "map": {"key": "<value>", "other": 2},
        "thing": Thing(),
        "function": lambda: "<called>",
        "generator": (letter for letter in "xyz"),
        "which": "part.html",
        "which_icon": "check",
        "key": uuid.UUID("01a2098b-8fbf-7e05-9e1d-d862d10f0b94"),
        "people": [SimpleNamespace(role="a"), SimpleNamespace(role="a"), SimpleNamespace(role="b")],
    }


def engine(loader):
    own = engines["django"].engine
    sources = {**PARTS, **{f"snippet {number}": source for number, source in enumerate(SNIPPETS)}}
    sources = {
        name: "{% load i18n %}" * (not source.startswith("{% extends")) + source for name, source in sources.items()
    }
    locmem = ("django.template.loaders.locmem.Loader", sources)
    return Engine(
        libraries=own.libraries,
        builtins=own.builtins,
        loaders=[(loader, [locmem])],
        context_processors=own.context_processors,
    )


@pytest.fixture(scope="module")
def both():
    return engine("django.template.loaders.cached.Loader"), engine("accounts.compiled_templates.loader.Loader")


@pytest.mark.parametrize("number", range(len(SNIPPETS)))
@pytest.mark.parametrize("language", ["en", "ar"])
def test_it_says_what_the_tree_says(both, number, language, settings):
    request = RequestFactory().get("/x?page=1")
    request.urlconf = settings.ROOT_URLCONF = "config.organization_urls"
    request.user = request.member = request.organization = None

    def said(engine):
        template = engine.get_template(f"snippet {number}")
        context = RequestContext(request, values())
        twice = [template.render(context), template.render(RequestContext(request, values()))]
        plain = template.render(Context({**values(), "request": request}, autoescape=False))
        return [*twice, plain]

    tree, compiled = both
    request.META["CSRF_COOKIE"] = "x" * 32
    with translation.override(language):
        expected, got = said(tree), said(compiled)
    hidden = [text.partition("csrfmiddlewaretoken")[0] for text in expected]
    assert [text.partition("csrfmiddlewaretoken")[0] for text in got] == hidden


def test_an_argument_that_is_missing_and_an_error_of_a_property_are_raised_as_before(both):
    class Broken:
        @property
        def value(self):
            raise AttributeError("inside")

    tree, compiled = both
    for source in ("{{ name|default:nothing }}", "{{ thing.value }}", "{% url 'nowhere' %}"):
        with pytest.raises(Exception) as raised:
            tree.from_string(source).render(Context({"name": "", "thing": Broken()}))
        template = compiled.from_string(source)
        context = Context({"name": "", "thing": Broken()})
        context.template = template
        with pytest.raises(raised.type):
            write(template.nodelist, compiled)(context)


def test_every_template_of_the_product_is_compiled():
    compiled = engines["django"].engine
    folder = settings.BASE_DIR / "templates"
    assert isinstance(compiled.template_loaders[0], Loader)

    for path in folder.rglob("*.html"):
        template = compiled.get_template(str(path.relative_to(folder)))
        assert isinstance(template.nodelist, CompiledNodeList)
        write(template.nodelist, compiled)


def test_a_template_that_is_not_there_is_told_like_before(both):
    with pytest.raises(TemplateDoesNotExist):
        both[1].get_template("nowhere.html")
