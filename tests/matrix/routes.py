"""Every address of the product, read from the URL confs: whoever adds a route adds it here without knowing."""

import re
from dataclasses import dataclass, field

from django.urls import get_resolver, reverse
from django.urls.resolvers import URLResolver

INSIDE = "config.organization_urls"
OUTSIDE = "config.urls"
API = "api/v1/"
#: Of ``path()`` and of regular expressions alike.
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
VERBS = METHODS[:5]


@dataclass(frozen=True)
class Route:
    """One leaf of a URL conf. ``verbs`` are the methods it does something for, with the viewset's action for each."""

    urlconf: str
    pattern: str
    name: str
    view: type
    parameters: tuple[str, ...] = ()
    verbs: dict = field(default_factory=dict, hash=False)

    @property
    def is_api(self):
        return self.pattern.startswith(API)

    @property
    def label(self):
        """How the expectation file and a failing test call it."""
        return self.name or self.pattern

    def path(self, **parameters):
        return reverse(self.name, urlconf=self.urlconf, kwargs=parameters)


def routes(urlconf=INSIDE):
    return list(_leaves(get_resolver(urlconf).url_patterns, urlconf, "", ""))


def _leaves(patterns, urlconf, prefix, namespace):
    for each in patterns:
        pattern = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            yield from _leaves(each.url_patterns, urlconf, pattern, inner)
        else:
            view = getattr(each.callback, "view_class", None) or getattr(each.callback, "cls", None) or each.callback
            name = f"{namespace}{each.name}" if each.name else ""
            parameters = tuple(PARAMETER.findall(pattern))
            yield Route(urlconf, pattern, name, view, parameters, _verbs(each.callback, view))


def _verbs(callback, view):
    """Method → action of a viewset; of a page, method → the handler's name."""
    actions = getattr(callback, "actions", None)
    if actions is None:
        named = getattr(view, "http_method_names", ["get"])
        actions = {name: name for name in named if hasattr(view, name)} if isinstance(view, type) else {"get": "get"}
    return {method.upper(): action for method, action in actions.items() if method.upper() in VERBS}
