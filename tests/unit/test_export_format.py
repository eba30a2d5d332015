"""The reference of the export format lists every field and every rule, as the code has them."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from keur.checks import RULES
from keur.loading.schema import schema_of
from keur.model import RECORD_KINDS, Export

PAGE = Path(__file__).parents[2] / "docs" / "export-format.md"
FILES = {"register": Export, **RECORD_KINDS}
MANY = ("certificates", "datasheets")


def _type(field: dict[str, Any]) -> str:
    """Say what a field takes, in the words of the page's table of types."""
    if "title" in field:
        return str(field["title"])
    if "$ref" in field:
        return f"[{_name(field['$ref'])}](#{_name(field['$ref']).replace(' ', '-')})"
    if "anyOf" in field:
        return " or ".join(_type(option) for option in field["anyOf"] if option != {"type": "null"})
    if field.get("type") == "array":
        return f"list of: {_type(field['items'])}"
    return ", ".join(f"`{value}`" for value in field["enum"])


def _name(reference: str) -> str:
    words = re.sub(r"(?<!^)(?=[A-Z])", " ", reference.rpartition("/")[2])
    return words.lower()


def _table(part: dict[str, Any], parts: dict[str, Any]) -> Iterator[str]:
    yield "| field | type | |"
    yield "|---|---|---|"
    for name, field in sorted(part["properties"].items(), key=lambda item: item[0] not in part.get("required", ())):
        mark = "!" if name in part.get("required", ()) else ""
        shown = _type(field)
        for enum, values in parts.items():
            if "enum" in values:
                shown = shown.replace(f"[{_name(enum)}](#{_name(enum).replace(' ', '-')})", _type(values))
        described = field.get("description") or parts[field["$ref"].rpartition("/")[2]]["description"]
        yield f"| `{name}`{mark} | {shown} | {described} |"
    yield ""


def _tables() -> str:
    lines: list[str] = []
    shared: dict[str, Any] = {}
    for kind, model in FILES.items():
        schema = schema_of(model)
        parts = schema.pop("$defs", {})
        file = f"{kind}/**/*.yaml" if kind in MANY else f"{kind}.yaml"
        lines += [f"### {kind}", "", f"`{file}`. {schema['description']}", ""]
        lines += _table(schema, parts)
        shared |= {name: (part, parts) for name, part in parts.items() if name not in shared}
    for name, (part, parts) in sorted(shared.items()):
        if "enum" in part:
            continue
        # A reference that may be an id alone: its mapping is the last of the two.
        mapping = part["anyOf"][-1] if "anyOf" in part else part
        lines += [f"### {_name(name)}", "", mapping["description"], "", *_table(mapping, parts)]
    return "\n".join(lines)


def _rules() -> str:
    ensured = [" ".join((rule.__doc__ or "").split()).removeprefix("Ensure that ").rstrip(".") for rule in RULES]
    warnings = [text for text in ensured if "warning" in text]
    errors = [text for text in ensured if "warning" not in text]
    rows = [f"| {text[0].upper()}{text[1:]}. |" for text in errors]
    warned = [
        f"| {text[0].upper()}{text[1:]}. |" for text in (re.sub(r" \([^()]*warning[^()]*\)", "", w) for w in warnings)
    ]
    table = ["| errors |", "|---|", *rows, "", "| warnings |", "|---|", *warned, ""]
    return "\n".join(table).replace("``", "`")


def _filled(page: str, name: str, content: str) -> str:
    pattern = re.compile(rf"(<!-- {name}: [^>]*-->\n).*?(<!-- end of {name} -->)", re.DOTALL)
    assert pattern.search(page)
    return pattern.sub(lambda found: f"{found[1]}\n{content}\n{found[2]}", page)


def test_the_reference_lists_every_field_and_rule(golden: Callable[[Path, str], None]) -> None:
    page = PAGE.read_text(encoding="utf-8")
    golden(PAGE, _filled(_filled(page, "tables", _tables()), "rules", _rules()))


def test_the_reference_explains_every_type() -> None:
    page = PAGE.read_text(encoding="utf-8")
    types = page.partition("## Types of fields")[2].partition("## Records")[0]
    titles = set(re.findall(r'"title": "([^"]+)"', str(_all_schemas()).replace("'", '"')))
    assert [title for title in sorted(titles) if title not in types and title != "1"] == []


def _all_schemas() -> list[dict[str, Any]]:
    return [schema_of(model) for model in FILES.values()]


def test_every_link_of_the_reference_leads_to_a_heading() -> None:
    page = PAGE.read_text(encoding="utf-8")
    headings = {heading.lower().replace(" ", "-") for heading in re.findall(r"^#+ (.+)$", page, re.MULTILINE)}
    assert set(re.findall(r"\]\(#([^)]+)\)", page)) <= headings
