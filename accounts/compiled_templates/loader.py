"""Loads templates as Django does and lets them be drawn by functions. Pages with the code in them stay trees."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.template import Template, engines
from django.template.base import NodeList
from django.template.loaders import cached
from django.utils.safestring import SafeString

from accounts.compiled_templates.writer import KNOWN, write


class Loader(cached.Loader):
    def get_template(self, template_name: str, skip: Any = None) -> Template:
        template = super().get_template(template_name, skip)
        if not isinstance(template.nodelist, CompiledNodeList) and not self.engine.debug:
            compile_children(template)
        return template


def compile_product(folder: Path) -> None:
    """Every template of a folder now, so that no visitor waits for it and the web's processes share the functions."""
    for path in sorted(folder.rglob("*.html")):
        template = engines["django"].engine.get_template(str(path.relative_to(folder)))  # type: ignore[attr-defined]
        for nodelist in nodelists(template):
            nodelist.draw = write(nodelist, template.engine)


def nodelists(owner: Any) -> Iterator["CompiledNodeList"]:
    """Those that are drawn by themselves: what is written into one of them is not."""
    for value in vars(owner).values():
        if isinstance(value, CompiledNodeList):
            yield value
            for node in value:
                if type(node) not in KNOWN:
                    yield from nodelists(node)


class CompiledNodeList(NodeList):
    """Nodes that are written down as a function when they are first drawn."""

    draw: Any = None

    def render(self, context: Any) -> SafeString:
        if not context.autoescape:
            # Plain-text mails: rare, and every rule of output is another one.
            return super().render(context)
        if self.draw is None:
            self.draw = write(self, context.template.engine)
        return SafeString("".join(self.draw(context)))


def compile_children(owner: Any) -> None:
    """Put compiled lists of nodes in the place of the plain ones, at a template or a node and below."""
    for name, value in list(vars(owner).items()):
        if type(value) is NodeList:
            compiled = CompiledNodeList(value)
            setattr(owner, name, compiled)
            for node in compiled:
                compile_children(node)
    for _condition, nodelist in getattr(owner, "conditions_nodelists", ()):
        for node in nodelist:
            compile_children(node)
