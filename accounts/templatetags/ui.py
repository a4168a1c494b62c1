"""What every template may say: icons, money, days, initials, links that keep the query string."""

from functools import lru_cache

from babel.numbers import format_decimal, format_percent
from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from lucide.templatetags.lucide import lucide

from accounts import wording
from accounts.links import outside_path
from accounts.money import format_compact_money, format_money

register = template.Library()

# A cursor or page number means nothing once the list itself has changed.
PLACES_IN_A_LIST = ("cursor", "page")
MESSAGE_TONES = {"success": "ok", "info": "accent", "warning": "warn", "error": "bad", "debug": "muted"}
TONE_ICONS = {"ok": "circle-check", "accent": "info", "warn": "triangle-alert", "bad": "circle-alert", "muted": "info"}


@register.simple_tag
def icon(name, *, flip=False, size="", label=""):
    """An inline icon. ``flip`` mirrors it in right-to-left pages (arrows and chevrons, never clocks or checks)."""
    return _drawn_icon(str(name), bool(flip), str(size), str(label))


@lru_cache(maxsize=512)
def _drawn_icon(name, flip, size, label):
    classes = "icon" + (f" icon-{size}" if size else "") + (" icon-flip" if flip else "")
    named = {"role": "img", "aria-label": label} if label else {"aria-hidden": "true"}
    return mark_safe(lucide(name, size=18, **{"class": classes}, **named))  # drawn by the package from its own files


@register.filter
def money(minor, currency):
    return "" if minor is None else format_html('<bdi class="num">{}</bdi>', format_money(minor, str(currency)))


@register.filter
def compact_money(minor, currency):
    """Short enough for a figure card; the exact amount is its title."""
    if minor is None:
        return ""
    return format_html(
        '<bdi class="num" title="{}">{}</bdi>',
        format_money(minor, str(currency)),
        format_compact_money(minor, str(currency)),
    )


@register.filter
def number(value):
    return "" if value is None else format_decimal(value, locale=wording.locale())


@register.filter
def percent(share):
    """A share (0.42) as 42%."""
    return "" if share is None else format_percent(share, locale=wording.locale())


@register.filter
def day(value):
    return wording.in_days(value) if value else ""


@register.filter
def weekday_and_day(value):
    return wording.in_weekdays(value) if value else ""


@register.filter
def moment(value):
    return wording.in_moments(value) if value else ""


@register.filter
def ago(value):
    return wording.since(value) if value else ""


@register.filter
def due(value):
    return wording.until_due(value) if value else ""


@register.filter
def due_tone(value):
    return wording.due_tone(value) if value else "muted"


@register.filter
def initials(name):
    return wording.initials(str(name or ""))


@register.filter
def tone_icon(tone):
    return TONE_ICONS.get(tone, "info")


@register.filter
def message_tone(message):
    return MESSAGE_TONES.get(message.level_tag, "accent")


@register.filter
def undo_url(message):
    """The address that takes the change back, when the view left one: ``extra_tags="undo:/clients/…/restore/"``."""
    marks = [tag for tag in (message.extra_tags or "").split() if tag.startswith("undo:")]
    return marks[0].removeprefix("undo:") if marks else ""


@register.simple_tag(takes_context=True)
def query_set(context, **changes):
    """The current query string with changes; ``None`` removes. The place in the list stays only when it is given."""
    query = context["request"].GET.copy()
    for name in PLACES_IN_A_LIST:
        query.pop(name, None)
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None and value != "":
            query[name] = value
    return f"?{query.urlencode()}"


@register.simple_tag
def outside_url(name, *args):
    """A page outside the organization (sign-out, profile): the organization's prefix must not stand before it."""
    return outside_path(name, *args)


@register.simple_tag(takes_context=True)
def nav_current(context, path):
    """``aria-current="page"`` when the page shown is ``path`` or lies below it."""
    return mark_safe('aria-current="page"') if context["request"].path.startswith(path) else ""


@register.inclusion_tag("components/sort_header.html", takes_context=True)
def sort_header(context, key, label, *, numeric=False, default="", param="sort"):
    """A column head that sorts: first press ascending, second descending."""
    chosen = context["request"].GET.get(param) or default
    is_ascending, is_descending = chosen == key, chosen == f"-{key}"
    return {
        "label": label,
        "numeric": numeric,
        "direction": "ascending" if is_ascending else "descending" if is_descending else "",
        "icon_name": "arrow-up" if is_ascending else "arrow-down" if is_descending else "chevrons-up-down",
        "url": query_set(context, **{param: f"-{key}" if is_ascending else key}),
    }


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context, page, shown=""):
    """Previous and next of a keyset page, keeping filters and order."""

    def link(cursor):
        return query_set(context, cursor=cursor) if cursor else ""

    return {"previous_url": link(page.previous_cursor), "next_url": link(page.next_cursor), "shown": shown}


@register.inclusion_tag("components/chips.html", takes_context=True)
def filter_chips(context, filtered):
    """What a list is narrowed by, each with the link that widens it again."""
    form = getattr(filtered, "form", filtered)
    chips = []
    if form.is_bound and form.is_valid():
        for name, value in form.cleaned_data.items():
            words = _chosen_words(form.fields[name], value)
            if words:
                bound = form[name]
                chips.append(
                    {"label": bound.label, "words": words, "url": query_set(context, **{bound.html_name: None})}
                )
    return {"chips": chips, "clear_url": context["request"].path}


def _chosen_words(field, value):
    """The choice as the reader knows it: labels for choices, names for rows, nothing for an empty answer."""
    if value in (None, "", False):
        return ""
    several = isinstance(value, (list, tuple)) or hasattr(value, "iterator")
    return wording.join_list([_one_choice(field, one) for one in (value if several else [value])])


def _one_choice(field, value):
    if value is True:
        return wording.yes()
    if hasattr(value, "isoformat"):
        return wording.in_days(value)
    labels = {} if hasattr(value, "pk") else {str(key): label for key, label in getattr(field, "choices", ())}
    return str(labels.get(str(value), value))
