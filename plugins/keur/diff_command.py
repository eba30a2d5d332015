"""``keur diff``: what one export says that another does not."""

from __future__ import annotations

import json
from pathlib import Path

from keur.checks.index import Index
from keur.checks.references import keys_stand_once
from keur.ledger import differences
from keur.loading import DataFolderError, read_export
from keur.sources import UseError
from keur.terminal import print_problems, say


def run(old: Path, new: Path, *, as_json: bool, exit_code: bool = False) -> int:
    """Print the difference between the exports in two folders; return the exit code.

    With ``exit_code`` that is 1 where there is a difference, as scripts ask for. It is 1 as well where an export has
    faults of form, or two records of one key, of which none could be compared.
    """
    exports = []
    for folder in (old, new):
        try:
            reading = read_export(folder)
        except DataFolderError as error:
            raise UseError(str(error)) from error
        found_twice = reading.locate(keys_stand_once(Index(reading.entries, ())))
        faults = [problem for problem in (*reading.problems, *found_twice) if problem.severity == "error"]
        errors, _ = print_problems(faults)
        if errors:
            return 1
        exports.append(reading.entries)
    found = list(differences(*exports))
    if as_json:
        say(json.dumps([difference.as_json() for difference in found], ensure_ascii=False, indent=1))
    else:
        for difference in found:
            say(str(difference))
        if not found:
            say("the two exports say the same")
    return 1 if found and exit_code else 0
