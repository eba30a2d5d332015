"""The theme's templates, compiled so that a page is one flat function.

What Jinja would do again for each page is done once, when a template is compiled: the skeleton is filled with the
page's blocks, and the macros of components are written out where they are called. What is the same for every page of a
language (its words, the addresses of assets) is asked for once. Where that cannot be done Jinja does it as always, with
the same result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, MutableMapping, Sequence
from pathlib import Path
from types import CodeType

from jinja2 import BaseLoader, Environment, FileSystemLoader, StrictUndefined, Template, nodes
from markupsafe import Markup, escape
from pydantic_core import to_json

from keur.site.inheritance import ParsedTemplate, filled_skeleton, imported_names
from keur.site.inlining import Inliner, Macro, NotKnown, stored_names
from keur.site.printing import PrintingCode

_PAGE_NAMES = ("page", "site")
_PRINTED = "_printed"
_ANSWERED = ("t", "asset")
"""Functions that always return the same for the same text: the words of a language, the addresses of assets."""
_FUNCTIONS = (*_ANSWERED, "tn")
_ANSWER = "answer_"
"""What the names begin with under which an environment holds answers."""

Function = Callable[..., object]
CodeByName = Mapping[str, tuple[bytes, CodeType]]
KeptCode = tuple[Sequence[tuple[str, str]], CodeByName, CodeByName]
"""Calls in the order of their numbers, then the code of pages and of modules with the digests of their templates."""


class _ThemeEnvironment(Environment):
    """How templates of the theme are written."""

    code_generator_class = PrintingCode

    def __init__(self, loader: BaseLoader) -> None:
        super().__init__(
            loader=loader,
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
            cache_size=-1,
            optimized=False,  # what is constant has been found when Jinja makes its code
        )
        self.filters["any_has"] = _any_has
        self.filters["single_quoted"] = _single_quoted
        self.filters["tojson"] = _script_data


def _any_has(rows: Iterable[object], name: str) -> bool:
    """Tell whether an attribute of any of the rows has something in it."""
    return any(getattr(row, name) for row in rows)


def _single_quoted(text: str) -> Markup:
    """Return a text for an attribute in single quotes; its double quotes, of which JSON is full, stay as they are."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#39;")
    return Markup(escaped)  # noqa: S704  # nothing in it can end an attribute in single quotes


def _script_data(value: object) -> Markup:
    """Return a value as JSON for a block of data, in the order in which the view made it, without blanks.

    Nothing but a ``<`` can end such a block or change how it is read. Jinja would escape three more signs, of which
    packed columns are full. In an attribute its quotes would end it: there ``single_quoted`` stands.
    """
    return Markup(to_json(value).decode().replace("<", "\\u003c"))  # noqa: S704  # no "<" is left in it


class TemplateCode(_ThemeEnvironment):
    """The code of the theme's templates, made once for all languages and only of what is asked for.

    ``calls`` are the questions, as (function, text), whose answers the code reads from the environment that it runs in.
    """

    def __init__(self, folder: Path) -> None:
        self._files = FileSystemLoader(folder)
        super().__init__(self._files)
        self.calls: list[tuple[str, str]] = []
        self.has_grown = False
        """Whether code was made that an earlier run did not keep."""
        self._call_numbers: dict[tuple[str, str], int] = {}
        self._parsed: dict[str, ParsedTemplate] = {}
        self._pages: dict[str, CodeType] = {}
        self._modules: dict[str, CodeType] = {}

    def recall(self, kept: KeptCode | None, digests: Mapping[str, bytes]) -> None:
        """Take over code that an earlier run kept, of templates that are the same by their ``digests``."""
        if kept is None:
            return
        calls, pages, modules = kept
        for call in calls:
            self._number_of(call)
        self._pages |= {name: code for name, (digest, code) in pages.items() if digests.get(name) == digest}
        self._modules |= {name: code for name, (digest, code) in modules.items() if digests.get(name) == digest}

    def kept(self, digests: Mapping[str, bytes]) -> KeptCode:
        """Return the code that was made, as something to keep. Code with the same calls and names is the same."""
        pages = {name: (digests[name], code) for name, code in sorted(self._pages.items())}
        modules = {name: (digests[name], code) for name, code in sorted(self._modules.items())}
        return self.calls, pages, modules

    def page(self, name: str) -> CodeType:
        """Return the code of a page."""
        if name not in self._pages:
            self._pages[name] = self._page_code(name)
            self.has_grown = True
        return self._pages[name]

    def module(self, name: str) -> CodeType:
        """Return the code of a template that others import."""
        if name not in self._modules:
            tree, _ = self._written_out(self._parsed_template(name))
            self._modules[name] = self.compile(tree, name, name)
            self.has_grown = True
        return self._modules[name]

    def _page_code(self, name: str) -> CodeType:
        filled = filled_skeleton(name, self._parsed_template)
        if filled is None:
            return self.module(name)
        tree, free = self._written_out(filled)
        # Printed into a list that is joined, with the page's names looked up once.
        names = (*_PAGE_NAMES, *sorted(free.intersection(_FUNCTIONS)))
        printing: list[nodes.Node] = [
            nodes.AssignBlock(nodes.Name(_PRINTED, "store"), None, tree.body),
            nodes.Output([nodes.Name(_PRINTED, "load")]),
        ]
        given = nodes.With([nodes.Name(n, "param") for n in names], [nodes.Name(n, "load") for n in names], printing)
        return self.compile(nodes.Template([given]), name, name)

    def _parsed_template(self, name: str) -> ParsedTemplate:
        """Return a parsed template with its macros: its own and those it imports by name."""
        if name in self._parsed:
            return self._parsed[name]
        source, filename, _ = self._files.get_source(self, name)
        template = self._parsed[name] = ParsedTemplate(self._parse(source, name, filename))
        body = template.tree.body
        stored = Counter(name for node in body for name in stored_names([node]))
        for node in body:
            if isinstance(node, nodes.Macro) and stored[node.name] == 1:
                template.own[node.name] = template.macros[node.name] = Macro.of(node, template.macros)
        for node in body:
            for other, theirs, ours in imported_names(node):
                macro = self._parsed_template(other).own.get(theirs)
                if macro and stored[ours] == 1:
                    template.macros[ours] = macro
        return template

    def _written_out(self, template: ParsedTemplate) -> tuple[nodes.Template, set[str]]:
        """Return a template written out, without imports it then has no use for, and the names from outside it."""
        inliner = Inliner(_FUNCTIONS, self._answer, nodes.EvalContext(self))
        try:
            body = inliner.written_out(template.tree.body, template.macros)
        except NotKnown:
            return template.tree, set()
        tree = nodes.Template(body)
        if tree.find(nodes.Block) is None:  # what fills a block may use what its skeleton imports
            set_again = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "store"}
            tree.body = [node for node in body if not _is_idle(node, template.macros, inliner.called | set_again)]
        return tree, inliner.free

    def _answer(self, function: str, text: str) -> nodes.EnvironmentAttribute | None:
        if function not in _ANSWERED:
            return None
        return nodes.EnvironmentAttribute(f"{_ANSWER}{self._number_of((function, text))}")

    def _number_of(self, call: tuple[str, str]) -> int:
        number = self._call_numbers.setdefault(call, len(self.calls))
        if number == len(self.calls):
            self.calls.append(call)
        return number


def _is_idle(node: nodes.Node, macros: Mapping[str, Macro], used: Collection[str]) -> bool:
    """Tell whether a statement imports macros that are there, and nothing uses them."""
    names = [ours for _, _, ours in imported_names(node)]
    return bool(names) and all(name in macros and name not in used for name in names)


class LanguageTemplates(_ThemeEnvironment):
    """The theme's templates in one language. ``functions`` are what templates call ``t``, ``tn`` and ``asset``."""

    def __init__(self, code: TemplateCode, functions: Mapping[str, Function]) -> None:
        super().__init__(_CodeLoader(self))
        self.globals.update(functions)
        self._code = code
        self._functions = functions

    def page_template(self, name: str) -> Template:
        """Return a page's template, which is rendered with ``page`` and ``site`` and nothing else."""
        # One mapping and not a chain of them: it is copied for every page.
        return self._template(self._code.page(name), dict(self.make_globals(None)))

    def module_template(self, name: str, names: MutableMapping[str, object]) -> Template:
        """Return a template that another imports as it is rendered."""
        return self._template(self._code.module(name), names)

    def __getattr__(self, name: str) -> Markup:
        """Answer a call when code first reads its answer, which is then held: kept code may know calls of old."""
        if not name.startswith(_ANSWER):
            raise AttributeError(name)
        function, text = self._code.calls[int(name.removeprefix(_ANSWER))]
        answer = escape(self._functions[function](text))
        setattr(self, name, answer)
        return answer

    def _template(self, code: CodeType, names: MutableMapping[str, object]) -> Template:
        return self.template_class.from_code(self, code, names)


class _CodeLoader(BaseLoader):
    """Gives the templates of a language to Jinja."""

    def __init__(self, templates: LanguageTemplates) -> None:
        self.templates = templates

    def load(
        self,
        environment: Environment,
        name: str,
        globals: MutableMapping[str, object] | None = None,  # noqa: A002  # Jinja's name
    ) -> Template:
        """Return a template by its name."""
        names = environment.make_globals(None) if globals is None else globals
        return self.templates.module_template(name, names)
