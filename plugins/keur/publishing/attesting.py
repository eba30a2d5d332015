"""What publishing adds to a finished site so that anyone can check it: the ledger, the public keys, sums of every file,
the manifest, and its signature.

They are made when a site goes out and not when it is built, because they say what was published: a build must write
nothing to the ledger, and knows no private key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from keur import urls
from keur.keys import KeyFileError, PublicKey
from keur.ledger import Head
from keur.model import Export
from keur.publishing.manifest import Manifest
from keur.publishing.release import MANIFEST, SIGNATURE, FinishedSite, PublishError
from keur.publishing.signing import Signer, is_signed
from keur.publishing.target import Target
from keur.site.output import SUMS, sums_of
from keur.urls import file_of


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of a release: ``signer`` signs its manifest, ``public`` are published, the signer's first."""

    signer: Signer | None = None
    public: tuple[PublicKey, ...] = ()

    @classmethod
    def of(cls, signer: Signer | None, named: Sequence[PublicKey]) -> Keys:
        """Put together the private key and the public ones that the settings name.

        Raises ``KeyFileError`` where they do not belong together: pages name those of the settings.
        """
        if signer is None:
            if named:
                raise KeyFileError("KEUR_PUBLIC_KEYS names keys and nothing signs: --sign KEYFILE, or KEUR_SIGNING_KEY")
            return cls()
        if named and signer.public not in named:
            raise KeyFileError("the key that signs is not among KEUR_PUBLIC_KEYS, which the site's pages name; add it")
        return cls(signer, tuple(dict.fromkeys((signer.public, *named))))


def vouched_by(target: Target, head: Head, keys: Keys) -> PublicKey:
    """Return the key that signed the public manifest, and by that how far the public ledger reaches.

    Raises ``PublishError`` where the manifest is not there, is of another ledger, or is signed by none of the keys.
    """
    content = target.read(MANIFEST)
    manifest = Manifest.from_bytes(content, f"the public {MANIFEST}")
    if manifest.ledger != head:
        raise PublishError(f"the public {MANIFEST} is of another ledger")
    signer = next((key for key in keys.public if key.fingerprint == manifest.signed_by), None)
    if signer is None:
        signed = f"signed by the key {manifest.signed_by}" if manifest.signed_by else "not signed"
        raise PublishError(f"the public {MANIFEST} is {signed}, not by a key of yours")
    if not is_signed(content, target.read(SIGNATURE), signer):
        raise PublishError(f"the public {MANIFEST} does not match its signature")
    return signer


def attested(
    site: FinishedSite, export: Export, address: str, ledger: Head, parts: Iterable[bytes], keys: Keys
) -> FinishedSite:
    """Return a site with what vouches for it. ``address`` is the site's own, ``parts`` are the ledger's."""
    made = {file_of(urls.ledger_part(number)): part for number, part in enumerate(parts, 1)}
    if keys.public:
        made[file_of(urls.public_keys())] = b"".join(key.pem for key in keys.public)
    taken = sorted({*made, MANIFEST, SIGNATURE} & site.files.keys())
    if taken:
        raise PublishError(f"the site has a file {taken[0]} of its own, where publishing puts what vouches for it")
    files = {name: digest for name, digest in site.files.items() if name != SUMS} | _digests(made)
    sums = sums_of(dict(sorted(files.items())))
    manifest = Manifest(
        publisher=export.publisher.name,
        site=address,
        demonstration=export.demonstration,
        exported_at=export.exported_at,
        files=len(files),
        sums=hashlib.sha256(sums).hexdigest(),
        sums_bytes=len(sums),
        ledger=ledger,
        signed_by=keys.signer.public.fingerprint if keys.signer else None,
        keys=tuple(key.fingerprint for key in keys.public),
    ).as_bytes()
    made |= {SUMS: sums, MANIFEST: manifest}
    if keys.signer:
        made[SIGNATURE] = keys.signer.sign(manifest)
    return FinishedSite(site.folder, hashlib.sha256(manifest).hexdigest(), files | _digests(made), made)


def _digests(made: Mapping[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(content).hexdigest() for name, content in made.items()}
