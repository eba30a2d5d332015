"""The demonstration register: an invented register of real size, the same bytes each time it is written.

Products, prescriptions and places are real; holders, units, certificates and datasheets are not. Each part draws from
a stream of its own (see ``draws``). The families' texts lie in ``families/*.toml`` beside this file, where someone who
knows the field and no Python can correct them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from keur.demo.certificates import SITE, Certificate, CertificateOffice, Line, plan_lines
from keur.demo.datasheets import SheetWriter, share_out
from keur.demo.departed import Departed, Departures
from keur.demo.families import HOME, load_families, product_records, read_toml
from keur.demo.histories import EXPORT_DAY
from keur.demo.holders import Trades
from keur.demo.past import record_past
from keur.demo.writer import Record, write_mapping, write_records
from keur.ledger import FILE
from keur.loading import read_export

SHEETS = 8000
"""Datasheets in a register of ordinary size."""

SEED = 2026
"""The seed of the committed register."""

TITLE = {
    "nl": "Demonstratieregister van gecertificeerde bouwproducten",
    "fr": "Registre de démonstration des produits de construction certifiés",
    "de": "Demonstrationsregister zertifizierter Bauprodukte",
    "en": "Demonstration register of certified construction products",
}


def write_demonstration(folder: Path, *, sheets: int = SHEETS, seed: int = SEED) -> None:
    """Write a demonstration register with exactly so many datasheets, and its ledger, into a folder.

    The files are the same set for each number of sheets, so a second run leaves nothing of the first behind, nor of its
    ledger; other files in the folder (its README, the schemas) are not touched.
    """
    families = load_families()
    trades = Trades(seed)
    lines = plan_lines(seed, families, trades)
    certificates = CertificateOffice(seed).issue(lines)
    kinds: dict[str, Sequence[Record]] = {
        "systems": _catalogue("systems"),
        "products": product_records(families),
        "documents": _catalogue("documents"),
        "holders": [holder.record for holder in sorted(trades.holders, key=lambda holder: holder.id)],
        "units": [unit.record for unit in trades.units],
        "contacts": _catalogue("contacts"),
    }
    counts = {kind: len(records) for kind, records in kinds.items()}
    counts |= {"certificates": len(certificates), "datasheets": sheets}
    write_mapping(folder / "register.yaml", "./schema/register.schema.json", _register(seed, counts))
    for kind, records in kinds.items():
        write_records(folder / f"{kind}.yaml", f"./schema/{kind}.schema.json", kind, records)
    writer = SheetWriter(seed)
    _write_datasheets(folder, writer, lines, share_out(seed, lines, sheets))
    # After all that is listed: what left takes names, numbers and codes that are free then.
    departed = Departures(seed, trades, certificates, writer).draw(lines, sheets)
    for system in kinds["systems"]:
        own = [_succeeding(certificate, departed) for certificate in certificates]
        of_system = [certificate for certificate in own if certificate.key.system == system["id"]]
        _write_part(folder, "certificates", str(system["id"]), _in_number_order(of_system))
    record_past(folder, seed, read_export(folder).entries, departed)


def _write_datasheets(folder: Path, writer: SheetWriter, lines: Sequence[Line], counts: Sequence[int]) -> None:
    """Write a file for each family; ``counts`` are the sheets of each line."""
    by_family: dict[str, list[tuple[Line, int]]] = {}
    for line, count in zip(lines, counts, strict=True):
        by_family.setdefault(line.family.id, []).append((line, count))
    for family, shares in by_family.items():
        records = [record for line, count in shares for record in writer.sheets(line, count)]
        _write_part(folder, "datasheets", family, sorted(records, key=lambda record: str(record["code"])))


def _succeeding(certificate: Certificate, departed: Departed) -> Certificate:
    """Return a certificate that names the departed one whose place it took."""
    before = departed.succeeded.get(certificate.key)
    return replace(certificate, replaces=before.key) if before else certificate


def is_real(folder: Path) -> bool:
    """Tell whether a folder holds a ledger beside a register that does not say that it is a demonstration.

    An export can be written again, a ledger cannot.
    """
    if not (folder / FILE).exists():
        return False
    register = folder / "register.yaml"
    return not register.is_file() or b"\ndemonstration: true\n" not in register.read_bytes()


def _write_part(folder: Path, kind: str, name: str, records: Iterable[Record]) -> None:
    write_records(folder / kind / f"{name}.yaml", f"../schema/{kind}.schema.json", kind, records)


def _in_number_order(certificates: Iterable[Certificate]) -> list[Record]:
    return [certificate.record for certificate in sorted(certificates, key=lambda certificate: certificate.key.number)]


def _catalogue(kind: str) -> list[Record]:
    """Return the records that a catalogue holds as they stand in the export."""
    records: list[Record] = read_toml(HOME / f"{kind}.toml")[kind]
    return records


def _register(seed: int, counts: Mapping[str, int]) -> dict[str, object]:
    return {
        "schema": 1,
        "title": TITLE,
        "publisher": {
            "name": "Keur demonstration register",
            "url": SITE,
            "email": "info@register.example",
            "phone": "+32 2 000 01 00",
            "address": {"street": "Keurstraat 1", "postcode": "1000", "city": "Brussel", "country": "BE"},
        },
        "exported_at": f"{EXPORT_DAY.isoformat()}T06:00:00+01:00",
        "source": f"keur demo --sheets {counts['datasheets']}, seed {seed}",
        "demonstration": True,
        "accreditations": [{"name": "Demonstration accreditation (invented)", "number": "000-PROD"}],
        "licence": "https://creativecommons.org/licenses/by/4.0/",
        "counts": counts,
    }
