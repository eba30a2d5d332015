"""How a template's code prints: Jinja's own code, made cheaper where most of a page's time went."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from keyword import iskeyword

import markupsafe
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape

_escaped: Callable[[str], str] = markupsafe._escape_inner  # type: ignore[attr-defined]  # noqa: SLF001
"""What ``escape`` itself calls: it makes no ``Markup`` of a text that is joined to others at once."""


def printed(value: object) -> str:
    """Return a value as HTML: escaped, unless it is HTML already."""
    if type(value) is str:
        return _escaped(value)
    return value if type(value) is Markup else str(escape(value))


class PrintingCode(CodeGenerator):
    """Jinja's code, but for two things.

    What escapes a printed value makes no ``Markup`` of it, as it is joined to text at once. An attribute is read as
    Python does, so one that is not there is an error where it is asked for; only ``is defined`` and ``default`` may
    ask for it. What the environment holds (an ``EnvironmentAttribute``) is HTML and printed as it is.
    """

    _may_be_missing = False

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802  # Jinja's name
        """Write a template's code, which finds ``printed`` among its names."""
        self.writeline(f"from {__name__} import printed")
        super().visit_Template(node, frame)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("(" if isinstance(node, nodes.EnvironmentAttribute) else "printed(")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802  # Jinja's name
        """Write the reading of an attribute."""
        is_self = isinstance(node.node, nodes.Name) and node.node.name == "self"  # whose blocks are items
        if self._may_be_missing or is_self or not node.attr.isidentifier() or iskeyword(node.attr):
            super().visit_Getattr(node, frame)
            return
        self.write("(")
        self.visit(node.node, frame)
        self.write(f").{node.attr}")

    def visit_Filter(self, node: nodes.Filter, frame: Frame) -> None:  # noqa: N802  # Jinja's name
        """Write a filter."""
        with self._missing_allowed(node.name in ("d", "default")):
            super().visit_Filter(node, frame)

    def visit_Test(self, node: nodes.Test, frame: Frame) -> None:  # noqa: N802  # Jinja's name
        """Write a test."""
        with self._missing_allowed(node.name in ("defined", "undefined")):
            super().visit_Test(node, frame)

    @contextmanager
    def _missing_allowed(self, allowed: bool) -> Iterator[None]:
        before, self._may_be_missing = self._may_be_missing, allowed or self._may_be_missing
        yield
        self._may_be_missing = before
