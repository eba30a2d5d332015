"""``keur verify``: what a site shows, against its sums, its manifest, and what was kept from earlier."""

from __future__ import annotations

import argparse
import secrets
from contextlib import closing
from pathlib import Path

from keur.keys import KeyFileError, PublicKey, read_public_keys
from keur.problems import visible
from keur.publishing import PublishError
from keur.sources import UseError
from keur.terminal import progress, say, say_error
from keur.verifying import NoSiteError, Request, Sample, open_place, read_earlier, verify

_SEEDS = 1_000_000


def run(parsed: argparse.Namespace) -> int:
    """Check a site and say what was found; return 0 where all holds, 1 where something does not, 2 for wrong use.

    2 as well where something could not be checked here, for it is not known then.
    """
    try:
        place = open_place(parsed.target)
        request = Request(
            keys=tuple(key for path in parsed.key for key in _keys(path)),
            earlier=tuple(read_earlier(path) for path in parsed.against),
            ledger=(str(parsed.ledger), _read(parsed.ledger)) if parsed.ledger else None,
            sample=_sample(parsed),
        )
    except (NoSiteError, KeyFileError, PublishError) as error:
        raise UseError(str(error)) from error
    with closing(place), progress("files") as tell:
        report = verify(place, request, tell)
    for line in report.good:
        say(visible(line))
    for line in report.warnings:
        say_error(f"keur: warning: {visible(line)}")
    for line in report.faults:
        say_error(f"keur: {visible(line)}")
    for line in report.unchecked:
        say_error(f"keur: not checked: {visible(line)}")
    if report.faults:
        return 1
    if report.unchecked:
        return 2
    say(f"{parsed.target}: nothing was found changed")
    return 0


def _sample(parsed: argparse.Namespace) -> Sample | None:
    if parsed.sample is None:
        return None
    if parsed.sample < 1:
        raise UseError("--sample must be at least 1")
    return Sample(parsed.sample, secrets.randbelow(_SEEDS) if parsed.seed is None else parsed.seed)


def _keys(path: Path) -> tuple[PublicKey, ...]:
    return read_public_keys(_read(path), str(path))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UseError(f"cannot read {path}: {error.strerror}") from error
