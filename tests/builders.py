"""Records for tests, as an export holds them: each builder makes a good one, and takes what is to be different.

Scalars are text, as the reader hands them to the models. ``without`` leaves a field out.
"""

import json
from pathlib import Path
from typing import Any

from keur.model import RECORD_KINDS, Entries, Entry, Export
from keur.problems import Place

Raw = dict[str, Any]

without = object()
"""In place of a value: the field is not given."""


def _built(defaults: Raw, changes: Raw) -> Raw:
    return {name: value for name, value in {**defaults, **changes}.items() if value is not without}


def export(**changes: Any) -> Raw:
    publisher = {"name": "Tiny Certification", "url": "https://tiny.example"}
    moment = "2026-11-21T06:00:00+01:00"
    return _built({"schema": "1", "title": "Tiny register", "publisher": publisher, "exported_at": moment}, changes)


def system(**changes: Any) -> Raw:
    defaults = {"id": "benor", "name": "BENOR", "kind": "quality-mark", "owner": "Owner"}
    return _built(defaults | {"number_pattern": r"\d{2}/\d{4}"}, changes)


def characteristic(**changes: Any) -> Raw:
    return _built({"id": "tensile", "name": "Tensile strength", "unit": "kN/m", "kind": "number"}, changes)


def product(**changes: Any) -> Raw:
    defaults = {"id": "geotextile", "name": "Geotextile", "group": "Geosynthetics", "systems": ["benor"]}
    return _built(
        defaults | {"documents": ["ptv-829"], "contact": "desk", "characteristics": [characteristic()]}, changes
    )


def document(**changes: Any) -> Raw:
    defaults = {"id": "ptv-829", "kind": "ptv", "number": "PTV 829", "title": "Geotextiles"}
    return _built(defaults | {"editions": [{"edition": "3.0", "valid_from": "2019-01-01"}]}, changes)


def holder(**changes: Any) -> Raw:
    return _built({"id": "weverij", "name": "Weverij Vlierbeke", "country": "BE"}, changes)


def unit(**changes: Any) -> Raw:
    defaults = {"id": "weverij-1", "holder": "weverij", "name": "Plant 1"}
    return _built(defaults | {"address": {"city": "Leuven", "country": "BE"}}, changes)


def contact(**changes: Any) -> Raw:
    return _built({"id": "desk", "role": "Certification desk", "email": "desk@tiny.example"}, changes)


def certificate(**changes: Any) -> Raw:
    defaults = {"number": "29/0107", "system": "benor", "product": "geotextile", "holder": "weverij"}
    return _built(defaults | {"unit": "weverij-1", "valid_from": "2023-05-12", "valid_until": "2027-02-28"}, changes)


def datasheet(**changes: Any) -> Raw:
    defaults = {"code": "90012345", "certificates": [{"system": "benor", "number": "29/0107"}]}
    defaults |= {"trade_name": "Vliertex 20", "product": "geotextile", "unit": "weverij-1", "valid_from": "2023-06-01"}
    return _built(defaults | {"characteristics": [{"id": "tensile", "value": "20"}]}, changes)


def files(**changes: Any) -> Raw:
    """Return the whole tiny register by kind; a change replaces the records of a kind."""
    defaults = {
        "register": export(),
        "systems": [system()],
        "products": [product()],
        "documents": [document()],
        "holders": [holder()],
        "units": [unit()],
        "contacts": [contact()],
        "certificates": [certificate()],
        "datasheets": [datasheet()],
    }
    return _built(defaults, changes)


def entries(**changes: Any) -> Entries:
    """Return the tiny register typed, as reading gives it; ``held`` and the like may be changed as well."""
    kinds = files(**{kind: records for kind, records in changes.items() if kind in files()})
    typed = {
        kind: tuple(
            Entry(model.model_validate(record), Place(f"data/{kind}.yaml", (kind, step)))
            for step, record in enumerate(kinds.get(kind, ()))
        )
        for kind, model in RECORD_KINDS.items()
    }
    others = {name: value for name, value in changes.items() if name not in files()}
    return Entries(Export.model_validate(kinds["register"]), Place("data/register.yaml"), **typed, **others)


def write_export(folder: Path, **changes: Any) -> Path:
    """Write the tiny register into a folder, as JSON, which is YAML too. Returns the folder."""
    for kind, records in files(**changes).items():
        path = folder / (f"{kind}/all.yaml" if kind in ("certificates", "datasheets") else f"{kind}.yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        value = records if kind == "register" else {kind: records}
        path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return folder
