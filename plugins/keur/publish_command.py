"""``keur publish``: a site built, checked against what is public, and put in its place."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from keur.building import UseError, load_register
from keur.publishing import (
    DROP_PERCENT,
    HOSTS,
    RELEASES_KEPT,
    FolderTarget,
    Plan,
    Standing,
    check_drop,
    check_host,
    facts_of,
    names_bucket,
    open_target,
    plan,
    publish,
    purge_list,
    read_site,
)
from keur.terminal import progress, say, say_error
from keur.urls import Urls


def run(parsed: argparse.Namespace, settings: Mapping[str, Any], build: Callable[[], int]) -> int:
    """Publish the site that ``build`` makes; return the exit code."""
    if parsed.host and parsed.host not in HOSTS:
        raise UseError(f"--host knows {', '.join(sorted(HOSTS))}; found {parsed.host}")
    keep = settings.get("KEUR_RELEASES_KEPT", RELEASES_KEPT)
    if parsed.roll_back:
        return _roll_back(parsed, settings, keep)
    target = open_target(parsed.to, parsed.endpoint, keep, say)
    if not parsed.no_build and (code := build()):
        return code
    site = read_site(Path(settings["OUTPUT_PATH"]))
    facts = facts_of(load_register(settings))
    site.check_export(facts)
    for warning in check_host(site, parsed.host) if parsed.host else ():
        say_error(f"keur: warning: {warning}")

    def check(standing: Standing, planned: Plan) -> None:
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
    done = "was public already" if planned.published_already else f"is public: {planned.changes}"
    say(f"release {site.id[:12]} at {target} {done}")
    return 0


def _roll_back(parsed: argparse.Namespace, settings: Mapping[str, Any], keep: int) -> int:
    if names_bucket(parsed.to):
        raise UseError("--roll-back is for folders; to storage, publish the export before once more")
    target = FolderTarget(Path(parsed.to), keep)
    with progress("files") as tell:
        names = target.roll_back(tell)
    if parsed.purge_list:
        _write_list(parsed.purge_list, purge_list(names, Urls(settings["SITEURL"])))
    say(f"{target} is back at the release before: {len(names)} files differ")
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
