"""Which changes of sources ask for a build."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from watchfiles import Change, DefaultFilter, watch

_QUIET_MS = 20
"""Editors and exporters write in bursts: when nothing more changed for so long, the site is built."""
_BURST_MS = 2_000
"""How long a burst may last before the site is built all the same."""
_IDLE_MS = 250
"""How often it is looked whether a watched folder came or went."""


class _Sources(DefaultFilter):
    """Lets through changes of sources: not what editors and Python leave behind, and not the site itself."""

    def __init__(self, output: Path) -> None:
        super().__init__()
        self._output = output.resolve()

    def __call__(self, change: Change, path: str) -> bool:
        """Tell whether a change counts. The staging folder beside the output begins with its name and a dot."""
        changed = Path(path)
        staging = f".{self._output.name}."
        return (
            super().__call__(change, path)
            and not changed.is_relative_to(self._output)
            and not any(part.startswith(staging) for part in changed.parts)
        )


def changes(watched: Sequence[Path], output: Path) -> Iterator[str]:
    """Yield a changed path for each burst of changes, for ever; first "", as soon as no change goes unseen."""
    sources = sorted({path.resolve() for path in watched})
    pending: str | None = ""
    while True:
        present = {source for source in sources if source.exists()}
        for found in watch(
            *present,
            watch_filter=_Sources(output),
            debounce=_BURST_MS,
            step=_QUIET_MS,
            rust_timeout=_IDLE_MS,
            yield_on_timeout=True,
        ):
            paths = sorted(path for _, path in found)
            come_or_gone = present ^ {source for source in sources if source.exists()}
            if paths or come_or_gone:
                pending = paths[0] if paths else str(min(come_or_gone))
            if come_or_gone or any(Path(path) in sources for path in paths):
                # A file or folder that was replaced as a whole is no longer the one that is watched: watch anew first.
                break
            if pending is not None:
                yield pending
                pending = None
