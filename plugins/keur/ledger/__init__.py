"""The register's memory: an append-only file of what each export listed, changed and no longer listed.

``record`` appends to it, ``remember`` tells a build what it knows, ``read_ledger`` checks its chain of hashes;
``differences`` compares two exports. ``docs/ledger.md`` describes the file.
"""

from keur.ledger.chain import EMPTY, FILE, KeptLedger, Ledger, LedgerError, decode, read_ledger
from keur.ledger.difference import Difference, differences
from keur.ledger.kept_changes import KeptChanges
from keur.ledger.parts import LINES_A_PART, Head, RewrittenError, first_difference, head_of, holds
from keur.ledger.recording import (
    Recorded,
    Recording,
    catch_up,
    numbers_used_again,
    older_exports,
    plan_recording,
    record,
    recording,
)
from keur.ledger.remembering import remember
from keur.ledger.traces import KeptTraces

__all__ = [
    "EMPTY",
    "FILE",
    "LINES_A_PART",
    "Difference",
    "Head",
    "KeptChanges",
    "KeptLedger",
    "KeptTraces",
    "Ledger",
    "LedgerError",
    "Recorded",
    "Recording",
    "RewrittenError",
    "catch_up",
    "decode",
    "differences",
    "first_difference",
    "head_of",
    "holds",
    "numbers_used_again",
    "older_exports",
    "plan_recording",
    "read_ledger",
    "record",
    "recording",
    "remember",
]
