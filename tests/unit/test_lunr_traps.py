"""What an index of lunr.py loses in lunr.js, and the search keeps. Other traps: ``tests/js/traps.test.js``."""

import json
import subprocess
from pathlib import Path

import pytest
from lunr import lunr

from keur.site.assets import ThemeError, _lunr_that_ranks, read_assets
from tests.sites import ROOT
from tests.unit import search_register

TEXTS = ("vitrified clay pipes", "cable trays", "fly ash")
LOST = ("clay", "fly")

SEARCH = """
const index = require("lunr").Index.load(JSON.parse(require("fs").readFileSync(0, "utf-8")));
const asked = process.argv.slice(1);
console.log(JSON.stringify(asked.map((word) => index.search(word).length)));
"""


RANK = """
import { pathToFileURL } from "node:url";
import { LUNR } from "./theme/static/js/finding.js";
import { ReadyStore, contentOf, makeEngine, plainLunr } from "./tests/js/register.js";
const [built, ...queries] = process.argv.slice(1);
const answers = [await import(pathToFileURL(built)), { default: plainLunr() }].map((lunr) => {
  const engine = makeEngine(new ReadyStore((name) => (name === LUNR ? lunr : contentOf(name))));
  return queries.map((query) => engine.find(query).rows);
});
console.log(JSON.stringify([...answers, Object.keys((await import(pathToFileURL(built))).default).sort()]));
"""


def test_the_half_of_lunr_that_is_shipped_ranks_as_the_whole(node: Path, tmp_path: Path) -> None:
    """What builds indexes and reads typed queries is not in it."""
    shipped = tmp_path / "lunr.mjs"
    shipped.write_bytes(read_assets(ROOT / "theme" / "static", ROOT / "node_modules", {}).files["js/lunr.js"])
    queries = ("demotex", "filterdoek gent", "demotex s30", "20 kN/m", "gresline", "b", "gent demotex")
    command = [node, "--input-type=module", "-e", RANK, shipped, *queries]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, encoding="utf-8")
    by_half, by_whole, names = json.loads(done.stdout)

    assert by_half == by_whole
    assert all(by_half)
    assert {"Index", "Query", "TokenSet", "Vector"} <= set(names)
    assert not {"Builder", "Pipeline", "QueryParser", "stemmer"} & set(names)
    assert b"Oliver Nightingale" in shipped.read_bytes()


def test_a_lunr_that_is_laid_out_otherwise_is_named() -> None:
    """Its statements are left out by name."""
    with pytest.raises(ThemeError, match=r"lunr.js is not laid out .*: Builder"):
        _lunr_that_ranks("lunr.Index = function () {}\n  ;(function () {})()\n")


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
