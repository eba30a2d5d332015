"""The ledger as a file: lines bound to each other by their hashes, read, checked and appended to.

A line is canonical JSON (sorted keys, no blanks, UTF-8) that begins with ``{"after":"<SHA-256 of the line before>"``;
the first comes after 64 zeros. Lines stand in groups: a line of the event ``export`` says how many changes of that
export follow it. A group is written whole or not at all: one that a crash cut short is not read, and the next recording
takes it off before it appends. Nothing else is ever written over.

Reading decodes the head of each line, up to its ``state``; states are decoded when somebody asks for them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
import sys
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from io import FileIO
from pathlib import Path
from typing import Any

from keur.model import REGISTER_ZONE, CertificateKey
from keur.numbers import is_slug
from keur.problems import KeurError, Place, Problem, RegisterError, quoted

if sys.platform != "win32":
    import fcntl

FILE = "ledger.jsonl"
SCHEMA = 1
KINDS = ("systems", "products", "documents", "holders", "units", "certificates", "datasheets")
"""The kinds that are recorded, in the order of their lines: what a record names comes before it. Contacts never are."""
NOTHING = "0" * 64
"""What the first line comes after."""

_AFTER = b'{"after":"'
_HASH_END = len(_AFTER) + 64
_STATE = b',"state":'
Key = str | CertificateKey
"""What tells the records of a kind apart."""

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")

_EVENTS = frozenset({"listed", "changed", "unlisted", "reused"})


class LedgerError(KeurError):
    """The ledger cannot be written, or holds what Keur did not write; its text says which."""


def unusable(index: int) -> LedgerError:
    """Return the error of a line whose chain holds and whose matter does not: Keur did not write it."""
    return LedgerError(f"line {index + 1} of the ledger is none that Keur wrote; take it back from where it is kept")


@dataclass(frozen=True, slots=True)
class RecordedExport:
    """An export that the ledger recorded: the place of its line, counted from 0, and its moment."""

    index: int
    moment: dt.datetime

    @property
    def day(self) -> dt.date:
        """The day of the export in the register's zone."""
        return self.moment.astimezone(REGISTER_ZONE).date()


class Ledger:
    """The lines of a ledger whose chain holds; ``torn`` tells that the file has a cut group behind ``length`` bytes."""

    def __init__(
        self,
        lines: Sequence[bytes],
        heads: Sequence[Mapping[str, Any]],
        length: int,
        *,
        torn: bool,
        is_known: bool = False,
    ) -> None:
        """``is_known`` says that a build used it before without finding a fault."""
        self._is_known = is_known
        self._lines = lines
        self._heads = heads
        self.length = length
        self.torn = torn

    def __len__(self) -> int:
        return len(self._lines)

    @property
    def head(self) -> str:
        """The hash of the last line: it vouches for every line before."""
        return self.hash_after(len(self._lines))

    @property
    def lines(self) -> Sequence[bytes]:
        """The lines as they were written, without their ends."""
        return self._lines

    @property
    def heads(self) -> Sequence[Mapping[str, Any]]:
        """What stands before the state in each line."""
        return self._heads

    def hash_after(self, count: int) -> str:
        """Return the hash that vouches for the first lines, as many as are counted."""
        return _hash(self._lines[count - 1]) if count else NOTHING

    @cached_property
    def exports(self) -> tuple[RecordedExport, ...]:
        """The recorded exports, oldest first."""
        return tuple(
            RecordedExport(index, dt.datetime.fromisoformat(head["exported_at"]))
            for index, head in enumerate(self._heads)
            if head["event"] == "export"
        )

    @cached_property
    def _export_indexes(self) -> list[int]:
        return [export.index for export in self.exports]

    def export_before(self, index: int) -> RecordedExport:
        """Return the export before the one that a line belongs to: what a line changes or ends was listed by that."""
        return self.exports[max(0, self.group_of(index) - 1)]

    def group_of(self, index: int) -> int:
        """Return the place among ``exports`` of the export that a line belongs to."""
        return bisect_right(self._export_indexes, index) - 1

    def export_of(self, index: int) -> RecordedExport:
        """Return the export that a line belongs to."""
        return self.exports[self.group_of(index)]

    @cached_property
    def histories(self) -> Mapping[str, Mapping[Any, Sequence[int]]]:
        """The lines of each record in the order in which they were recorded, by its kind and then by its key."""
        histories: dict[str, dict[Any, list[int]]] = {}
        for index, head in enumerate(self._heads):
            if head["event"] == "export":
                continue
            key = head["key"]
            of_kind = histories.setdefault(head["kind"], {})
            of_kind.setdefault(key if isinstance(key, str) else CertificateKey(*key), []).append(index)
        return defaultdict(dict, histories)

    def event(self, index: int) -> str:
        """Return what a line says: listed, changed, unlisted or reused."""
        event: str = self._heads[index]["event"]
        return event

    def line(self, index: int) -> bytes:
        """Return a line as it was written."""
        return self._lines[index]

    def slug(self, kind: str, key: Key) -> str:
        """Return the slug that a certificate or datasheet was first listed with."""
        line = self.histories[kind][key][0]
        slug: Any = self._heads[line].get("slug")
        if not self._is_known and (not isinstance(slug, str) or not is_slug(slug)):
            raise unusable(line)
        found: str = slug
        return found

    def state_bytes(self, index: int) -> bytes:
        """Return the state that a line holds as it was written; nothing where it holds none."""
        return self._lines[index].partition(_STATE)[2][:-1]

    def state(self, index: int) -> Mapping[str, Any]:
        """Return the state that a line holds. Raises ``LedgerError`` where it is none that Keur wrote."""
        try:
            state: Mapping[str, Any] = json.loads(self.state_bytes(index))
        except (ValueError, RecursionError) as error:
            raise unusable(index) from error
        if not isinstance(state, dict):
            raise unusable(index)
        return state

    def last_state_line(self, kind: str, key: Key, before: int | None = None) -> int | None:
        """Return the last line of a record that holds a state, before a line where one is given."""
        for index in reversed(self.histories[kind].get(key, ())):
            if (before is None or index < before) and self.event(index) != "unlisted":
                return index
        return None

    def is_listed(self, kind: str, key: Key) -> bool:
        """Tell whether the last recorded export listed a record."""
        history = self.histories[kind].get(key, ())
        return len(history) > 0 and self.event(history[-1]) != "unlisted"

    @cached_property
    def unlisted(self) -> Mapping[str, Set[Any]]:
        """The keys of the records that the last recorded export did not list any more, by kind."""
        return {
            kind: {key for key, lines in of_kind.items() if self.event(lines[-1]) == "unlisted"}
            for kind, of_kind in self.histories.items()
        }

    @cached_property
    def slugs(self) -> Mapping[str, Mapping[Any, str]]:
        """Every slug that was ever published, by kind and key. Raises ``LedgerError`` where two are alike."""
        return {kind: self._slugs(kind) for kind in ("certificates", "datasheets")}

    def _slugs(self, kind: str) -> dict[Any, str]:
        slugs = {key: self.slug(kind, key) for key in self.histories[kind]}
        if len(set(slugs.values())) < len(slugs):
            seen: set[str] = set()
            for key, slug in slugs.items():
                if slug in seen:
                    raise unusable(self.histories[kind][key][0])
                seen.add(slug)
        return slugs


EMPTY = Ledger((), (), 0, torn=False)


@dataclass(slots=True)
class KeptLedger:
    """A ledger that was read without a fault, for the next build: its lines need not be checked again.

    ``digest`` is that of the file's bytes, ``heads`` are those of its whole lines, as plain values, and ``length`` is
    how many bytes they take. ``at_hand`` is the ledger itself, in the process that read it. ``grown`` tells that there
    is something new to keep.
    """

    digest: bytes = b""
    heads: Sequence[Any] = ()
    length: int = 0
    at_hand: Ledger | None = None
    grown: bool = False

    def decode(self, data: bytes, shown: str) -> Ledger:
        """Return the ledger that a file's bytes hold, and keep it; as ``decode`` does."""
        digest = hashlib.blake2b(data, digest_size=32).digest()
        if digest != self.digest or self.at_hand is None:
            if digest == self.digest:
                lines = data[: self.length].split(b"\n")[: len(self.heads)]
                torn = self.length != len(data)
                self.at_hand = Ledger(lines, self.heads, self.length, torn=torn, is_known=True)
            else:
                self.at_hand = decode(data, shown)
                self.heads, self.length, self.grown = self.at_hand.heads, self.at_hand.length, True
                self.digest = digest
        return self.at_hand


def read_ledger(path: Path, shown: str | None = None, kept: KeptLedger | None = None) -> Ledger:
    """Read a ledger; ``shown`` is its path as problems show it. A file that is not there is an empty ledger.

    ``kept`` is what was kept of it, and is brought up to date. Raises ``RegisterError`` with one ``Problem``: that the
    file cannot be read, or which is the first line whose hash does not match, or that is no line of a ledger.
    """
    shown = path.as_posix() if shown is None else shown
    _refuse_links(path, shown)
    try:
        data = path.read_bytes()
        return kept.decode(data, shown) if kept else decode(data, shown)
    except FileNotFoundError:
        return EMPTY
    except OSError as error:
        raise RegisterError([Problem(Place(shown), f"cannot be read: {error.strerror}")]) from error


def decode(data: bytes, shown: str) -> Ledger:
    """Return the ledger that a file's bytes hold; see ``read_ledger``."""
    lines = data.split(b"\n")
    rest = lines.pop()  # what stands behind the last line end: nothing, or a line that was cut short
    _refuse_changed_ends(data, shown)
    after = _check_chain(lines, shown)
    _refuse_other_rest(rest, after, len(lines), shown)
    _refuse_halves(data, lines, shown)
    heads = _decode_heads(lines, shown)
    whole = _whole_groups(heads, shown)
    _refuse_other_end(lines[:whole], shown)
    length = len(data) if whole == len(lines) and data.endswith(b"\n") else sum(len(line) + 1 for line in lines[:whole])
    return Ledger(lines[:whole], heads[:whole], length, torn=length != len(data))


def encode(after: str, parts: Mapping[str, Any], state: bytes | None = None) -> bytes:
    """Return a line, without its end. ``parts`` have keys between "after" and "state"."""
    head = canonical(parts)
    tail = b"}" if state is None else _STATE + state + b"}"
    return _AFTER + after.encode() + b'",' + head[1:-1] + tail


def canonical(value: object) -> bytes:
    """Return a value as canonical JSON: keys sorted, no blanks, letters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode("utf-8")


def chained(after: str, lines: Iterable[tuple[Mapping[str, Any], bytes | None]]) -> Iterator[bytes]:
    """Yield lines, each bound to the one before it, the first to ``after``."""
    for parts, state in lines:
        line = encode(after, parts, state)
        after = _hash(line)
        yield line


@contextmanager
def appending(path: Path, shown: str) -> Iterator[tuple[Ledger, Callable[[Sequence[bytes]], None]]]:
    """Lock a ledger, and give what it holds and a function that appends a group to it.

    What a crash left of a group is taken off first. Nothing stays of a group that cannot be written whole.
    """
    _refuse_links(path, shown)
    try:
        path.touch(exist_ok=True)
        # Without a buffer: what a full disk refused would be tried again by whatever comes next, closing included.
        file = path.open("r+b", buffering=0)
    except OSError as error:
        raise LedgerError(f"the ledger {shown} cannot be written: {error.strerror}") from error
    with file:
        _lock(file, shown)
        ledger = decode(file.read(), shown)
        yield ledger, lambda lines: _append(file, ledger.length, lines, shown)


def _append(file: FileIO, end: int, lines: Sequence[bytes], shown: str) -> None:
    try:
        file.truncate(end)
        file.seek(end)
        left = memoryview(b"".join(line + b"\n" for line in lines))
        while left:
            left = left[file.write(left) :]
        os.fsync(file.fileno())
    except OSError as error:
        with suppress(OSError):  # what stays then is a cut group, which nobody reads and the next recording takes off
            file.truncate(end)
        raise LedgerError(f"the ledger {shown} cannot be written: {error.strerror}; nothing was recorded") from error


def _lock(file: FileIO, shown: str) -> None:
    """Lock the ledger for this process; the kernel lets go of it when the process ends, however it ends."""
    if sys.platform != "win32":  # no flock there: two recordings at one time are not kept apart
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LedgerError(f"another recording is writing {shown}; wait for it to end") from None


def _refuse_links(path: Path, shown: str) -> None:
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise RegisterError([Problem(Place(shown), "must be a file, no symbolic link and no folder")])


def _hash(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def _refuse_changed_ends(data: bytes, shown: str) -> None:
    """Say it plainly where a program wrote the file anew in its own way: every hash is wrong then."""
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        found = "begins with a byte order mark"
    elif data[: data.find(b"\n") + 1].endswith(b"\r\n"):
        found = "has line ends of Windows (CRLF)"
    else:
        return
    message = f"{found}: an editor or git wrote the file anew; take the ledger back from where it is kept"
    raise _refused(0, message, shown)


def _refuse_other_rest(rest: bytes, after: str, index: int, shown: str) -> None:
    """Ensure that what stands behind the last line end is a line that was cut short, and can be taken off.

    A machine that lost its power may leave zeros in its place, but never instead of a whole ledger.
    """
    begun = _AFTER + after.encode()
    if rest[:_HASH_END] != begun[: len(rest)] and (rest.strip(b"\0") or not index):
        raise _refused(index, "must be a line of a ledger; take the ledger back from where it is kept", shown)


def _refuse_other_end(lines: Sequence[bytes], shown: str) -> None:
    """Ensure that the last line is one that Keur wrote: what comes next will vouch for it, and nothing does yet."""
    if lines:
        try:
            good = canonical(json.loads(lines[-1])) == lines[-1]
        except (ValueError, RecursionError):
            good = False
        if not good:
            raise _refused(len(lines) - 1, _OF_KEUR, shown)


_OF_KEUR = "must be a line as `keur record` writes it"


def _check_chain(lines: Sequence[bytes], shown: str) -> str:
    """Ensure that each line comes after the one before it; return the hash of the last."""
    after = NOTHING.encode()
    for index, line in enumerate(lines):
        if line[len(_AFTER) : _HASH_END] != after or line[: len(_AFTER)] != _AFTER:
            raise _broken(lines, index, shown)
        after = hashlib.sha256(line).hexdigest().encode()
    return after.decode()


def _broken(lines: Sequence[bytes], index: int, shown: str) -> RegisterError:
    """Return the problem of a line that does not hold the hash of the line before it.

    Where the next line holds this one's hash, it is the line before that is not what it was.
    """
    following = lines[index + 1] if index + 1 < len(lines) else b""
    whole = following[len(_AFTER) : _HASH_END] == _hash(lines[index]).encode()
    if index and (whole or not following):
        message = (
            "must be the line that was recorded: its hash is not the one that the next line holds, so it was changed, "
            "or lines behind it were taken away or put in; take the ledger back from where it is kept"
        )
        return _refused(index - 1, message, shown)
    message = (
        "must hold the hash of the line before it: it was changed, or lines before it were taken away or put in; "
        "take the ledger back from where it is kept"
    )
    return _refused(index, message, shown)


def _refused(index: int, message: str, shown: str) -> RegisterError:
    return RegisterError([Problem(Place(shown), message, line=index + 1, column=1)])


_HALF = re.compile(rb"(?<!\\)(?:\\\\)*\\u[dD][89a-fA-F]")
"""Half a letter beyond the basic plane: JSON can hold one, no text can. Keur writes letters as they are."""


def _refuse_halves(data: bytes, lines: Sequence[bytes], shown: str) -> None:
    if b"\\ud" in data or b"\\uD" in data:
        for index, line in enumerate(lines):
            if _HALF.search(line):
                raise _refused(index, _OF_KEUR, shown)


def _decode_heads(lines: Sequence[bytes], shown: str) -> list[Mapping[str, Any]]:
    heads = [b"{" + _head(line) for line in lines]
    try:
        # All at once: a call for each line would take three times as long.
        decoded: list[Mapping[str, Any]] = json.loads(b"[" + b",".join(heads) + b"]")
    except (ValueError, RecursionError):
        decoded = []
    if len(decoded) == len(lines) and all(map(_is_head, decoded)):
        return decoded
    for index, head in enumerate(heads):
        try:
            one = json.loads(head)
        except (ValueError, RecursionError):
            one = None
        if not _is_head(one):
            raise _refused(index, _of_later_keur(one) or _OF_KEUR, shown)
    return decoded


def _of_later_keur(head: object) -> str | None:
    """Return what to say of a line that a later Keur may have written, None of any other."""
    if not isinstance(head, dict):
        return None
    schema = head.get("schema")
    if type(schema) is int and schema > SCHEMA:
        return f"is of schema {schema}, this Keur knows {SCHEMA}: a later Keur wrote it; read the ledger with that"
    for name, known in (("event", {"export", *_EVENTS}), ("kind", _KEYS)):
        value = head.get(name)
        if isinstance(value, str) and value not in known:
            return f"has the {name} {quoted(value)}, which this Keur does not know: if a later Keur wrote it, use that"
    return None


def _head(line: bytes) -> bytes:
    state = line.find(_STATE)
    return line[_HASH_END + 2 :] if state < 0 else line[_HASH_END + 2 : state] + b"}"


def _is_head(head: object) -> bool:
    if not isinstance(head, dict):
        return False
    if head.get("event") == "export":
        changes = head.get("changes")
        # True is a number to Python, and a number below nothing would never come to an end.
        is_count = type(changes) is int and changes >= 0
        return head.get("schema") == SCHEMA and is_count and _is_moment(head.get("exported_at"))
    key, kind = head.get("key"), head.get("kind")
    return head.get("event") in _EVENTS and isinstance(kind, str) and kind in _KEYS and _KEYS[kind](key)


def _is_code(key: object) -> bool:
    return isinstance(key, str)


def _is_id(key: object) -> bool:
    """Tell whether a key is an id of the export format: it becomes a part of addresses."""
    return isinstance(key, str) and _ID.fullmatch(key) is not None


def _is_pair(key: object) -> bool:
    return isinstance(key, list) and len(key) == 2 and all(isinstance(part, str) for part in key)


_KEYS = dict.fromkeys(KINDS, _is_id) | {"certificates": _is_pair, "datasheets": _is_code}


def _is_moment(text: object) -> bool:
    try:
        moment = dt.datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return False
    # The first and last days of the calendar have no day in every zone.
    return moment is not None and moment.tzinfo is not None and dt.MINYEAR < moment.year < dt.MAXYEAR


def _whole_groups(heads: Sequence[Mapping[str, Any]], shown: str) -> int:
    """Return how many lines the whole groups have; behind them stands at most one that was cut short."""
    whole = 0
    before: dt.datetime | None = None
    while whole < len(heads):
        head = heads[whole]
        if head["event"] != "export":
            raise _refused(whole, "must be the line of an export, or the export before it says too few changes", shown)
        moment = dt.datetime.fromisoformat(head["exported_at"])
        if before is not None and moment < before:
            raise _refused(whole, "must not be an export before the one that was recorded last", shown)
        before = moment
        end = whole + 1 + head["changes"]
        if end > len(heads):
            break
        for index in range(whole + 1, end):
            if heads[index]["event"] == "export":
                raise _refused(index, "must be a change: the export before it says more changes", shown)
        whole = end
    return whole
