"""What compiled templates call: Django's rules for variables and output, without what only a tree needs."""

import uuid
from collections.abc import Callable
from functools import lru_cache
from inspect import signature
from typing import Any

from django.template.base import VariableDoesNotExist, render_value_in_context
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.links import row_path

LOOKUP_ERRORS = (TypeError, AttributeError, KeyError, ValueError, IndexError)
#: Whether rows of a type are asked by attribute alone, for types that have been seen.
_by_attribute: dict[type, bool] = {}


def find(context: Any, name: str) -> Any:
    """The first part of a variable."""
    for scope in reversed(context.dicts):
        if name in scope:
            value = scope[name]
            return call(value) if callable(value) else value
    return missing(name)


def missing(name: str) -> Any:
    raise VariableDoesNotExist("Failed lookup for key [%s]", (name,))


def step(current: Any, bit: str) -> Any:
    """A further part of a variable: a key, an attribute or a place in a list; what can be called is called."""
    kind = type(current)
    is_by_attribute = _by_attribute.get(kind)
    if is_by_attribute is None:
        is_by_attribute = _by_attribute[kind] = not hasattr(kind, "__getitem__")
    try:
        value = getattr(current, bit) if is_by_attribute else current[bit]
    except LOOKUP_ERRORS:
        value = _other_step(current, bit, is_by_attribute=is_by_attribute)
    return call(value) if callable(value) else value


def _other_step(current: Any, bit: str, *, is_by_attribute: bool) -> Any:
    try:
        return getattr(current, bit)
    except (TypeError, AttributeError):
        if bit in dir(current):
            # A property's own error.
            raise
    try:
        return current[int(bit)]
    except (IndexError, ValueError, KeyError, TypeError):
        raise VariableDoesNotExist("Failed lookup for key [%s] in %r", (bit, current)) from None


def call(value: Any) -> Any:
    if getattr(value, "do_not_call_in_templates", False):
        return value
    if getattr(value, "alters_data", False):
        return ""
    try:
        return value()
    except TypeError:
        try:
            signature(value).bind()
        except (ValueError, TypeError):
            return ""  # it wants arguments
        raise


def failed(error: Exception, missing: Any) -> Any:
    """What a variable is that could not be read; errors that do not mean "there is none" are raised."""
    if isinstance(error, VariableDoesNotExist):
        return missing
    if getattr(error, "silent_variable_failure", False):
        return ""
    raise error


def given(error: Exception) -> Any:
    """The same for an argument of a filter: one that is missing is a mistake in the template."""
    if getattr(error, "silent_variable_failure", False):
        return ""
    raise error


def text(value: Any, context: Any) -> str:
    kind = type(value)
    if kind is SafeString:
        return value  # type: ignore[no-any-return]
    if kind is str:
        return (
            value.replace("&", "&amp;")
            .replace("<", "&lt;")
            .replace(">", "&gt;")
            .replace('"', "&quot;")
            .replace("'", "&#x27;")
        )
    return render_value_in_context(value, context)


def words(node: Any, kept: dict[Any, Any], language: str | None, context: Any) -> Any:
    """A translated sentence without variables, by language."""
    said = kept.get(language)
    if said is None:
        said = node.render(context)
        if node.asvar:
            said = context[node.asvar]
        kept[language] = said
    return said


def url(name: str, *arguments: Any) -> str:
    """The address of a page. Those without arguments, and of one row, are worked out once."""
    if not arguments:
        return _url(name, get_script_prefix(), get_urlconf())
    if len(arguments) == 1 and isinstance(arguments[0], uuid.UUID):
        return row_path(name, arguments[0])
    return reverse(name, args=arguments)


@lru_cache(maxsize=2048)
def _url(name: str, script_prefix: str, urlconf: Any) -> str:
    return reverse(name)


def csrf_field(token: Any) -> str:
    if not token or token == "NOTPROVIDED":
        return ""
    return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token)


def include(context: Any, template: Any, values: dict[str, Any], *, is_isolated: bool) -> Any:
    if is_isolated:
        return template.render(context.new(values))
    with context.push(**values):
        return template.render(context)


def loop_values(values: Any, *, is_reversed: bool) -> Any:
    if values is None:
        return ()
    if not hasattr(values, "__len__"):
        values = list(values)
    return list(reversed(values)) if is_reversed else values


NAMES: dict[str, Callable[..., Any] | type] = {
    each.__name__: each  # type: ignore[attr-defined]
    for each in (find, missing, step, call, failed, given, text, words, url, csrf_field, include, loop_values)
}
