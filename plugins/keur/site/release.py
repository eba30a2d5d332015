"""``release.css``: of which day the data is, in the one small file that changes with every export.

Pages leave the date out, so that a record's page stays the same bytes until its record changes; this stylesheet prints
it into them, without script, in the language of the place. Script reads the same file for the age of the data.
"""

from __future__ import annotations

from collections.abc import Sequence

from keur.model import Register
from keur.views.language import Language


def release_css(register: Register, languages: Sequence[Language], stale_after_days: int) -> bytes:
    """Return the stylesheet; ``stale_after_days`` is the age from which pages say that the data is too old to tell."""
    lines = [
        ":root {",
        f'  --exported-at: "{register.export.exported_at.isoformat()}";',
        f"  --stale-after: {stale_after_days};",
        "}",
    ]
    for language in languages:
        date = language.date(register.export_day)
        lines.append(f'.release-date:lang({language.tag})::after {{ content: "{_css_text(date)}"; }}')
    return ("\n".join(lines) + "\n").encode("utf-8")


def _css_text(text: str) -> str:
    return "".join(c if c.isalnum() or c in " .,-" else f"\\{ord(c):x} " for c in text)
