"""Jinja's syntax trees written out: macros where they are called, constants where they are known.

A tree is never changed: a new one is made, which prints the same. Names keep their meaning: a macro's parameters become
variables of a scope of their own (``with``), and a macro that uses a name which means something else where it is called
stays a call. So does a call that is recursive or wrong (it fails when it is made, as before), and one whose macro
holds a statement that is not known here.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

from jinja2 import UndefinedError, nodes

NodeT = TypeVar("NodeT", bound=nodes.Node)
Body = list[nodes.Node]
Known = nodes.Const | nodes.EnvironmentAttribute
"""What may stand for a name wherever it is used: a constant, or what the environment holds."""
Answers = Callable[[str, str], nodes.EnvironmentAttribute | None]
"""Given a function's name and a text, says where its answer is held; None for what does not always answer alike."""

_MACRO_SPECIALS = frozenset({"caller", "kwargs", "varargs"})


class NotKnown(Exception):  # noqa: N818  # no error: it ends the attempt to write out a part
    """A statement whose meaning is not known here."""


class Macro(NamedTuple):
    """A macro with what its template's names mean, which is read when a call is written out.

    ``stored`` are the names that it binds anywhere; ``special`` ones use what Jinja gives beside their parameters.
    """

    node: nodes.Macro
    names: Mapping[str, Macro]
    stored: frozenset[str]
    special: bool

    @classmethod
    def of(cls, node: nodes.Macro, names: Mapping[str, Macro]) -> Macro:
        """Return what is to be known of a macro."""
        special = any(name.name in _MACRO_SPECIALS for name in node.find_all(nodes.Name))
        stored = {name.name for part in node.body for name in _with_parts(part, nodes.Name) if name.ctx != "load"}
        return cls(node, names, frozenset(stored | stored_names(node.body)), special)


class _Scope(NamedTuple):
    """What names mean at a place: ``known`` are constants and macros, ``hidden`` all other names bound around it."""

    known: Mapping[str, Known | Macro]
    hidden: frozenset[str] = frozenset()

    def hide(self, names: Iterable[str]) -> _Scope:
        gone = frozenset(names)
        if not gone:
            return self
        return _Scope({name: what for name, what in self.known.items() if name not in gone}, self.hidden | gone)

    def learn(self, known: Mapping[str, Known]) -> _Scope:
        return _Scope({**self.known, **known}, self.hidden - known.keys())

    def is_free(self, name: str) -> bool:
        return name not in self.known and name not in self.hidden


class Inliner:
    """Writes out the parts of one template.

    ``functions`` are the globals of templates, ``answers`` tells what some of them return. After the work ``free``
    holds the names that come from outside, ``called`` those of macros that are still called.
    """

    def __init__(
        self,
        functions: Iterable[str],
        answers: Answers,
        eval_ctx: nodes.EvalContext,
        calls: tuple[nodes.Macro, ...] = (),
    ) -> None:
        self.functions = frozenset(functions)
        self.answers = answers
        self.eval_ctx = eval_ctx
        self.calls = calls
        self.free: set[str] = set()
        self.called: set[str] = set()

    def written_out(self, body: Body, macros: Mapping[str, Macro]) -> Body:
        """Return a template's body, in which ``macros`` are known. Raises NotKnown."""
        return self._body(body, _Scope(dict(macros)), keep=macros)

    # --- statements ------------------------------------------------------------------------------------------------

    def _body(self, body: Body, scope: _Scope, keep: Iterable[str] = ()) -> Body:
        scope = scope.hide(stored_names(body) - frozenset(keep))
        return joined(part for node in body for part in self._statement(node, scope))

    def _statement(self, node: nodes.Node, scope: _Scope) -> Body:
        match node:
            case nodes.Output():
                return [part for child in node.nodes for part in self._printed(child, scope)]
            case nodes.If():
                return self._branches([(node.test, node.body), *((n.test, n.body) for n in node.elif_)], node, scope)
            case nodes.For():
                return self._loop(node, scope)
            case nodes.With():
                inner = scope.hide(stored_names(node.targets))
                values = [self._expression(value, scope) for value in node.values]
                return [_changed(node, values=values, body=self._body(node.body, inner))]
            case nodes.Scope() | nodes.Block():
                return [_changed(node, body=self._body(node.body, scope))]
            case nodes.AssignBlock(filter=None):
                return [_changed(node, body=self._body(node.body, scope))]
            case nodes.Macro():
                inner = scope.hide(argument.name for argument in node.args)
                defaults = [self._expression(default, inner) for default in node.defaults]
                return [_changed(node, defaults=defaults, body=self._body(node.body, inner))]
            case nodes.Assign() | nodes.ExprStmt() | nodes.Import() | nodes.FromImport():
                return [self._expression(node, scope)]
        raise NotKnown(type(node).__name__)

    def _branches(self, branches: list[tuple[nodes.Node, Body]], node: nodes.If, scope: _Scope) -> Body:
        """Write out what follows the first test; one that is known leaves a single branch."""
        if not branches:
            return self._same_scope(node.else_, scope)
        (test, body), *others = branches
        test = self._expression(test, scope)
        if isinstance(test, nodes.Const):
            return self._same_scope(body, scope) if test.value else self._branches(others, node, scope)
        rest = self._branches(others, node, scope)
        return [nodes.If(test, self._same_scope(body, scope), [], rest, lineno=node.lineno)]

    def _same_scope(self, body: Body, scope: _Scope) -> Body:
        return joined(part for node in body for part in self._statement(node, scope))

    def _loop(self, node: nodes.For, scope: _Scope) -> Body:
        if node.recursive:
            raise NotKnown("a recursive loop")
        items = self._expression(node.iter, scope)
        if isinstance(items, nodes.Const) and not items.value:
            return self._body(node.else_, scope)
        inner = scope.hide((*stored_names([node.target]), "loop"))
        return [
            _changed(
                node,
                iter=items,
                test=self._expression(node.test, inner) if node.test else None,
                body=self._body(node.body, inner),
                else_=self._body(node.else_, scope),
            )
        ]

    # --- what is printed -------------------------------------------------------------------------------------------

    def _printed(self, node: nodes.Expr, scope: _Scope) -> Body:
        if isinstance(node, nodes.CondExpr) and node.expr2 is not None:
            test = self._expression(node.test, scope)
            if isinstance(test, nodes.Const):
                return self._printed(node.expr1 if test.value else node.expr2, scope)
            return [nodes.If(test, self._printed(node.expr1, scope), [], self._printed(node.expr2, scope))]
        if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name):
            body = self._macro_written_out(node, node.node.name, scope)
            if body is not None:
                return body
        return [nodes.Output([self._expression(node, scope)], lineno=node.lineno)]

    def _macro_written_out(self, call: nodes.Call, name: str, scope: _Scope) -> Body | None:
        """Return what a macro's call prints, None where it must stay a call."""
        macro = scope.known.get(name)
        if not isinstance(macro, Macro) or macro.special or any(macro.node is called for called in self.calls):
            return None
        given = _arguments(macro.node, call)
        # A name that is bound in a part of the macro may mean something else in the rest of it.
        if given is None or macro.stored & (self.functions | macro.names.keys()):
            return None
        values = {name: self._expression(value, scope) for name, value in given.items()}
        known = {n: value for n, value in values.items() if isinstance(value, Known) and n not in macro.stored}
        others = {name: value for name, value in values.items() if name not in known}
        inner = Inliner(self.functions, self.answers, self.eval_ctx, (*self.calls, macro.node))
        meaning = _Scope(dict(macro.names)).hide(others).learn(known)
        try:
            body = inner._body(macro.node.body, meaning)
        except NotKnown:
            return None
        if inner.called or not all(name in self.functions and scope.is_free(name) for name in inner.free):
            return None
        self.free |= inner.free
        if not others:
            return [nodes.Scope(body)] if stored_names(body) else body
        targets = [nodes.Name(name, "param") for name in others]
        return [nodes.With(targets, list(others.values()), body, lineno=call.lineno)]

    # --- expressions -----------------------------------------------------------------------------------------------

    def _expression(self, node: Any, scope: _Scope) -> Any:
        """Return a node of any kind with the expressions in it written out; what is known becomes a ``Known``."""
        if isinstance(node, nodes.Name):
            return self._name(node, scope)
        if isinstance(node, nodes.Call):
            answer = self._answer(node, scope)
            if answer is not None:
                return answer
        parts: dict[str, Any] = {}
        for name, value in node.iter_fields():
            if isinstance(value, nodes.Node):
                parts[name] = self._expression(value, scope)
            elif isinstance(value, list):
                parts[name] = [self._expression(v, scope) if isinstance(v, nodes.Node) else v for v in value]
        new = _changed(node, **parts)
        if isinstance(new, nodes.Expr) and not isinstance(new, nodes.Const | nodes.TemplateData):
            try:
                return nodes.Const.from_untrusted(new.as_const(self.eval_ctx), lineno=new.lineno)
            except (nodes.Impossible, UndefinedError):
                pass
        return new

    def _name(self, node: nodes.Name, scope: _Scope) -> nodes.Name | Known:
        if node.ctx == "load":
            known = scope.known.get(node.name)
            if isinstance(known, Known):
                return known
            if known is not None:
                self.called.add(node.name)
            elif scope.is_free(node.name):
                self.free.add(node.name)
        return nodes.Name(node.name, node.ctx, lineno=node.lineno)

    def _answer(self, call: nodes.Call, scope: _Scope) -> nodes.EnvironmentAttribute | None:
        """Return where a call's answer is held, None where it must be asked for each time."""
        if not isinstance(call.node, nodes.Name) or not scope.is_free(call.node.name) or len(call.args) != 1:
            return None
        if call.kwargs or call.dyn_args or call.dyn_kwargs:
            return None
        argument = self._expression(call.args[0], scope)
        if not isinstance(argument, nodes.Const) or not isinstance(argument.value, str):
            return None
        return self.answers(call.node.name, argument.value)


def joined(body: Iterable[nodes.Node]) -> Body:
    """Join neighbours that print."""
    made: Body = []
    for node in body:
        if isinstance(node, nodes.Output) and made and isinstance(made[-1], nodes.Output):
            made[-1] = nodes.Output([*made[-1].nodes, *node.nodes], lineno=made[-1].lineno)
        else:
            made.append(node)
    return made


def stored_names(body: Iterable[nodes.Node]) -> set[str]:
    """Return the names that a body binds in its own scope, not those of scopes within it."""
    names: set[str] = set()
    for node in body:
        match node:
            case nodes.Name(ctx="store" | "param"):
                names.add(node.name)
            case nodes.Macro():
                names.add(node.name)
            case nodes.Import():
                names.add(node.target)
            case nodes.FromImport():
                names.update(name if isinstance(name, str) else name[1] for name in node.names)
            case nodes.AssignBlock():
                names |= stored_names([node.target])
            case nodes.For() | nodes.With() | nodes.Scope() | nodes.Block():
                continue
            case _:
                names |= stored_names(node.iter_child_nodes())
    return names


def _arguments(macro: nodes.Macro, call: nodes.Call) -> dict[str, nodes.Expr] | None:
    """Return each parameter of a macro with its argument or constant default, None where the call does not fit."""
    parameters = [argument.name for argument in macro.args]
    if call.dyn_args or call.dyn_kwargs or len(call.args) > len(parameters):
        return None
    given: dict[str, nodes.Expr] = dict(zip(parameters, call.args, strict=False))
    for keyword in call.kwargs:
        if keyword.key not in parameters or keyword.key in given:
            return None
        given[keyword.key] = keyword.value
    with_default = parameters[len(parameters) - len(macro.defaults) :]
    for name, default in zip(with_default, macro.defaults, strict=True):
        if name not in given:
            if any(_with_parts(default, nodes.Name)):
                return None
            given[name] = default
    return given if given.keys() == set(parameters) else None


def _changed(node: NodeT, /, **fields: object) -> NodeT:
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


def _with_parts(node: nodes.Node, kind: type[NodeT]) -> Iterator[NodeT]:
    if isinstance(node, kind):
        yield node
    yield from node.find_all(kind)
