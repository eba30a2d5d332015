"""A certificate's badge as an SVG image, for sites that show pictures and no frames.

An image runs no script and cannot know today: it names the certificate, its dates, and where its status is told. It is
never green.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from html import escape

_PAD = 14
_EM = 0.62
"""The width of a letter of a mono-spaced face, in sizes of it; ``textLength`` makes every face keep it."""
_FACE = "ui-monospace,Consolas,Menlo,monospace"
_SIZES = (20, 13)
_LEADING = (28, 21)


def badge_svg(mark: str | None, number: str, lines: Sequence[str], *, ended: bool) -> bytes:
    """Return the badge with its lines below mark and number; ``ended`` is for what the lines say does not hold."""
    ink, edge = ("#7b1d1d", "#7b1d1d") if ended else ("#1b1a17", "#7d776a")
    head, line = _SIZES
    mark_width = _width(mark, head) + 14 if mark else 0
    number_at = _PAD + (mark_width + 10 if mark else 0)
    width = max(number_at + _width(number, head), *(_PAD + _width(text, line) for text in lines)) + _PAD
    height = _LEADING[0] + _LEADING[1] * len(lines) + 2 * _PAD
    name = f"{mark} {number}" if mark else number
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
            f'role="img" font-family="{_FACE}"><title>{escape(name)}</title>'
        ),
        (
            f'<rect x=".75" y=".75" width="{width - 1.5}" height="{height - 1.5}" rx="3" fill="#fff" stroke="{edge}" '
            'stroke-width="1.5"/>'
        ),
    ]
    if mark:
        parts.append(
            f'<rect x="{_PAD}" y="{_PAD - 2}" width="{mark_width}" height="28" rx="2" fill="none" stroke="#1b1a17" '
            'stroke-width="2"/>'
        )
        parts.append(_text(mark, _PAD + 7, _PAD + 19, head, "#1b1a17", bold=True))
    parts.append(_text(number, number_at, _PAD + 19, head, "#1b1a17", bold=True))
    for step, text in enumerate(lines):
        parts.append(_text(text, _PAD, _PAD + _LEADING[0] + 16 + step * _LEADING[1], line, ink))
    return "".join([*parts, "</svg>\n"]).encode("utf-8")


def _columns(text: str) -> int:
    """Return how many letters' width a text takes: letters of East Asian scripts are twice as wide, marks have none."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return len(text) + wide - sum(unicodedata.combining(letter) > 0 for letter in text)


def _width(text: str, size: int) -> int:
    return round(_columns(text) * size * _EM)


def _text(text: str, x: int, y: int, size: int, ink: str, *, bold: bool = False) -> str:
    weight = ' font-weight="700"' if bold else ""
    fitted = f'textLength="{_width(text, size)}" lengthAdjust="spacingAndGlyphs"'
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="{ink}"{weight} {fitted}>{escape(text)}</text>'
