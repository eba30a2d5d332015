"""Cells that no spreadsheet runs, and that can be turned back exactly.

A spreadsheet takes a cell that begins with one of ``= + - @`` for a formula, and a hostile text of an export could be
one. Such a cell gets an apostrophe in front. A spreadsheet that cuts lines at semicolons or tabs sees a cell's middle
as a beginning, so the same holds after each of these. What begins with an apostrophe itself gets one more; so one
apostrophe is taken away at each of these places, and the text is what it was.
"""

from __future__ import annotations

import re

DEFUSED = r"(^|[;\t\r\n])(?=\s*['=+\-@＝＋－＠])"
"""Where an apostrophe is put: after the group, in Python's and JavaScript's regular expressions alike."""
UNDONE = r"(^|[;\t\r\n])'"
"""What is replaced by its group to have the text again."""

_DEFUSED = re.compile(DEFUSED)
# Nearly every cell has none of these signs, and one look tells.
_SUSPECT = re.compile(r"['=+\-@＝＋－＠]")


def defused(text: str) -> str:
    """Return a text as a cell holds it."""
    return _DEFUSED.sub(r"\1'", text) if _SUSPECT.search(text) else text
