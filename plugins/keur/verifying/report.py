"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass, field

from keur.problems import visible

MOST_NAMED = 20
"""How many files at fault are named; of more, their count is told."""


@dataclass(slots=True)
class Report:
    """What a check found, each a sentence: ``faults``, ``warnings`` about what it proves less than one may think,
    ``unchecked`` for what could not be checked here, and ``good`` for what holds.
    """

    good: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)

    def blame(self, faults: dict[str, str]) -> None:
        """Note files at fault, by name with what is wrong, the first ones by name."""
        for name in sorted(faults)[:MOST_NAMED]:
            # A site that is checked may be hostile, its names too.
            self.faults.append(f"{visible(name)} {faults[name]}")
        if len(faults) > MOST_NAMED:
            self.faults.append(f"and {len(faults) - MOST_NAMED:,} more files are at fault")
