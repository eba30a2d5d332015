"""``keur publish``: a site built, checked against what is public, put in its place, and its export recorded.

The export is recorded last: the ledger says what was public, so nothing may be in it that was refused or failed. A run
that is cut short between the two leaves a public release that knows how far the ledger reaches with it, and whose own
copy of the ledger holds the lines that are lacking: the next run, of whatever export, writes those first.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from keur.building import load_entries, tell_recorded
from keur.keys import KeyFileError
from keur.ledger import (
    FILE,
    LINES_A_PART,
    Head,
    LedgerError,
    Recorded,
    Recording,
    RewrittenError,
    catch_up,
    plan_recording,
    read_ledger,
    recording,
    remember,
)
from keur.model import Entries, Register
from keur.problems import KeurError
from keur.publishing import (
    DROP_PERCENT,
    HOSTS,
    RELEASES_KEPT,
    FolderTarget,
    Keys,
    Plan,
    PublishError,
    Standing,
    Target,
    attested,
    check_drop,
    check_host,
    facts_of,
    load_signer,
    names_bucket,
    open_target,
    plan,
    publish,
    purge_list,
    read_site,
    vouched_by,
)
from keur.sources import UseError, confirmed_reuse, public_keys_of, shown_path
from keur.terminal import progress, say, say_error
from keur.urls import Urls, file_of, ledger_part


def run(parsed: argparse.Namespace, settings: Mapping[str, Any], build: Callable[[], int]) -> int:
    """Publish the site that ``build`` makes, and record its export; return the exit code."""
    if parsed.host and parsed.host not in HOSTS:
        raise UseError(f"--host knows {', '.join(sorted(HOSTS))}; found {parsed.host}")
    keep = settings.get("KEUR_RELEASES_KEPT", RELEASES_KEPT)
    ledger = _LedgerOf(Path(settings["KEUR_DATA"]))
    if parsed.roll_back:
        return _roll_back(parsed, settings, keep, ledger)
    try:
        keys = _keys(parsed, settings)
    except KeyFileError as error:
        raise UseError(str(error)) from error
    target = open_target(parsed.to, parsed.endpoint, keep, say)
    lacking = ledger.catch_up(target, keys, parsed.confirm_ledger, dry=parsed.dry_run)
    if not parsed.no_build and (code := build()):
        return code
    built = read_site(Path(settings["OUTPUT_PATH"]))
    entries = load_entries(settings)
    with ledger.recording(entries, confirmed_reuse(settings), dry=parsed.dry_run) as (recording_, write):
        register = Register(entries, remember(recording_.ledger, entries))
        head = recording_.head
        facts = replace(facts_of(register), ledger=head)
        built.check_export(facts)
        site = attested(built, register.export, Urls(settings["SITEURL"]).site_url, head, recording_.parts(), keys)
        for warning in check_host(site, parsed.host) if parsed.host else ():
            say_error(f"keur: warning: {warning}")

        def check(standing: Standing, planned: Plan) -> None:
            if lacking and parsed.no_build and not planned.published_already:
                raise PublishError(
                    "the publish before was cut short before it was recorded; build again, without --no-build"
                )
            percent = settings.get("KEUR_DROP_PERCENT", DROP_PERCENT)
            check_drop(standing.facts, facts, percent, parsed.confirm_drop)
            # Before anything changes: a run that is cut short afterwards leaves the list it made necessary.
            _write_lists(parsed, settings, site.id, planned)

        if parsed.dry_run:
            standing = target.standing()
            planned = plan(standing, site)
            for line in planned.changes.lines():
                say(line)
            say(f"{target} would have {planned.changes}")
            check(standing, planned)
            return 0
        with progress("files") as tell:
            planned = publish(site, facts, target, check, tell)
        try:
            recorded = write()
        except LedgerError as error:
            raise PublishError(f"release {site.id[:12]} at {target} is public, but {error}; run it again") from error
    done = "was public already" if planned.published_already else f"is public: {planned.changes}"
    say(f"release {site.id[:12]} at {target} {done}")
    tell_recorded(recorded)
    return 0


def _keys(parsed: argparse.Namespace, settings: Mapping[str, Any]) -> Keys:
    named = str(parsed.sign or settings.get("KEUR_SIGNING_KEY") or "")
    return Keys.of(load_signer(Path(named)) if named else None, public_keys_of(settings))


@dataclass(frozen=True, slots=True)
class _LedgerOf:
    """The ledger beside an export, which follows what is public."""

    folder: Path

    @contextmanager
    def recording(
        self, entries: Entries, confirmed: tuple[str, ...], *, dry: bool
    ) -> Iterator[tuple[Recording, Callable[[], Recorded]]]:
        """Give what the export adds to the ledger, and what writes it; nothing can be written of a dry run."""
        if dry:
            planned = plan_recording(self.folder, entries, confirmed, shown_path(self.folder))
            yield planned, lambda: planned.recorded
            return
        with recording(self.folder, entries, confirmed, shown_path(self.folder)) as given:
            yield given

    def catch_up(self, target: Target, keys: Keys, confirmed: str | None = None, *, dry: bool = False) -> int:
        """Record what is public and is not in the ledger; return how many lines were lacking.

        Whoever holds the host can put lines there. So they are taken only where the public manifest is signed by one of
        the keys; without keys they are taken, and that is said. Raises ``PublishError`` where the public ledger is
        another one, unless the hash of this one is confirmed, and where nobody vouches for what it has more, unless its
        own hash is.
        """
        facts = target.standing().facts
        head = facts.ledger if facts else None
        if head is None:
            return 0

        def read() -> bytes:
            count = -(-head.lines // LINES_A_PART)
            return b"".join(target.read(file_of(ledger_part(number))) for number in range(1, count + 1))

        try:
            lacking = catch_up(self.folder, head, read, shown_path(self.folder), dry=True)
        except RewrittenError as error:
            own = read_ledger(self.folder / FILE, f"{shown_path(self.folder)}/{FILE}").head[:12]
            if confirmed == own:
                return 0
            raise PublishError(
                f"{error}; take the ledger back from where it is kept, or put it together from ledger/ of the public"
                f" site. To go on with this one, which no manifest before vouches for: --confirm-ledger {own}"
            ) from error
        warrant = self._warrant(target, head, keys, confirmed) if lacking else ""
        if lacking and not dry:
            catch_up(self.folder, head, read, shown_path(self.folder))
            say(f"{lacking} lines of the public ledger that {shown_path(self.folder)}/{FILE} lacked are recorded now")
            say(warrant) if keys.public else say_error(f"keur: warning: {warrant}")
        return lacking

    def _warrant(self, target: Target, head: Head, keys: Keys, confirmed: str | None) -> str:
        """Return what speaks for the lines of the public ledger. Raises ``PublishError`` where nothing does."""
        told = head.hash[:12]
        if not keys.public:
            return f"nobody signs this register: whoever can write to {target} can have put them there"
        if confirmed == told:
            return "they were confirmed, whatever vouches for them"
        try:
            return f"they are signed by the key {vouched_by(target, head, keys).fingerprint}"
        except PublishError as error:
            raise PublishError(
                f"the public ledger has lines that {shown_path(self.folder)}/{FILE} lacks, and {error}; take the ledger"
                f" back from where it is kept. To take the lines of the public one: --confirm-ledger {told}"
            ) from error


def _roll_back(parsed: argparse.Namespace, settings: Mapping[str, Any], keep: int, ledger: _LedgerOf) -> int:
    if names_bucket(parsed.to):
        raise UseError("--roll-back is for folders; to storage, publish the export before once more")
    target = FolderTarget(Path(parsed.to), keep)
    try:
        ledger.catch_up(target, _keys(parsed, settings))
    except KeurError as error:
        # What is public is wrong, or nobody would roll back: a ledger at fault is no reason to leave it there.
        say_error(f"keur: warning: {error}")
    with progress("files") as tell:
        names = target.roll_back(tell)
    if parsed.purge_list:
        _write_list(parsed.purge_list, purge_list(names, Urls(settings["SITEURL"])))
    say(f"{target} is back at the release before: {len(names)} files differ; the ledger keeps what it recorded")
    return 0


def _write_lists(parsed: argparse.Namespace, settings: Mapping[str, Any], release: str, planned: Plan) -> None:
    if parsed.purge_list:
        _write_list(parsed.purge_list, purge_list(planned.purge, Urls(settings["SITEURL"])))
    if parsed.json:
        report = {"release": release, "published_already": planned.published_already, **planned.changes.as_json()}
        _write_list(parsed.json, json.dumps(report, ensure_ascii=False, indent=1) + "\n")


def _write_list(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UseError(f"cannot write {path}: {error.strerror}") from error
