"""Publishing to S3-compatible storage, where files can only be replaced one by one.

Readers never get a page whose scripts, styles or search data are not there: those go up first and, named by their
content, stay beside those of the releases before. Then go records, then what leads to them; deletions come last. Two
objects below the prefix remember what stands there:

- ``.keur/manifest.json``: the last release that was finished, with its facts, the digest of each file, and the files
  that earlier releases left for their readers;
- ``.keur/lock.json``: the release that is going up and what it changes, in order, with how many of those are done.

A publisher writes the lock before it touches a page, on the condition that nobody else has since it looked. So a run
that was cut short leaves a list of what it may have changed, which the next run puts right, whatever it brings.
"""

from __future__ import annotations

import importlib
import json
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from keur.publishing.changes import changes_between, upload_stage
from keur.publishing.headers import headers_for
from keur.publishing.release import Facts, FinishedSite, PublishError
from keur.publishing.target import RELEASES_KEPT, Standing
from keur.site.settings import Progress
from keur.urls import is_hashed

MANIFEST = ".keur/manifest.json"
LOCK = ".keur/lock.json"

_BEAT = 20.0
"""Seconds after which a publisher at work writes the lock again, with how far it is."""
_LEASE = 40.0
"""Seconds after its last beat from which a publisher sends nothing more: it may have been taken for dead."""
_PATIENCE = 60.0
"""Seconds without a beat after which a publisher is taken for dead."""
_POLL = 5.0
_WORKERS = 16
_DELETE_AT_ONCE = 1000
_KEPT_WITH_OBJECT = {
    "Cache-Control": "CacheControl",
    "Content-Disposition": "ContentDisposition",
    "Content-Encoding": "ContentEncoding",
    "Content-Language": "ContentLanguage",
    "Content-Type": "ContentType",
}
"""Headers that an object carries, by the name that S3's client gives them; a CDN or proxy adds the others."""

Files = Mapping[str, str | None]
"""Digests by name; None where it is not known what stands there."""


@dataclass(frozen=True, slots=True)
class _Manifest:
    """The last finished release. ``carried`` holds, newest first, what each earlier release left for its readers."""

    id: str
    facts: Facts
    files: dict[str, str]
    carried: tuple[dict[str, str | None], ...]
    last_changes: tuple[str, ...]

    def as_bytes(self) -> bytes:
        raw = {
            "release": self.facts.as_json() | {"id": self.id},
            "files": self.files,
            "carried": self.carried,
            "last_changes": self.last_changes,
        }
        return _json(raw)

    @classmethod
    def from_bytes(cls, content: bytes) -> _Manifest:
        raw = json.loads(content)
        facts = Facts.from_json(raw["release"])
        return cls(raw["release"]["id"], facts, raw["files"], tuple(raw["carried"]), tuple(raw["last_changes"]))


@dataclass(frozen=True, slots=True)
class _Lock:
    """A release on its way. ``steps`` are its changes in order, None for a file to delete; ``owner`` tells runs apart.

    Of the first ``done`` steps it is known that they were taken; a lock without steps keeps nobody out.
    """

    release: str = ""
    owner: str = ""
    steps: tuple[tuple[str, str | None], ...] = ()
    done: int = 0

    def as_bytes(self) -> bytes:
        return _json({"release": self.release, "owner": self.owner, "done": self.done, "steps": self.steps})

    @classmethod
    def from_bytes(cls, content: bytes) -> _Lock:
        raw = json.loads(content)
        return cls(raw["release"], raw["owner"], tuple((name, digest) for name, digest in raw["steps"]), raw["done"])


@dataclass(frozen=True, slots=True)
class _Seen:
    """Both objects as they were read, with their ETags, None where there is none yet."""

    manifest: _Manifest | None = None
    manifest_tag: str | None = None
    lock: _Lock = _Lock()
    lock_tag: str | None = None

    def files(self) -> dict[str, str | None]:
        """Return every file that may stand in the bucket because of Keur."""
        files: dict[str, str | None] = {}
        if self.manifest is not None:
            for carried in reversed(self.manifest.carried):
                files |= carried
            files |= self.manifest.files
        for number, (name, digest) in enumerate(self.lock.steps):
            if number >= self.lock.done:
                files[name] = None
            elif digest is None:
                files.pop(name, None)
            else:
                files[name] = digest
        return files

    def own_files(self) -> dict[str, str | None]:
        """Return those of them that are not merely left for the readers of earlier releases."""
        own = self.manifest.files if self.manifest is not None else {}
        started = {name for name, digest in self.lock.steps if digest is not None or not is_hashed(name)}
        return {name: digest for name, digest in self.files().items() if name in own or name in started}


class BucketTarget:
    """A bucket, or what is below a prefix of one. ``client`` is boto3's, ``keep`` how many releases' files stay.

    ``say`` is told why it waits; ``patience`` is how many seconds it watches another publisher before it goes on.
    """

    def __init__(
        self,
        client: Any,
        bucket: str,
        prefix: str = "",
        keep: int = RELEASES_KEPT,
        say: Callable[[str], None] = lambda _: None,
        patience: float = _PATIENCE,
    ) -> None:
        self.client = client
        self.bucket = bucket
        self.prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self.keep = keep
        self.say = say
        self.patience = patience
        self._seen = _Seen()

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}"

    def standing(self) -> Standing:
        """Return what the manifest and the lock tell of the bucket."""
        with self._naming_faults():
            self._seen = seen = self._look()
        unfinished = tuple(sorted(dict(seen.lock.steps)))
        if seen.manifest is None:
            return Standing(files=seen.own_files(), unfinished=unfinished)
        # Where a run was cut short, what stands there is no release, even if its manifest was written.
        finished = None if seen.lock.steps else seen.manifest.id
        return Standing(finished, seen.manifest.facts, seen.own_files(), seen.manifest.last_changes, unfinished)

    @contextmanager
    def held(self) -> Iterator[Standing]:
        """Remember what stands there: ``put`` goes on only while nobody else has changed it."""
        yield self.standing()

    def put(self, site: FinishedSite, facts: Facts, progress: Progress) -> None:
        """Send what changed, in its order, then the manifest, then delete what no kept release has."""
        with self._naming_faults():
            seen = self._seen
            if seen.lock.steps and seen.lock.release != site.id:
                self._watch(seen)
            puts, deletes, manifest = self._steps(seen, site, facts)
            if seen.manifest is not None and seen.manifest.id == site.id and not seen.lock.steps:
                return
            steps = (*puts, *((name, None) for name in deletes))
            holding = _Holding(self, _Lock(site.id, secrets.token_hex(8), steps), seen.lock_tag)
            for part in _in_stages(puts):
                self._send(site, part, holding, lambda done: progress(done, len(steps)))
            try:
                self.put_if(MANIFEST, manifest.as_bytes(), seen.manifest_tag)
            except _LostRaceError:
                raise holding.lost() from None
            for start in range(0, len(deletes), _DELETE_AT_ONCE):
                names = deletes[start : start + _DELETE_AT_ONCE]
                self._delete(names)
                holding.advance(len(names))
                progress(holding.done, len(steps))
            holding.release()

    def read(self, name: str) -> bytes:
        """Return a file below the prefix."""
        with self._naming_faults():
            found = self.get(name)
        if found is None:
            raise PublishError(f"{self}{name} is gone")
        return found[0]

    # --- what stands there ------------------------------------------------------------------------------------------

    def _look(self) -> _Seen:
        lock = self.get(LOCK)
        manifest = self.get(MANIFEST)
        try:
            return _Seen(
                _Manifest.from_bytes(manifest[0]) if manifest else None,
                manifest[1] if manifest else None,
                _Lock.from_bytes(lock[0]) if lock else _Lock(),
                lock[1] if lock else None,
            )
        except (KeyError, TypeError, ValueError) as error:
            raise PublishError(f"{self}.keur/ holds what is no manifest and lock of Keur: {error}") from error

    def _watch(self, seen: _Seen) -> None:
        """Wait until it is sure that the publisher of a lock is dead. Raises ``PublishError`` where it is at work."""
        self.say(f"a publish of another release did not end: looking for {self.patience:g} s whether it is at work")
        end = time.monotonic() + self.patience
        while time.monotonic() < end:
            time.sleep(min(_POLL, self.patience))
            lock = self.get(LOCK)
            if lock is None or lock[1] != seen.lock_tag:
                raise PublishError(f"another publish to {self} is at work; wait for it to end")

    def _steps(
        self, seen: _Seen, site: FinishedSite, facts: Facts
    ) -> tuple[list[tuple[str, str]], list[str], _Manifest]:
        """Return what to send in order, what to delete, and the manifest that holds afterwards."""
        standing = seen.files()
        puts = [(name, digest) for name, digest in site.files.items() if standing.get(name) != digest]
        puts.sort(key=lambda put: (upload_stage(put[0]), put[0]))
        carried: list[Files] = list(seen.manifest.carried) if seen.manifest else []
        changes = set(changes_between(seen.own_files(), site.files).names) | {name for name, _ in seen.lock.steps}
        same = seen.manifest is not None and seen.manifest.id == site.id
        if not same or (seen.lock.steps and seen.lock.release != site.id):
            # Also what a run that was cut short had sent: it may be on pages that readers opened since.
            carried.insert(0, {name: digest for name, digest in seen.own_files().items() if is_hashed(name)})
        left = tuple(
            {name: digest for name, digest in files.items() if name not in site.files}
            for files in carried[: max(1, self.keep - 1)]
        )
        kept = site.files.keys() | {name for files in left for name in files}
        manifest = _Manifest(site.id, facts, dict(site.files), left, tuple(sorted(changes)))
        return puts, sorted(standing.keys() - kept), manifest

    # --- sending ----------------------------------------------------------------------------------------------------

    def _send(
        self, site: FinishedSite, puts: Sequence[tuple[str, str]], holding: _Holding, progress: Callable[[int], None]
    ) -> None:
        """Send files, some at a time, and return when all are there."""
        waiting: deque[Future[None]] = deque()
        with ThreadPoolExecutor(_WORKERS) as pool:
            try:
                for name, _ in puts:
                    waiting.append(pool.submit(self._send_file, site, name, holding))
                    if len(waiting) >= 4 * _WORKERS:
                        holding.await_sent(waiting.popleft())
                        progress(holding.done)
                while waiting:
                    holding.await_sent(waiting.popleft())
                    progress(holding.done)
            finally:
                pool.shutdown(cancel_futures=True)

    def _send_file(self, site: FinishedSite, name: str, holding: _Holding) -> None:
        content = site.read(name)
        headers = headers_for(name)
        kept = {_KEPT_WITH_OBJECT[header]: value for header, value in headers.items() if header in _KEPT_WITH_OBJECT}
        holding.check_lease()
        self.client.put_object(Bucket=self.bucket, Key=self.prefix + name, Body=content, **kept)

    def _delete(self, names: Sequence[str]) -> None:
        objects = [{"Key": self.prefix + name} for name in names]
        answer = self.client.delete_objects(Bucket=self.bucket, Delete={"Objects": objects, "Quiet": True})
        for error in answer.get("Errors", ()):
            raise PublishError(f"cannot delete {error.get('Key')} from {self}: {error.get('Message')}; run it again")

    # --- the two objects --------------------------------------------------------------------------------------------

    def get(self, key: str) -> tuple[bytes, str] | None:
        """Return an object and its ETag, None where there is none."""
        try:
            answer = self.client.get_object(Bucket=self.bucket, Key=self.prefix + key)
        except _client_error() as error:
            if error.response["Error"].get("Code") == "NoSuchKey":
                return None
            raise
        return answer["Body"].read(), answer["ETag"]

    def put_if(self, key: str, content: bytes, tag: str | None) -> str:
        """Write an object if it is still the one of an ETag, or still absent; return its new ETag.

        Raises ``_LostRaceError`` where somebody else wrote it.
        """
        condition = {"IfNoneMatch": "*"} if tag is None else {"IfMatch": tag}
        arguments = {"ContentType": "application/json", "CacheControl": "no-store", **condition}
        try:
            answer = self.client.put_object(Bucket=self.bucket, Key=self.prefix + key, Body=content, **arguments)
        except _client_error() as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] not in (404, 409, 412):
                raise
            # A request whose answer was lost is sent again, and then finds what it wrote itself.
            found = self.get(key)
            if found is not None and found[0] == content:
                return found[1]
            raise _LostRaceError from error
        return str(answer["ETag"])

    @contextmanager
    def _naming_faults(self) -> Iterator[None]:
        try:
            yield
        except _client_error() as error:
            raise PublishError(f"cannot publish to {self}: {error.response['Error'].get('Message')}") from error
        except importlib.import_module("botocore.exceptions").BotoCoreError as error:
            raise PublishError(f"cannot publish to {self}: {error}") from error


class _LostRaceError(Exception):
    """Somebody else wrote the object first."""


class _Holding:
    """The lock while it is ours: taken at once, written again from time to time, given back at the end."""

    def __init__(self, target: BucketTarget, lock: _Lock, tag: str | None) -> None:
        self.target = target
        self.lock = lock
        self.done = 0
        try:
            self.tag = target.put_if(LOCK, lock.as_bytes(), tag)
        except _LostRaceError:
            raise PublishError(f"another publish to {target} began first; nothing was changed, run it again") from None
        self.beaten = time.monotonic()

    def advance(self, steps: int) -> None:
        """Count steps that were taken; say so in the lock when it is time."""
        self.done += steps
        if time.monotonic() - self.beaten > _BEAT:
            self._write(replace(self.lock, done=self.done))

    def await_sent(self, sent: Future[None]) -> None:
        """Wait for the next step, however long its file takes to send."""
        while not wait([sent], timeout=_BEAT / 4).done:
            self.advance(0)
        sent.result()
        self.advance(1)

    def check_lease(self) -> None:
        """Raise ``PublishError`` where this process slept so long that another may have taken over."""
        if time.monotonic() - self.beaten > _LEASE:
            raise self.lost()

    def release(self) -> None:
        """Give the lock back."""
        self._write(_Lock(self.lock.release, self.lock.owner))

    def _write(self, lock: _Lock) -> None:
        try:
            self.tag = self.target.put_if(LOCK, lock.as_bytes(), self.tag)
        except _LostRaceError:
            raise self.lost() from None
        self.beaten = time.monotonic()

    def lost(self) -> PublishError:
        """Return the error of a publisher that was taken for dead."""
        return PublishError(f"another publish to {self.target} took over; look at what it says, then run this again")


def _in_stages(puts: Iterable[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    """Yield files in lists: those of one are all there before the first of the next is sent."""
    for _, part in groupby(puts, key=lambda put: upload_stage(put[0])):
        yield list(part)


def _json(raw: Any) -> bytes:
    return json.dumps(raw, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _client_error() -> Any:
    return importlib.import_module("botocore.exceptions").ClientError


def s3_client(endpoint: str | None) -> Any:
    """Return boto3's client, which finds keys and region where it always does; ``endpoint`` is another store's."""
    try:
        boto3 = importlib.import_module("boto3")
    except ImportError:
        raise PublishError("publishing to s3:// needs boto3: pip install boto3") from None
    config = importlib.import_module("botocore.config").Config(
        connect_timeout=10,
        read_timeout=_BEAT,
        max_pool_connections=_WORKERS,
        retries={"max_attempts": 5, "mode": "standard"},
    )
    try:
        return boto3.client("s3", endpoint_url=endpoint, config=config)
    except (importlib.import_module("botocore.exceptions").BotoCoreError, ValueError) as error:
        raise PublishError(f"cannot reach the store: {error}") from error
