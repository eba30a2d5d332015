"""``keur diff``: what one export says that another does not."""

from __future__ import annotations

import json
from pathlib import Path

from keur.building import UseError
from keur.ledger import differences
from keur.loading import DataFolderError, read_export
from keur.terminal import print_problems, say


def run(old: Path, new: Path, *, as_json: bool) -> int:
    """Print the difference between the exports in two folders; return the exit code."""
    exports = []
    for folder in (old, new):
        try:
            reading = read_export(folder)
        except DataFolderError as error:
            raise UseError(str(error)) from error
        errors, _ = print_problems(problem for problem in reading.problems if problem.severity == "error")
        if errors:
            return 1
        exports.append(reading.entries)
    found = list(differences(*exports))
    if as_json:
        say(json.dumps([difference.as_json() for difference in found], ensure_ascii=False, indent=1))
    else:
        for difference in found:
            say(str(difference))
    return 0
