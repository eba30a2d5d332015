"""Badges of certificates for other sites, and the page that says how they are shown there.

A badge outlives its making: it hangs on a site that nobody rebuilds. So what is printed claims nothing that may change.
The page for a frame has script that says whether the certificate holds, while the data are young enough to know it; the
image has none and tells dates alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from keur import urls
from keur.model import Certificate, CertificateKey, Dates, Status, UnlistedCertificate
from keur.views.contexts import BadgePage, BadgeSaying, BadgesPage
from keur.views.frame import Frame, neutral_fields, page_fields
from keur.views.language import Language
from keur.views.statuses import TONES, status_view, timeline, word
from keur.views.tombstones import no_longer_listed
from keur.views.viewer import Viewer

_HOLDS_OR_WILL = (Status.VALID, Status.TRIAL, Status.NOT_YET_VALID)
"""Statuses that nobody may read without knowing of which day they are."""

_LINE = 48
"""Letters on a line of an image, about what the address takes."""


class BadgeMaker:
    """Makes the badges, in every language at once; ``frame`` is that of the site's first language."""

    def __init__(self, frame: Frame, viewers: Mapping[str, Viewer]) -> None:
        self.frame = frame
        self.viewer = frame.viewer
        self.viewers = tuple(viewers[language.tag] for language in frame.languages)

    def listed(self, certificate: Certificate) -> BadgePage:
        """Return the badge of a certificate of the register."""
        dates = Dates.of(certificate)
        status = self.viewer.register.status_of(certificate)
        holds = status in _HOLDS_OR_WILL
        return self._badge(
            certificate.key,
            self.viewer.register.certificate_slugs[certificate.key],
            mark=self.viewer.marks[certificate.system].name.text,
            tone="unknown" if holds else TONES[status],
            timeline=timeline(certificate),
            say=lambda language: _unchecked(language, dates) if holds else self._said(language, certificate),
            image=(_days(dates), *(() if holds else self._image_status(certificate, status))),
        )

    def unlisted(self, unlisted: UnlistedCertificate) -> BadgePage:
        """Return the badge of a certificate that is no longer listed: without mark, and with nothing to check."""
        words = [viewer.language.t("not certified any more") for viewer in self.viewers]
        return self._badge(
            unlisted.key,
            unlisted.slug,
            mark=None,
            tone="ended",
            timeline=None,
            say=lambda language: no_longer_listed(language, unlisted),
            image=_lines(words),
        )

    def _said(self, language: Language, certificate: Certificate) -> str:
        return status_view(language, certificate, self.viewer.register.export_day).sentence

    def _image_status(self, certificate: Certificate, status: Status) -> tuple[str, ...]:
        since = certificate.status_since(self.viewer.register.export_day)
        words = list(dict.fromkeys(word(viewer.language, status) for viewer in self.viewers))
        return _lines([f"{since.isoformat()}: {words[0]}" if since else words[0], *words[1:]])

    def _badge(
        self,
        key: CertificateKey,
        slug: str,
        *,
        mark: str | None,
        tone: str,
        timeline: str | None,
        say: Callable[[Language], str],
        image: tuple[str, ...],
    ) -> BadgePage:
        permalink = urls.permalink("certificates", slug)
        address = self.viewer.urls.address(permalink)
        title = self.viewer.certificate_title(key)
        kind = self.viewer.language.t("Badge")
        fields = neutral_fields(
            self.frame,
            path=urls.badge(slug),
            title=f"{title} · {kind}",
            description=title,
            noindex=True,
        )
        labels = dict.fromkeys(viewer.language.t("Status") for viewer in self.viewers)
        return BadgePage(
            **{**fields, "canonical": self.viewer.urls.canonical(permalink)},
            mark=mark,
            number=key.number,
            tone=tone,  # type: ignore[arg-type]  # one of the tones
            timeline=timeline,
            sayings=tuple(self._saying(viewer.language, say, listed=mark is not None) for viewer in self.viewers),
            address=address,
            image_lines=(*image, f"{' · '.join(labels)}: {address.removeprefix('https://')}"),
        )

    def _saying(self, language: Language, say: Callable[[Language], str], *, listed: bool) -> BadgeSaying:
        truth = language.t(
            "A certificate shows trust in the holder's self-monitoring at one production unit. Only a technical "
            "datasheet shows that a product is certified."
        )
        export = self.viewer.register.export
        return BadgeSaying(
            language.tag,
            language.t("Demonstration data.") if export.demonstration else "",
            say(language),
            truth if listed else "",
            f"{language.phrase(export.title).text}, {export.publisher.name}",
        )


def _lines(words: Iterable[str]) -> tuple[str, ...]:
    """Return words side by side, in as many lines as keep an image narrow; equal words once."""
    lines: list[str] = []
    for said in dict.fromkeys(words):
        if lines and len(lines[-1]) + len(said) < _LINE:
            lines[-1] += f" · {said}"
        else:
            lines.append(said)
    return tuple(lines)


def _days(dates: Dates) -> str:
    return f"{dates.valid_from.isoformat()} … {dates.valid_until.isoformat() if dates.valid_until else ''}".rstrip()


def _unchecked(language: Language, dates: Dates) -> str:
    first = language.date(dates.valid_from)
    if dates.valid_until is None:
        return language.t("Not checked. In the register from {first}, no end date", first=first)
    return language.t(
        "Not checked. In the register from {first} until {last}", first=first, last=language.date(dates.valid_until)
    )


def badges_page(frame: Frame) -> BadgesPage:
    """Return the page that says how a certificate's badge is shown on another site."""
    viewer = frame.viewer
    t = viewer.language.t
    return BadgesPage(
        **page_fields(
            frame,
            path_of=urls.badges,
            title=t("Badge for your website"),
            description=t("Show on your own site what this register says of a certificate."),
            crumb=t("Badge for your website"),
        ),
        badge_address=viewer.urls.address(urls.badge("")).removesuffix("/"),
        permalink_address=viewer.urls.address(urls.permalink("certificates", "")).removesuffix("/"),
    )
