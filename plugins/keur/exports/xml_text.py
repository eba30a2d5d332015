"""What XML cannot hold, however it is written."""

from __future__ import annotations

import re
from functools import cache


@cache
def illegal() -> re.Pattern[str]:
    """Return what finds a character that XML 1.0 cannot hold; made when asked for, since that takes milliseconds."""
    return re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
