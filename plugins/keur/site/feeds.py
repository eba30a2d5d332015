"""The feeds of the site: recent changes as entries, in the words of the pages that tell of them."""

from __future__ import annotations

import datetime as dt

from keur import urls
from keur.exports.atom import Entry, Feed, feed_bytes
from keur.model import REGISTER_ZONE, Change
from keur.views.changes import FEED_MOST, Changes, Scope, change_row, day_of, kind_label, scope_name
from keur.views.frame import Frame

_NO_CHANGE = "1970-01-01T00:00:00Z"
"""When a feed without entries was updated: the day of the export would renew it each time."""


def feed(frame: Frame, changes: Changes, scope: Scope) -> bytes:
    """Return the feed of the register, a system or a product in the frame's language.

    Ids are made of the publisher's address and the permalink's path: they stay when the site moves.
    """
    viewer = frame.viewer
    language, export = viewer.language, viewer.register.export
    name = scope_name(viewer, scope)
    register = language.phrase(export.title).text
    about = f"{name.text} · {register}" if name else register
    path = urls.feed(viewer.lang, scope.kind, scope.id)
    told = changes.of(scope)[:FEED_MOST]
    entries = tuple(_entry(frame, changes, change) for change in told)
    demonstration = f"{language.t('Demonstration data.')} " if export.demonstration else ""
    return feed_bytes(
        Feed(
            name=f"{export.publisher.url}{path}",
            lang=viewer.lang,
            title=f"{demonstration}{language.t('Recent changes')} · {about}",
            own_href=viewer.urls.address(path),
            page_href=viewer.urls.address(urls.changes(viewer.lang, scope.kind, scope.id)),
            updated=entries[0].updated if entries else _NO_CHANGE,
            author=export.publisher.name,
            author_uri=export.publisher.url,
            entries=entries,
            rights=export.licence,
        )
    )


def _entry(frame: Frame, changes: Changes, change: Change) -> Entry:
    viewer = frame.viewer
    language, register = viewer.language, viewer.register
    row = change_row(viewer, changes, change)
    if isinstance(change.key, str):
        permalink = urls.permalink("datasheets", register.datasheet_slugs[change.key])
    else:
        permalink = urls.permalink("certificates", register.certificate_slugs[change.key])
    exported = language.t("Export of {date}", date=language.date(day_of(change.moment)))
    product = f"{row.link.note.text} · " if row.link.note else ""
    what = f"{change.moment.astimezone(dt.UTC).isoformat()}/{_what(change)}"
    return Entry(
        name=f"{register.export.publisher.url}{permalink}#{viewer.lang}/{what}",
        title=f"{row.link.phrase.text}: {row.said}",
        href=viewer.urls.address(permalink),
        updated=change.moment.astimezone(REGISTER_ZONE).isoformat(timespec="seconds"),
        summary=f"{product}{exported}",
        category=row.kind,
        label=kind_label(language, change.kind),
    )


def _what(change: Change) -> str:
    """Return what tells a change from others of its record in one export."""
    event = change.event.date.isoformat() if change.event else ""
    return f"{change.kind.value}/{event}"
