"""Parsed templates, and the skeleton of a page with the page's blocks in it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from jinja2 import nodes

from keur.site.inlining import Body, Macro, stored_names


@dataclass(frozen=True, slots=True)
class ParsedTemplate:
    """A parsed template. ``macros`` are all that its names mean, ``own`` those that it defines itself."""

    tree: nodes.Template
    macros: dict[str, Macro] = field(default_factory=dict)
    own: dict[str, Macro] = field(default_factory=dict)


def imported_names(node: nodes.Node) -> Iterator[tuple[str, str, str]]:
    """Yield what a statement imports: the template, and the name as that template and as this one call it."""
    if isinstance(node, nodes.FromImport) and isinstance(node.template, nodes.Const) and not node.with_context:
        for name in node.names:
            theirs, ours = (name, name) if isinstance(name, str) else name
            yield node.template.value, theirs, ours


def filled_skeleton(name: str, parsed: Callable[[str], ParsedTemplate]) -> ParsedTemplate | None:
    """Return a page's template as its skeleton filled with its blocks, None where only Jinja can do that.

    That is so for ``super()``, ``self``, required and scoped blocks, blocks within loops, templates chosen as a page
    is rendered, statements around a page's blocks that do something, and names that mean two things in one chain.
    """
    chain = _chain(name, parsed)
    if chain is None:
        return None
    *children, skeleton = chain
    blocks: dict[str, Body] = {}
    for template in chain:
        own = list(template.tree.find_all(nodes.Block))
        if len({block.name for block in own}) < len(own) or any(block.required or block.scoped for block in own):
            return None
        if any(name.name in ("self", "super") for name in template.tree.find_all(nodes.Name)):
            return None
        for block in own:
            blocks.setdefault(block.name, block.body)
    macros = _macros_together(chain)
    if macros is None or not all(_only_defines(template.tree.body) for template in children):
        return None
    defined = [node for t in children for node in t.tree.body if isinstance(node, nodes.FromImport | nodes.Macro)]
    tree = nodes.Template([*defined, *_with_blocks(skeleton.tree.body, blocks)])
    return None if any(tree.find_all((nodes.Block, nodes.Extends))) else ParsedTemplate(tree, macros)


def _chain(name: str, parsed: Callable[[str], ParsedTemplate]) -> list[ParsedTemplate] | None:
    """Return a template and those above it, the skeleton last."""
    chain = [parsed(name)]
    while extends := [node for node in chain[-1].tree.body if isinstance(node, nodes.Extends)]:
        if len(extends) > 1 or not isinstance(extends[0].template, nodes.Const):
            return None
        above = parsed(extends[0].template.value)
        if any(above is template for template in chain):
            return None
        chain.append(above)
    return chain


def _macros_together(chain: Sequence[ParsedTemplate]) -> dict[str, Macro] | None:
    """Return what names mean in templates that become one, None where one of them means two things."""
    macros: dict[str, Macro] = {}
    others: set[str] = set()
    for template in chain:
        for name in stored_names(template.tree.body):
            macro = template.macros.get(name)
            if macro is None:
                others.add(name)
            elif macros.setdefault(name, macro) is not macro:
                return None
    return None if others & macros.keys() else macros


def _only_defines(body: Body) -> bool:
    """Tell whether what stands around a template's blocks sets nothing; what it prints there is never seen."""
    for node in body:
        if isinstance(node, nodes.Output):
            if not all(isinstance(part, nodes.TemplateData) for part in node.nodes):
                return False
        elif not isinstance(node, nodes.Extends | nodes.Block | nodes.Macro | nodes.FromImport):
            return False
    return True


def _with_blocks(body: Sequence[nodes.Node], blocks: Mapping[str, Body]) -> Body:
    """Return a skeleton's body with its blocks filled; those within loops are left."""
    filled: Body = []
    for node in body:
        if isinstance(node, nodes.Block):
            inner = _with_blocks(blocks[node.name], blocks)
            # What a block sets ends with it.
            filled.extend([nodes.Scope(inner)] if stored_names(inner) else inner)
        elif isinstance(node, nodes.If):
            new = copy.copy(node)
            new.body, new.else_ = _with_blocks(node.body, blocks), _with_blocks(node.else_, blocks)
            new.elif_ = [branch for branch in _with_blocks(node.elif_, blocks) if isinstance(branch, nodes.If)]
            filled.append(new)
        else:
            filled.append(node)
    return filled
