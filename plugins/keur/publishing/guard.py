"""The drop guard: a release that takes much away needs a person who has seen the number."""

from __future__ import annotations

from keur.publishing.release import Facts, PublishError, count_of

DROP_PERCENT = 5.0
"""How many of the valid certificates, or of the valid datasheets, a release may lose without being asked."""


class DropError(PublishError):
    """A release takes away more than may go unasked; ``number`` is what confirms it."""

    def __init__(self, number: int, reason: str) -> None:
        self.number = number
        super().__init__(f"{reason}; nothing was published. If that is right: --confirm-drop {number}")


def check_drop(published: Facts | None, facts: Facts, percent: float, confirmed: int | None) -> None:
    """Raise ``DropError`` where an export loses too much against the published one, unless its number is confirmed.

    A record is lost when it was valid in the published export and is not in this one, whatever others came; so an
    export of other records altogether is a loss of all. The number is that of the valid records lost, or where every
    record says something else, of all.
    """
    if published is None:
        return
    lost = published.valid.keys() - facts.valid.keys()
    reasons = []
    if facts.exported_at < published.exported_at:
        reasons.append(
            f"the export of {facts.exported_at.isoformat()} is older than the published one of"
            f" {published.exported_at.isoformat()}"
        )
    for kind in ("certificates", "datasheets"):
        before, gone = count_of(kind, published.valid), count_of(kind, lost)
        if gone * 100 > before * percent:
            share = f"{gone * 100 / before:.1f} %, more than {percent:g} %"
            reasons.append(f"{gone} of {before} valid {kind} would go ({share})")
    number = len(lost)
    same = sum(facts.valid.get(permalink) == fingerprint for permalink, fingerprint in published.valid.items())
    if published.valid and not same and len(lost) < len(published.valid):
        number = len(published.valid)
        reasons.append(f"all {number} valid records would go or say something else")
    if reasons and confirmed != number:
        if confirmed is not None:
            reasons.append(f"the number that was confirmed is {confirmed}")
        raise DropError(number, "; ".join(reasons))
