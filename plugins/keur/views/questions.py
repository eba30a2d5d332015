"""What a page gives its script to answer "was it valid on that day?", beside the dates that stand on it already.

Plain JSON values that ``question.js`` reads. ``shown`` is what exports showed of a record, oldest first:
``[first day, last day | null, dates | n | null, certificates?]``. 0 stands for the record's own dates, n for these with
the first n of its events alone, null for days on which it was not listed. A datasheet also has ``certificates``: first
the ``present`` ones that it hangs on now, then those of its past. Dates and names that the page does not print come
along, in the words of ``statuses.timeline``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from keur.model import (
    Certificate,
    CertificateKey,
    Datasheet,
    Dates,
    Showing,
    UnlistedCertificate,
    UnlistedDatasheet,
)
from keur.views.statuses import timeline_parts
from keur.views.viewer import Viewer

Question = Mapping[str, Any]


def certificate_question(viewer: Viewer, certificate: Certificate | UnlistedCertificate) -> Question:
    """Return what answers for a certificate."""
    return _shown(viewer, certificate, {}, printed=isinstance(certificate, Certificate))


def datasheet_question(viewer: Viewer, datasheet: Datasheet | UnlistedDatasheet) -> Question:
    """Return what answers for a datasheet and the certificates that it hangs on, or hung on."""
    alike = viewer.in_every_language.once("question", datasheet.key, lambda: _in_every_language(viewer, datasheet))
    own, certificates, present = alike
    named = [{"name": viewer.certificate_title(key), **shown} if key else shown for key, shown in certificates]
    return {**own, "certificates": named, "present": present}


def _in_every_language(
    viewer: Viewer, datasheet: Datasheet | UnlistedDatasheet
) -> tuple[Question, list[tuple[CertificateKey | None, Question]], int]:
    """Return what answers for a datasheet and for its certificates, and how many of these it hangs on now.

    A certificate whose name has to come along has its key here.
    """
    register = viewer.register
    listed = isinstance(datasheet, Datasheet)
    present: Sequence[CertificateKey] = (
        [reference.key for reference in datasheet.certificates]
        if isinstance(datasheet, Datasheet)
        else datasheet.certificates
    )
    past = (key for showing in register.showings(datasheet.key) for key in showing.certificates)
    places = {key: place for place, key in enumerate(dict.fromkeys((*present, *past)))}
    certificates = []
    for key in places:
        printed = listed and key in present
        record = register.certificates.get(key) or register.memory.certificates.get(key)
        certificates.append((None if printed else key, _shown(viewer, record, {}, printed=printed) if record else {}))
    own = _shown(viewer, datasheet, places, printed=listed)
    return own, certificates, len(present)


def _shown(
    viewer: Viewer,
    record: Certificate | Datasheet | UnlistedCertificate | UnlistedDatasheet,
    places: Mapping[CertificateKey, int],
    *,
    printed: bool,
) -> Question:
    """Return what exports showed of a record, with its dates where the page does not print them."""
    dates = Dates.of(record) if isinstance(record, Certificate | Datasheet) else record.dates
    shown = [_showing(showing, dates, places) for showing in viewer.register.showings(record.key)]
    return {**({} if printed else timeline_parts(dates)), **({"shown": shown} if shown else {})}


def _showing(showing: Showing, dates: Dates, places: Mapping[CertificateKey, int]) -> list[Any]:
    told = None if showing.dates is None else _dates_beside(showing.dates, dates)
    hung = [[places[key] for key in showing.certificates]] if showing.certificates else []
    return [showing.first.isoformat(), showing.last.isoformat() if showing.last else None, told, *hung]


def _dates_beside(shown: Dates, own: Dates) -> int | Mapping[str, Any]:
    """Return the dates that an export showed: in short where they are the record's own, or were before later events."""
    if shown == own:
        return 0
    told, now = timeline_parts(shown), timeline_parts(own)
    events = told.get("events", [])
    if events and {**now, "events": now.get("events", [])[: len(events)]} == told:
        return len(events)
    return told
