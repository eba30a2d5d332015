"""GTINs lead to datasheets: ten small files, ``gtins/<last digit>.json``, of which a lookup fetches one.

``gtins`` are 14 digits each, zeros in front, in ascending order; ``sheets`` are the datasheets that bear them, by place
among all datasheets in the order of rows. ``theme/static/js/gtins.js`` reads them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from keur.model import Datasheet

_LENGTH = 14


def gtin_payload(sheets: Iterable[tuple[int, Datasheet]]) -> dict[str, bytes]:
    """Return the files, empty ones too, so that nobody asks for one that is not there."""
    by_digit: dict[str, list[tuple[str, int]]] = {digit: [] for digit in "0123456789"}
    for place, sheet in sheets:
        if sheet.gtin:
            by_digit[sheet.gtin[-1]].append((sheet.gtin.zfill(_LENGTH), place))
    return {f"gtins/{digit}.json": _encoded(sorted(borne)) for digit, borne in by_digit.items()}


def _encoded(borne: Iterable[tuple[str, int]]) -> bytes:
    told = list(borne)
    columns = {"gtins": [gtin for gtin, _ in told], "sheets": [place for _, place in told]}
    return json.dumps(columns, separators=(",", ":")).encode()
