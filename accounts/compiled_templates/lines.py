"""Lines of Python for template expressions: variables with their filters, each ending in a variable of its own."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.template.base import FilterExpression, Variable
from django.utils.safestring import mark_safe


class Unknown(Exception):
    """A node, or a way of using it, that is left to Django."""


@dataclass(frozen=True)
class Scope:
    """Which template variables stand in which local ones.

    ``is_told``: the context knows them too, for nodes that Django draws. ``is_closed``: there are no others.
    """

    local: dict[str, str] = field(default_factory=dict)
    is_told: bool = True
    is_closed: bool = False

    def with_names(self, names: dict[str, str]) -> "Scope":
        return Scope({**self.local, **names}, self.is_told, self.is_closed)


class Lines:
    """What has been written so far, and the constants that it names."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.constants: dict[str, Any] = {}
        self.depth = 1
        self.said: list[str] = []
        self.numbers = itertools.count()
        self.needs_loop = False

    def line(self, code: str) -> None:
        self.flush()
        self.lines.append("  " * self.depth + code)

    def flush(self) -> None:
        """Write the text that has come together."""
        said, self.said = "".join(self.said), []
        if said:
            self.lines.append("  " * self.depth + f"add({said!r})")

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        self.line(head)
        self.depth += 1
        before = len(self.lines)
        yield
        self.flush()
        if len(self.lines) == before:
            self.lines.append("  " * self.depth + "pass")
        self.depth -= 1

    def name(self, letter: str = "v") -> str:
        return f"{letter}{next(self.numbers)}"

    def constant(self, value: Any) -> str:
        name = self.name("k")
        self.constants[name] = value
        return name

    def value(self, expression: FilterExpression, scope: Scope, missing: str = "''") -> str:
        """The name of a variable with the expression's value."""
        if not isinstance(expression, FilterExpression):
            raise Unknown
        found = self.name()
        if expression.is_var:
            self.lookup(found, expression.var, scope, f"failed(error, {missing})")
        else:
            self.line(f"{found} = {self.constant(expression.var)}")
        for function, arguments in expression.filters:
            found = self.filtered(found, function, arguments, scope)
        return found

    def lookup(self, found: str, variable: Variable, scope: Scope, on_error: str) -> None:
        if variable.lookups is None:
            self.line(f"{found} = {self.constant(variable.resolve({}))}")
            return
        if variable.translate:
            raise Unknown
        first, *others = variable.lookups
        if first == "forloop":
            self.needs_loop = True
        if first in scope.local:
            local = scope.local[first]
            code = f"(call({local}) if callable({local}) else {local})"
        elif first in ("True", "False", "None"):
            code = first
        else:
            code = f"missing({first!r})" if scope.is_closed else f"find(context, {first!r})"
        for bit in others:
            code = f"step({code}, {bit!r})"
        with self.block("try:"):
            self.line(f"{found} = {code}")
        with self.block("except Exception as error:"):
            self.line(f"{found} = {on_error}")

    def filtered(self, found: str, function: Any, arguments: Any, scope: Scope) -> str:
        given = []
        for is_variable, argument in arguments:
            name = self.name()
            if is_variable:
                self.lookup(name, argument, scope, "given(error)")
            else:
                self.line(f"{name} = {self.constant(mark_safe(argument))}")
            given.append(name)
        if getattr(function, "expects_localtime", False):
            self.line(f"{found} = localtime({found}, context.use_tz)")
        if getattr(function, "needs_autoescape", False):
            given.append("autoescape=True")
        result = self.name()
        self.line(f"{result} = {self.constant(function)}({', '.join([found, *given])})")
        if getattr(function, "is_safe", False):
            self.line(f"if isinstance({found}, SafeData): {result} = mark_safe({result})")
        return result
