"""Selects are drawn without templates, and look like those that are."""

import re

from django import forms
from django.forms.renderers import DjangoTemplates

from accounts.renderers import FormRenderer

CHOICES = [("", "Any"), ("a", "A & <B>"), (3, "Three"), ('Group "one"', [("c", "C"), ("d", "D")])]


def shape(html):
    """Tags and texts, with the attributes of each tag in order of their names."""
    tags = (
        re.findall(r"<(\w+)|([\w-]+=\"[^\"]*\"|\bselected|\brequired)", tag) for tag in re.findall(r"<[^>]+>", html)
    )
    return [sorted(max(pair) for pair in tag) for tag in tags], re.findall(r">\s*([^<\s][^<]*?)\s*<", html)


def drawn(renderer, value, **attrs):
    return forms.Select(choices=CHOICES, attrs=attrs).render("tier", value, {"id": "id_tier"}, renderer=renderer)


def test_a_select_is_what_the_framework_would_have_drawn():
    for value in ("", "a", 3, "d", None):
        assert shape(drawn(FormRenderer(), value)) == shape(drawn(DjangoTemplates(), value))


def test_attributes_are_kept_and_everything_is_escaped():
    html = drawn(FormRenderer(), "a", required=True, disabled=False, title='"quoted"')
    assert " required" in html
    assert "disabled" not in html
    assert 'title="&quot;quoted&quot;"' in html
    assert "A &amp; &lt;B&gt;" in html
    assert 'label="Group &quot;one&quot;"' in html
