"""A small register with what the check of a list has to get right, and the file that the browser fetches for it.

It stands in ``tests/vectors/check/register.json``, beside the texts that the tests of the browser's modules check.
After a wanted change of its form: ``.venv/bin/python -m tests.unit.check_register`` writes it anew.
"""

import tempfile
from pathlib import Path
from typing import Any

from keur.ledger import read_ledger, record, remember
from keur.model import Register
from keur.search import check_payload
from tests.builders import certificate, datasheet, document, entries, export, product, system

FILE = Path(__file__).parents[1] / "vectors" / "check" / "register.json"

SYSTEMS = [
    system(number_pattern=r"\d{2,3}/\d{4}"),
    system(id="copro", name="COPRO", number_pattern=r"\d{2,3}/\d{4}"),
    system(id="atg", name="ATG", kind="technical-approval", number_pattern=r"(ATG \d{4}|\d{2}/\d{4})"),
    system(id="copro-exe", name="COPRO.EXE", kind="execution", number_pattern=r"EXE-\d{3}"),
]
KINDS = ["benor", "copro", "atg", "copro-exe"]
CERTIFICATES = [
    certificate(),
    certificate(number="29/0108", valid_until="2026-05-31"),
    certificate(number="29/0108", system="copro"),
    certificate(number="124/0003", status_events=[{"date": "2026-02-01", "status": "suspended"}]),
    certificate(number="ATG 2753", system="atg"),
    certificate(number="11/2019", system="atg"),
    certificate(number="EXE-103", system="copro-exe"),
]
GONE = [certificate(number="29/0109")]
SHEETS = [
    datasheet(),
    datasheet(code="90012346", certificates=[{"system": "benor", "number": "29/0108"}]),
    datasheet(code="90023451", valid_until="2026-03-31"),
    datasheet(code="00123456"),
]
GONE_SHEETS = [datasheet(code="90019999")]


def series() -> list[dict[str, Any]]:
    """Return the records of two exports; the second lost what is gone."""
    common = {"systems": SYSTEMS, "products": [product(systems=KINDS)], "documents": [document()]}
    return [
        {"register": export(exported_at=f"{day}T06:00:00+01:00"), "certificates": held, "datasheets": sheets, **common}
        for day, held, sheets in (
            ("2026-01-05", [*CERTIFICATES, *GONE], [*SHEETS, *GONE_SHEETS]),
            ("2026-11-21", CERTIFICATES, SHEETS),
        )
    ]


def register(folder: Path) -> Register:
    """Return the register, as the recorded exports left it."""
    for records in series():
        last = entries(**records)
        record(folder, last)
    return Register(last, remember(read_ledger(folder / "ledger.jsonl"), last))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as recorded:
        FILE.write_bytes(check_payload(register(Path(recorded)))["check.json"] + b"\n")
