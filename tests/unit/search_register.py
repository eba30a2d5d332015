"""A small register with one of everything that search has to get right, and the search data made of it.

The data stand in ``tests/vectors/payload/``, where the tests of the browser's modules read them. After a wanted
change of their form: ``.venv/bin/python -m tests.unit.search_register`` writes them anew.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path

from keur.model import (
    Certificate,
    Datasheet,
    Document,
    Entries,
    Entry,
    Export,
    Holder,
    Product,
    Register,
    System,
    Unit,
)
from keur.problems import Place
from keur.search.entries import Indexing, indexed_records
from keur.search.payload import FileSizes, merge

FOLDER = Path(__file__).parents[1] / "vectors" / "payload"
LANGUAGES = ("nl", "fr")

PLACE = Place("register.yaml")

SYSTEMS = [
    {"id": "atg", "name": "ATG", "kind": "technical-approval", "owner": "A"},
    {"id": "benor", "name": "BENOR", "kind": "quality-mark", "owner": "B"},
    {"id": "copro", "name": "COPRO", "kind": "quality-mark", "owner": "C"},
]
GROUPS = {
    "geo": {"nl": "Geokunststoffen", "fr": "Géosynthétiques", "en": "Geosynthetics"},
    "pipes": {"nl": "Buizen en riolering", "fr": "Tuyaux", "en": "Pipes and sewers"},
}
PRODUCTS = [
    {
        "id": "clay-pipe",
        "name": {"nl": "Gresbuizen", "fr": "Tuyaux en grès", "de": "Steinzeugrohre", "en": "Vitrified clay pipes"},
        "group": GROUPS["pipes"],
        "systems": ["benor"],
        "documents": ["ptv-895"],
        "characteristics": [
            {"id": "nominal-diameter", "name": {"nl": "Diameter DN", "fr": "Diamètre DN"}, "kind": "number"},
        ],
    },
    {
        "id": "geotextile",
        "name": {"nl": "Geotextiel", "fr": "Géotextile", "de": "Geotextil", "en": "Geotextile"},
        "group": GROUPS["geo"],
        "systems": ["atg", "benor", "copro"],
        "documents": ["ptv-829"],
        "synonyms": {"nl": ["vlies", "filterdoek"], "fr": ["feutre"]},
        "characteristics": [
            {"id": "tensile-strength", "name": {"nl": "Treksterkte", "fr": "Résistance à la traction"}}
            | {"unit": "kN/m", "kind": "number", "filterable": "true"},
            {"id": "polymer", "name": "Polymer", "kind": "choice", "filterable": "true"},
        ],
    },
    {
        "id": "road-concrete",
        "name": {"fr": "Béton routier", "de": "Straßenbeton"},
        "group": "Beton",
        "systems": ["benor", "copro"],
    },
]
DOCUMENTS = [
    {"id": "ptv-829", "kind": "ptv", "number": "PTV 829", "title": {"nl": "Geotextiel: technische voorschriften"}},
    {"id": "ptv-895", "kind": "ptv", "number": "PTV 895-1", "title": {"nl": "Gresbuizen, technische voorschriften"}},
]
HOLDERS = [
    {"id": "fayt", "name": "Ateliers Fayt SA", "country": "BE", "address": {"city": "Liège", "country": "BE"}},
    {"id": "script", "name": "<script>alert(1)</script>", "country": "BE"},
    {
        "id": "vlierbeke",
        "name": "Vlierbeke Geo NV",
        "country": "BE",
        "address": {"city": "Gent", "country": "BE"},
        "former_names": [{"name": "Textilia Ganda", "until": "2019-12-31"}],
    },
]
UNITS = [
    {"id": "u-aachen", "holder": "fayt", "name": "Werk Ost", "address": {"city": "Aachen", "country": "DE"}},
    {"id": "u-gent", "holder": "vlierbeke", "name": "Haven"}
    | {"address": {"postcode": "9042", "city": "Gent", "country": "BE"}},
    {"id": "u-liege", "holder": "fayt", "name": "Usine 2", "address": {"city": "Liège", "country": "BE"}},
    {"id": "u-nowhere", "holder": "script", "name": "Site", "address": {"city": "Nergens", "country": "ZZ"}},
]
DATES = {"valid_from": "2023-05-12", "valid_until": "2027-02-28"}
CERTIFICATES = [
    {"system": "benor", "number": "29/0107", "product": "geotextile", "holder": "vlierbeke", "unit": "u-gent", **DATES},
    {"system": "copro", "number": "29/0107", "product": "geotextile", "holder": "fayt", "unit": "u-liege", **DATES},
    {"system": "benor", "number": "29/0108", "product": "geotextile", "holder": "fayt", "unit": "u-aachen", **DATES},
    {"system": "benor", "number": "1/23", "product": "clay-pipe", "holder": "fayt", "unit": "u-liege", **DATES},
    {"system": "benor", "number": "1-23", "product": "clay-pipe", "holder": "script", "unit": "u-nowhere", **DATES},
    {"system": "benor", "number": "BENOR 50/0001", "product": "road-concrete", "holder": "fayt", "unit": "u-liege"}
    | {"valid_from": "1965-01-01"},
    {
        "system": "atg",
        "number": "NO 3157",
        "product": "geotextile",
        "holder": "vlierbeke",
        "unit": "u-gent",
        "other_units": ["u-aachen"],
        "title": {"fr": "Système Drainex"},
        **DATES,
        "status_events": [
            {"date": "2024-03-01", "status": "suspended", "precision": "month"},
            {"date": "2026-12-01", "status": "withdrawn"},
        ],
    },
    {
        "system": "copro",
        "number": "٣٤/١٢",
        "product": "road-concrete",
        "holder": "script",
        "unit": "u-nowhere",
        **DATES,
    },
    {"system": "copro", "number": "---", "product": "road-concrete", "holder": "fayt", "unit": "u-liege", **DATES},
]
DATASHEETS = [
    {
        "code": "90012345",
        "trade_name": "Demotex S20",
        "product": "geotextile",
        "unit": "u-gent",
        "gtin": "9520900123454",
    }
    | {"certificates": [{"system": "benor", "number": "29/0107"}], **DATES}
    | {"characteristics": [{"id": "tensile-strength", "value": "20"}, {"id": "polymer", "value": "PET"}]},
    {"code": "90012346", "trade_name": "Demotex S30", "product": "geotextile", "unit": "u-aachen"}
    | {"certificates": [{"system": "benor", "number": "29/0107"}, {"system": "copro", "number": "29/0107"}], **DATES}
    | {"characteristics": [{"id": "tensile-strength", "min": "25.5", "max": "30"}, {"id": "polymer", "value": "PP"}]},
    {"code": "90023456", "trade_name": "Gresline DN 600 K", "product": "clay-pipe", "unit": "u-liege"}
    | {"certificates": [{"system": "benor", "number": "1/23"}], **DATES}
    | {"characteristics": [{"id": "nominal-diameter", "value": "450"}]},
    {"code": "7-01", "trade_name": "Filterdoek Gent", "product": "geotextile", "unit": "u-liege"}
    | {"certificates": [{"system": "copro", "number": "29/0107"}], **DATES, "conforms_to": ["ptv-895"]},
]


def register(*, turned: bool = False) -> Register:
    """Return the small register; its datasheets and certificates turned round where that is wanted."""
    turn = -1 if turned else 1
    export = Export.model_validate(
        {
            "schema": "1",
            "title": "A small register",
            "publisher": {
                "name": "P",
                "url": "https://register.example",
                "address": {"city": "Brussel", "country": "BE"},
            },
            "exported_at": "2026-11-21T06:00:00+01:00",
        }
    )
    return Register(
        Entries(
            export,
            PLACE,
            systems=tuple(Entry(System.model_validate(record), PLACE) for record in SYSTEMS),
            products=tuple(Entry(Product.model_validate(record), PLACE) for record in PRODUCTS),
            documents=tuple(Entry(Document.model_validate(record), PLACE) for record in DOCUMENTS),
            holders=tuple(Entry(Holder.model_validate(record), PLACE) for record in HOLDERS),
            units=tuple(Entry(Unit.model_validate(record), PLACE) for record in UNITS),
            certificates=tuple(Entry(Certificate.model_validate(record), PLACE) for record in CERTIFICATES[::turn]),
            datasheets=tuple(Entry(Datasheet.model_validate(record), PLACE) for record in DATASHEETS[::turn]),
        )
    )


def payload() -> Mapping[str, bytes]:
    """Return the search data of the small register, in files that hold hardly anything, so that there are several."""
    indexing = Indexing(register(), LANGUAGES)
    return merge(indexing, map(indexing.entry, indexed_records(indexing.register)), FileSizes(sheets=2, terms=60))


def unpacked(text: str) -> list[int]:
    """Return the numbers of a packed column: what the browser reads, said once more."""
    signs = "".join(chr(code) for code in range(0x20, 0x7F) if chr(code) not in '"\\')
    numbers, before = [], 0
    for sign in map(signs.index, text):
        if sign < 73:
            numbers.append(before * 73 + sign)
            before = 0
        else:
            before = before * 20 + sign - 72
    return numbers


if __name__ == "__main__":
    shutil.rmtree(FOLDER, ignore_errors=True)
    for name, content in payload().items():
        (FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / name).write_bytes(content)
