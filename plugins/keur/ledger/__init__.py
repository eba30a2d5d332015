"""The register's memory: an append-only file of what each export listed, changed and no longer listed.

``record`` appends to it, ``remember`` tells a build what it knows, ``read_ledger`` checks its chain of hashes;
``differences`` compares two exports. ``docs/ledger.md`` describes the file.
"""

from keur.ledger.chain import EMPTY, FILE, Ledger, LedgerError, read_ledger
from keur.ledger.difference import Difference, differences
from keur.ledger.recording import Recorded, numbers_used_again, older_exports, record
from keur.ledger.remembering import remember

__all__ = [
    "EMPTY",
    "FILE",
    "Difference",
    "Ledger",
    "LedgerError",
    "Recorded",
    "differences",
    "numbers_used_again",
    "older_exports",
    "read_ledger",
    "record",
    "remember",
]
