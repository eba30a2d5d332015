"""Who vouches for a site: its manifest, the signature of that, and manifests that somebody kept from earlier."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from keur import urls
from keur.keys import KeyFileError, PublicKey, read_public_keys
from keur.publishing import Manifest, NoCryptographyError, PublishError, is_signed
from keur.publishing.release import MANIFEST, SIGNATURE
from keur.publishing.signing import SIGNATURE_LENGTH
from keur.site.output import SUMS
from keur.verifying.places import Place
from keur.verifying.report import Report

_KEYS = urls.file_of(urls.public_keys())
_MOST = 1024 * 1024
"""Bytes beyond which a manifest or a file of keys is not read."""


@dataclass(frozen=True, slots=True)
class Vouched:
    """A manifest as a file: its bytes, what they say, and its signature, None where there is none."""

    shown: str
    content: bytes
    manifest: Manifest
    signature: bytes | None

    @property
    def day(self) -> dt.date:
        """The day of its export."""
        return self.manifest.exported_at.date()


class Trust:
    """The keys that a check relies on: those that the person who checks names, else those that the oldest manifest
    that was kept names; and those that a manifest signed by one of them names, which is how keys are followed by
    others. Where nothing is named and nothing was kept, the site's own must do, which proves less (``is_own``).
    """

    def __init__(self, named: Sequence[PublicKey], site: Sequence[PublicKey], earlier: Sequence[Vouched]) -> None:
        self.earlier = sorted(earlier, key=lambda kept: kept.manifest.exported_at)
        signed = [kept.manifest for kept in self.earlier if kept.manifest.signed_by]
        self.is_own = not named and not signed
        self.known = {key.fingerprint: key for key in (*site, *named)}
        if named or not signed:
            self.trusted = {key.fingerprint for key in named or site}
            self.stranger = "which you did not name" if named else "which the site does not publish"
        else:
            self.trusted = set(signed[0].keys)
            self.stranger = "which no manifest that you kept names"

    def fault_of(self, vouched: Vouched) -> str | None:
        """Return what is wrong with a signature, None where it is good. Raises ``NoCryptographyError``."""
        signer = vouched.manifest.signed_by
        if signer is None or vouched.signature is None:
            return "is not signed"
        if signer not in self.trusted:
            return f"is signed by the key {signer}, {self.stranger}"
        key = self.known.get(signer)
        if key is None:
            return f"is signed by the key {signer}, which the site does not publish any more: name it with --key"
        if len(vouched.signature) != SIGNATURE_LENGTH or not is_signed(vouched.content, vouched.signature, key):
            return f"was changed, or its signature was: it does not match the key {signer}"
        return None


def read_manifest(place: Place, report: Report) -> Vouched | None:
    """Return a site's manifest; None where there is none; a fault is noted where Keur did not write it."""
    content = place.read(MANIFEST, _MOST)
    if content is None:
        return None
    try:
        manifest = Manifest.from_bytes(content, MANIFEST)
    except PublishError as error:
        report.faults.append(str(error))
        return None
    return Vouched(MANIFEST, content, manifest, place.read(SIGNATURE, _MOST))


def read_earlier(path: Path) -> Vouched:
    """Return a manifest that was kept, with its signature beside it. Raises ``PublishError``."""
    signature = path.with_name(path.name + ".sig")
    try:
        content = path.read_bytes()
        signed = signature.read_bytes() if signature.is_file() else None
    except OSError as error:
        raise PublishError(f"cannot read {error.filename or path}: {error.strerror}") from error
    return Vouched(path.name, content, Manifest.from_bytes(content, path.name), signed)


def read_keys(place: Place, report: Report) -> tuple[PublicKey, ...]:
    """Return the keys that a site publishes."""
    content = place.read(_KEYS, _MOST)
    try:
        return read_public_keys(content, _KEYS) if content is not None else ()
    except KeyFileError as error:
        report.faults.append(str(error))
        return ()


def check_signatures(vouched: Vouched, trust: Trust, report: Report) -> None:
    """Check the signatures of earlier manifests, oldest first, then that of the site's own."""
    try:
        for kept in trust.earlier:
            fault = trust.fault_of(kept)
            if fault is None:
                trust.trusted.update(kept.manifest.keys)
                report.good.append(f"{kept.shown} of {kept.day} is signed by the key {kept.manifest.signed_by}")
            elif kept.manifest.signed_by is None and trust.is_own:
                report.warnings.append(
                    f"{kept.shown} of {kept.day} is not signed: it proves as much as whoever kept it"
                )
            else:
                report.faults.append(f"{kept.shown} {fault}")
        fault = trust.fault_of(vouched)
    except NoCryptographyError as error:
        report.unchecked.append(str(error))
        return
    signer = vouched.manifest.signed_by
    if fault is None:
        report.good.append(f"{vouched.shown} is signed by the key {signer}")
        if trust.is_own:
            report.warnings.append(
                f"that key is the site's own, which whoever changes the site can change too: compare {signer} with what"
                " the publisher says elsewhere, or name the key with --key"
            )
    elif signer is None and vouched.signature is None and trust.is_own:
        report.warnings.append(f"{vouched.shown} is not signed: whoever can change the site can change it too")
    else:
        report.faults.append(f"{vouched.shown} {fault}")


def check_sums(sums: bytes, files: Mapping[str, str], manifest: Manifest, report: Report) -> None:
    """Compare ``SHA256SUMS`` with what the manifest says of it."""
    if hashlib.sha256(sums).hexdigest() != manifest.sums or len(files) != manifest.files:
        report.faults.append(f"{SUMS} was changed: it is not the one that {MANIFEST} vouches for")
    else:
        report.good.append(
            f"{MANIFEST} vouches for {SUMS}: {len(files):,} files of {manifest.publisher},"
            f" export of {manifest.exported_at}"
        )


def check_earlier(manifest: Manifest, earlier: Iterable[Vouched], report: Report) -> None:
    """Ensure that manifests that were kept are of the same register, and none of a later export."""
    for kept in earlier:
        before = kept.manifest
        if (before.publisher, before.site) != (manifest.publisher, manifest.site):
            report.faults.append(
                f"{kept.shown} is of {before.publisher} at {before.site or 'no address'}, this site is of"
                f" {manifest.publisher} at {manifest.site or 'no address'}"
            )
        if before.exported_at > manifest.exported_at:
            report.faults.append(
                f"the site shows the export of {manifest.exported_at}, older than that of {kept.shown},"
                f" {before.exported_at}: it was rolled back, by its publisher or by somebody else"
            )
