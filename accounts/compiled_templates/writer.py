"""Writes a list of template nodes as the source of one Python function, and compiles it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.template.base import NodeList, TextNode, Variable, VariableDoesNotExist, VariableNode
from django.template.defaulttags import (
    CommentNode,
    CsrfTokenNode,
    FirstOfNode,
    ForNode,
    IfNode,
    LoadNode,
    TemplateLiteral,
    URLNode,
    WithNode,
)
from django.template.exceptions import TemplateDoesNotExist
from django.template.library import SimpleNode
from django.template.loader_tags import IncludeNode
from django.templatetags.i18n import TranslateNode
from django.templatetags.static import StaticNode
from django.urls import NoReverseMatch
from django.utils.html import conditional_escape
from django.utils.safestring import SafeData, mark_safe
from django.utils.timezone import template_localtime
from django.utils.translation import get_language

from accounts.compiled_templates import runtime
from accounts.compiled_templates.lines import Lines, Scope, Unknown

#: A part with more lines than this is called, not written into those that include it.
LARGEST_PART = 80
COMPARISONS = {"==", "!=", "<", ">", "<=", ">=", "in", "not in", "is", "is not"}
NAMES = {
    **runtime.NAMES,
    "VariableDoesNotExist": VariableDoesNotExist,
    "NoReverseMatch": NoReverseMatch,
    "SafeData": SafeData,
    "conditional_escape": conditional_escape,
    "get_language": get_language,
    "localtime": template_localtime,
    "mark_safe": mark_safe,
}


def write(nodelist: NodeList, engine: Any) -> Callable[[Any], list[str]]:
    """A function of the context that gives the pieces of the output."""
    writer = Writer(engine)
    writer.nodes(nodelist, Scope())
    writer.flush()
    head = ["def draw(context):", "  out = []", "  add = out.append", "  language = get_language()"]
    source = "\n".join([*head, *writer.lines, "  return out"])
    names = {**NAMES, **writer.constants}
    exec(compile(source, "<template>", "exec"), names)
    draw: Callable[[Any], list[str]] = names["draw"]  # type: ignore[assignment]
    return draw


class Writer(Lines):
    """Writes nodes; ``parts`` are the templates that are being written into one another."""

    def __init__(self, engine: Any) -> None:
        super().__init__()
        self.engine = engine
        self.parts: list[str] = []

    def nodes(self, nodelist: Any, scope: Scope) -> None:
        for node in nodelist:
            known = KNOWN.get(type(node))
            before, said, depth = len(self.lines), list(self.said), self.depth
            try:
                if known is None:
                    raise Unknown
                known(self, node, scope)
            except Unknown:
                if not scope.is_told:
                    raise
                # What was begun for this node is taken back.
                del self.lines[before:]
                self.said, self.depth = said, depth
                self.leave_to_django(node, scope)

    def leave_to_django(self, node: Any, scope: Scope) -> None:
        self.needs_loop = True
        self.line(f"add({self.constant(node)}.render(context))")
        for value in vars(node).values():
            # A tag's "as name" changes the context, and the local variable would be behind it.
            if isinstance(value, str):
                scope.local.pop(value, None)

    def text(self, node: TextNode, scope: Scope) -> None:
        self.said.append(node.s)

    def nothing(self, node: Any, scope: Scope) -> None:
        pass

    def variable(self, node: VariableNode, scope: Scope) -> None:
        self.line(f"add(text({self.value(node.filter_expression, scope)}, context))")

    def translate(self, node: TranslateNode, scope: Scope) -> None:
        expression = node.filter_expression
        if expression.filters or getattr(expression.var, "lookups", None) is not None or node.noop:
            raise Unknown
        if node.message_context and node.message_context.is_var:
            raise Unknown
        said = f"words({self.constant(node)}, {self.constant({})}, language, context)"
        self.say(said, node.asvar, scope)

    def say(self, code: str, name: str | None, scope: Scope) -> None:
        """Into the output, or with "as name" into the context."""
        if name is None:
            self.line(f"add({code})")
            return
        if not scope.is_told:
            raise Unknown
        self.line(f"context[{name!r}] = {code}")
        # The local variable of that name would be behind it.
        scope.local.pop(name, None)

    def simple_tag(self, node: SimpleNode, scope: Scope) -> None:
        if node.takes_context and not scope.is_told:
            raise Unknown
        arguments = ["context"] if node.takes_context else []
        arguments += [self.value(argument, scope) for argument in node.args]
        arguments += [f"{name}={self.value(argument, scope)}" for name, argument in node.kwargs.items()]
        called = f"{self.constant(node.func)}({', '.join(arguments)})"
        self.say(called if node.target_var else f"conditional_escape({called})", node.target_var, scope)

    def url(self, node: URLNode, scope: Scope) -> None:
        if node.kwargs or node.view_name.is_var or node.view_name.filters:
            raise Unknown
        arguments = [self.value(argument, scope) for argument in node.args]
        found, name = self.name(), str(node.view_name.var)
        with self.block("try:"):
            self.line(f"{found} = url({', '.join([repr(name), *arguments])})")
        with self.block("except NoReverseMatch:"):
            self.line(f"{found} = ''" if node.asvar else "raise")
        self.say(found if node.asvar else f"conditional_escape({found})", node.asvar, scope)

    def static(self, node: StaticNode, scope: Scope) -> None:
        if node.path.is_var or node.path.filters or node.varname:
            raise Unknown
        try:
            self.said.append(conditional_escape(node.handle_simple(node.path.var)))
        except ValueError:
            # Not collected (yet): the page that names it says so, and the others are served.
            raise Unknown from None

    def csrf_token(self, node: CsrfTokenNode, scope: Scope) -> None:
        found = self.name()
        self.lookup(found, Variable("csrf_token"), scope, "failed(error, None)")
        self.line(f"add(csrf_field({found}))")

    def first_of(self, node: FirstOfNode, scope: Scope) -> None:
        found = self.name()
        self.line(f"{found} = ''")
        before = self.depth
        for expression in node.vars:
            value = self.value(expression, scope, missing="None")
            self.line(f"if {value}: {found} = text({value}, context)")
            self.line("else:")
            self.depth += 1
        self.line("pass")
        self.depth = before
        self.say(f"mark_safe({found})" if node.asvar else found, node.asvar, scope)

    def with_(self, node: WithNode, scope: Scope) -> None:
        values = {name: self.value(expression, scope) for name, expression in node.extra_context.items()}
        if not scope.is_told:
            self.nodes(node.nodelist, scope.with_names(values))
            return
        given = ", ".join(f"{name!r}: {value}" for name, value in values.items())
        self.line(f"context.push(**{{{given}}})")
        with self.block("try:"):
            self.nodes(node.nodelist, scope.with_names(values))
        with self.block("finally:"):
            self.line("context.pop()")

    def if_(self, node: IfNode, scope: Scope) -> None:
        before = self.depth
        for condition, nodelist in node.conditions_nodelists:
            if condition is None:
                self.nodes(nodelist, scope)
                self.flush()
                break
            result = self.condition(condition, scope)
            with self.block(f"if {result}:"):
                self.nodes(nodelist, scope)
            self.line("else:")
            self.depth += 1
            self.lines.append("  " * self.depth + "pass")
        self.flush()
        self.depth = before

    def condition(self, condition: Any, scope: Scope) -> str:
        """The name of a variable that is true when the condition holds."""
        result = self.name("c")
        if isinstance(condition, TemplateLiteral):
            with self.block("try:"):
                self.line(f"{result} = {self.value(condition.value, scope, missing='None')}")
            with self.block("except VariableDoesNotExist:"):
                self.line(f"{result} = None")
            return result
        with self.block("try:"):
            first = self.condition(condition.first, scope)
            if condition.id == "not":
                self.line(f"{result} = not {first}")
            elif condition.id in ("and", "or"):
                self.line(f"{result} = {first}")
                with self.block(f"if {'' if condition.id == 'and' else 'not '}{first}:"):
                    self.line(f"{result} = {self.condition(condition.second, scope)}")
            elif condition.id in COMPARISONS:
                second = self.condition(condition.second, scope)
                self.line(f"{result} = {first} {condition.id} {second}")
            else:
                raise Unknown
        with self.block("except Exception:"):
            self.line(f"{result} = False")
        return result

    def for_(self, node: ForNode, scope: Scope) -> None:
        values = self.name("s")
        items = self.value(node.sequence, scope, missing="None")
        self.line(f"{values} = loop_values({items}, is_reversed={bool(node.is_reversed)})")
        parent = self.parent_loop(scope)
        names = {name: self.name("l") for name in node.loopvars}
        loop, top, place = self.name("l"), self.name("t"), self.name("i")
        with self.told_block(top, scope):
            with self.block(f"if not len({values}):"):
                self.nodes(node.nodelist_empty, scope)
            inner = scope.with_names({**names, "forloop": loop})
            self.line(f"{loop} = {{'parentloop': {parent}}}")
            if scope.is_told:
                self.line(f"{top}['forloop'] = {loop}")
            whole, before = self.needs_loop, len(self.lines)
            self.needs_loop = False
            unpacked = ", ".join(names.values())
            head = f"for {place}, {unpacked if len(names) == 1 else f'({unpacked})'} in enumerate({values}):"
            with self.block(head):
                start = len(self.lines)
                if scope.is_told:
                    for name, local in names.items():
                        self.line(f"{top}[{name!r}] = {local}")
                self.nodes(node.nodelist_loop, inner)
            if self.needs_loop:
                count = "  " * (self.depth + 1) + f"{loop}.update(counter0={place}, counter={place} + 1, "
                count += f"revcounter=len({values}) - {place}, revcounter0=len({values}) - {place} - 1, "
                count += f"first={place} == 0, last={place} == len({values}) - 1)"
                self.lines.insert(start, count)
            assert before <= start
            self.needs_loop = whole or self.needs_loop

    def parent_loop(self, scope: Scope) -> str:
        if "forloop" in scope.local:
            self.needs_loop = True
            return scope.local["forloop"]
        return "{}" if scope.is_closed else "(context['forloop'] if 'forloop' in context else {})"

    @contextmanager
    def told_block(self, top: str, scope: Scope) -> Iterator[None]:
        """Names given here are in the context until the block ends, where nodes of Django's may ask for them."""
        if not scope.is_told:
            yield
            return
        self.line(f"{top} = context.push()")
        with self.block("try:"):
            yield
        with self.block("finally:"):
            self.line("context.pop()")

    def include(self, node: IncludeNode, scope: Scope) -> None:
        name = node.template.var
        if node.template.is_var or node.template.filters or not isinstance(name, str) or name.startswith("."):
            raise Unknown
        try:
            template = self.engine.get_template(name)
        except TemplateDoesNotExist:
            raise Unknown from None
        values = {key: self.value(expression, scope) for key, expression in node.extra_context.items()}
        if name not in self.parts and self.written_in(name, template, values, scope, is_closed=node.isolated_context):
            return
        if not scope.is_told:
            raise Unknown
        self.needs_loop = True
        given = ", ".join(f"{key!r}: {value}" for key, value in values.items())
        part, isolated = self.constant(template), bool(node.isolated_context)
        self.line(f"add(include(context, {part}, {{{given}}}, is_isolated={isolated}))")

    def written_in(self, name: str, template: Any, values: dict[str, str], scope: Scope, *, is_closed: bool) -> bool:
        """Write a part down in this place, when nothing in it needs a context."""
        local = values if is_closed else {**scope.local, **values}
        before, said, depth = len(self.lines), list(self.said), self.depth
        self.parts.append(name)
        try:
            self.nodes(template.nodelist, Scope(local, is_told=False, is_closed=is_closed or scope.is_closed))
            is_small = len(self.lines) - before <= LARGEST_PART
        except Unknown:
            is_small = False
        finally:
            self.parts.pop()
        if not is_small:
            del self.lines[before:]
            self.said, self.depth = said, depth
        return is_small


KNOWN: dict[type, Callable[[Writer, Any, Scope], None]] = {
    TextNode: Writer.text,
    CommentNode: Writer.nothing,
    LoadNode: Writer.nothing,
    VariableNode: Writer.variable,
    TranslateNode: Writer.translate,
    SimpleNode: Writer.simple_tag,
    URLNode: Writer.url,
    StaticNode: Writer.static,
    CsrfTokenNode: Writer.csrf_token,
    FirstOfNode: Writer.first_of,
    WithNode: Writer.with_,
    IfNode: Writer.if_,
    ForNode: Writer.for_,
    IncludeNode: Writer.include,
}
