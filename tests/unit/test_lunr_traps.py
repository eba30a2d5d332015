"""What an index of lunr.py loses in lunr.js, and the search keeps. Other traps: ``tests/js/traps.test.js``."""

import json
import subprocess
from pathlib import Path

from lunr import lunr

from tests.sites import ROOT
from tests.unit import search_register

TEXTS = ("vitrified clay pipes", "cable trays", "fly ash")
LOST = ("clay", "fly")

SEARCH = """
const index = require("lunr").Index.load(JSON.parse(require("fs").readFileSync(0, "utf-8")));
const asked = process.argv.slice(1);
console.log(JSON.stringify(asked.map((word) => index.search(word).length)));
"""


def test_the_stemmers_of_lunr_differ_and_the_search_has_none(node: Path, tmp_path: Path) -> None:
    """lunr.py makes ``clai`` of ``clay``, lunr.js does not: an index of one finds nothing in the other."""
    texts = [{"text": text, "id": str(number)} for number, text in enumerate(TEXTS)]
    index = json.dumps(lunr(ref="id", fields=("text",), documents=texts).serialize())
    plain = subprocess.run(
        [node, "-e", SEARCH, *LOST, "pipes"], cwd=ROOT, input=index, capture_output=True, check=True, encoding="utf-8"
    )
    assert json.loads(plain.stdout) == [0, 0, 1]

    for name, content in search_register.payload().items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    own = subprocess.run(
        [node, ROOT / "tests" / "js" / "answers.js", tmp_path, "en", "2026-11-22"],
        input='"clay"\n"vitrified clay"\n',
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    assert all(json.loads(line)["rows"] for line in own.stdout.splitlines())
