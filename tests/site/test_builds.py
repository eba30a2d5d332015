"""The same input gives the same bytes, wherever and however it is built; what did not change is not touched."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests import builders
from tests.sites import GOLDEN_REGISTER, BuiltSite, build, files_of, run_keur, settings_file

pytestmark = pytest.mark.site


def _differences(expected: dict[str, bytes], found: dict[str, bytes]) -> list[str]:
    return [name for name in sorted(expected.keys() | found.keys()) if expected.get(name) != found.get(name)]


def _states(folder: Path) -> dict[str, tuple[int, int]]:
    """Return what tells whether a file was written again: its place on the disk and its time."""
    return {name: (stat.st_ino, stat.st_mtime_ns) for name in files_of(folder) for stat in [(folder / name).stat()]}


def _copy(source: Path, target: Path) -> Path:
    return Path(shutil.copytree(source, target))


def test_a_second_build_writes_nothing(golden_site: BuiltSite, tmp_path: Path) -> None:
    output = _copy(golden_site.folder, tmp_path / "output")
    before = _states(output)
    assert re.search(r": 0 written, 0 removed$", build(GOLDEN_REGISTER, output).strip())
    assert _states(output) == before


def test_the_clock_zone_locale_umask_and_hash_seed_do_not_matter(golden_site: BuiltSite, tmp_path: Path) -> None:
    surroundings = {
        "PYTHONHASHSEED": "4711",
        "TZ": "Pacific/Kiritimati",
        "LANG": "C",
        "LC_ALL": "C",
        "SOURCE_DATE_EPOCH": "1",
    }
    before = os.umask(0o077)
    try:
        build(GOLDEN_REGISTER, tmp_path / "output", env=surroundings)
    finally:
        os.umask(before)
    assert _differences(files_of(golden_site.folder), files_of(tmp_path / "output")) == []


def test_where_one_stands_does_not_matter(golden_site: BuiltSite, tmp_path: Path) -> None:
    done = run_keur("build", "--data", GOLDEN_REGISTER, "--output", "here", cwd=tmp_path)
    assert (done.returncode, _differences(files_of(golden_site.folder), files_of(tmp_path / "here"))) == (0, [])


@pytest.mark.parametrize("workers", [1, 3])
def test_the_number_of_workers_does_not_matter(golden_site: BuiltSite, tmp_path: Path, workers: int) -> None:
    conf = settings_file(tmp_path, f"KEUR_WORKERS = {workers}")
    done = run_keur("--conf", conf, "build", "--data", GOLDEN_REGISTER, "--output", tmp_path / "output")
    assert done.returncode == 0, done.stderr
    assert _differences(files_of(golden_site.folder), files_of(tmp_path / "output")) == []


def test_the_order_and_names_of_files_do_not_matter(golden_site: BuiltSite, tmp_path: Path) -> None:
    """Certificates and datasheets may stand in any files of any folders, in any order."""
    data = _copy(GOLDEN_REGISTER, tmp_path / "data")
    for kind in ("certificates", "datasheets"):
        records = []
        for path in sorted((data / kind).rglob("*.yaml")):
            records += re.split(r"^(?=  - )", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
            path.unlink()
        for number, record in enumerate(reversed(records)):
            path = data / kind / f"{number % 3}" / f"{number * 7 % 10}-{number}.yaml"
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"{kind}:\n{record}", encoding="utf-8")
    for kind in ("holders", "units", "products"):
        path = data / f"{kind}.yaml"
        head, *records = re.split(r"^(?=  - )", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        path.write_text("".join([head, *(record.rstrip() + "\n" for record in reversed(records))]), encoding="utf-8")
    build(data, tmp_path / "output")
    assert _differences(files_of(golden_site.folder), files_of(tmp_path / "output")) == []


def test_pelican_by_itself_builds_the_same_site(golden_site: BuiltSite, tmp_path: Path) -> None:
    conf = settings_file(
        tmp_path, f"KEUR_DATA = {str(GOLDEN_REGISTER)!r}", f"OUTPUT_PATH = {str(tmp_path / 'output')!r}"
    )
    done = subprocess.run(
        [Path(sys.executable).with_name("pelican"), "--fatal=errors", "--settings", conf],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert _differences(files_of(golden_site.folder), files_of(tmp_path / "output")) == []


def test_one_changed_record_changes_its_own_pages_and_the_lists_it_stands_on(
    golden_site: BuiltSite, tmp_path: Path
) -> None:
    data, output = _copy(GOLDEN_REGISTER, tmp_path / "data"), _copy(golden_site.folder, tmp_path / "output")
    before, states = files_of(output), _states(output)
    sheets = data / "datasheets" / "geotextile" / "second.yaml"
    sheets.write_text(sheets.read_text(encoding="utf-8").replace("Vliertex 500", "Vliertex 505"), encoding="utf-8")
    build(data, output)
    after = files_of(output)
    changed = {name for name in _differences(before, after) if not name.startswith("search/") and name != "SHA256SUMS"}
    own = {"d/90012350/index.html", "d/90012350/index.json"}
    own |= {f"{lang}/datasheets/90012350/index.html" for lang in ("nl", "fr", "de", "en")}
    shared = {f"data/{name}" for name in ("datasheets.json", "datasheets.csv", "datapackage.json", "catalog.jsonld")}
    own |= shared
    assert own <= changed
    with_search_address = {
        f"{lang}/{page}/index.html" for lang in ("nl", "fr", "de", "en") for page in ("search", "check")
    }
    lists = {
        name
        for name in changed - own - with_search_address
        if re.match(r"../(datasheets|products/geotextile|holders/vlierbeke|certificates/benor-29-0107|systems)/", name)
    }
    assert changed - own - with_search_address - lists == set()
    untouched = states.keys() - _differences(before, after)
    assert {name: states[name] for name in untouched} == {name: _states(output)[name] for name in untouched}


def test_a_rebuild_gives_the_bytes_of_a_clean_build_and_takes_removed_records_away(
    golden_site: BuiltSite, tmp_path: Path
) -> None:
    data, output = _copy(GOLDEN_REGISTER, tmp_path / "data"), _copy(golden_site.folder, tmp_path / "output")
    (data / "datasheets" / "others.yaml").unlink()
    register = data / "register.yaml"
    register.write_text(
        register.read_text(encoding="utf-8").replace("datasheets: 12", "datasheets: 9"), encoding="utf-8"
    )
    build(data, output)
    build(data, tmp_path / "clean")
    assert _differences(files_of(tmp_path / "clean"), files_of(output)) == []
    assert not (output / "d" / "00012352").exists()
    assert _empty_folders(output) == []


def _empty_folders(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_dir() and not any(path.iterdir())]


def test_a_file_that_was_changed_or_lost_in_the_output_is_written_again(golden_site: BuiltSite, tmp_path: Path) -> None:
    output = _copy(golden_site.folder, tmp_path / "output")
    (output / "nl" / "index.html").write_text("changed by hand")
    (output / "en" / "index.html").unlink()
    assert ": 2 written, 0 removed" in build(GOLDEN_REGISTER, output)
    assert _differences(files_of(golden_site.folder), files_of(output)) == []


def test_a_new_export_of_the_same_records_leaves_record_pages_alone(golden_site: BuiltSite, tmp_path: Path) -> None:
    data, output = _copy(GOLDEN_REGISTER, tmp_path / "data"), _copy(golden_site.folder, tmp_path / "output")
    before = files_of(output)
    register = data / "register.yaml"
    text = register.read_text(encoding="utf-8").replace("2026-03-02T06:00:00", "2026-03-02T18:30:00")
    register.write_text(text, encoding="utf-8")
    build(data, output)
    kinds = ("systems", "products", "documents", "holders", "units", "contacts", "certificates", "datasheets")
    dated = {f"data/{name}.json" for name in (*kinds, "register", "unlisted", "datapackage")}
    assert set(_differences(before, files_of(output))) == {
        *("release.css", "SHA256SUMS", "data/catalog.jsonld"),
        *dated,
    }


def test_sums_name_every_file(golden_site: BuiltSite) -> None:
    done = subprocess.run(
        ["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=golden_site.folder, capture_output=True, check=False
    )
    lines = (golden_site.folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert (done.returncode, {line[66:] for line in lines}) == (0, files_of(golden_site.folder).keys() - {"SHA256SUMS"})


def test_nothing_but_the_output_and_its_memory_is_written(tmp_path: Path) -> None:
    data = builders.write_export(tmp_path / "data")
    build(data, tmp_path / "output")
    assert {path.name for path in tmp_path.iterdir()} == {"data", "output", ".output.keur-memory"}


def _addresses(site: BuiltSite) -> Iterable[tuple[str, str, str]]:
    for page in site.pages.values():
        if page.path.endswith("/patterns/"):
            continue  # its examples have invented addresses
        for element in page.elements("a", "link", "script", "form", "div"):
            for name in ("href", "src", "action", "data-payload", "data-lunr"):
                if element.get(name):
                    # The same page as JSON, or as a feed, is named from the root, as every link is.
                    other = element.get("type") in ("application/json", "application/atom+xml")
                    rel = "" if other else element.get("rel") or ""
                    yield page.path, rel, str(element.get(name))


def test_a_base_path_stands_in_front_of_every_address(tmp_path: Path) -> None:
    build(GOLDEN_REGISTER, tmp_path / "output", "--site-url", "https://register.example/some/where/")
    site = BuiltSite(tmp_path / "output", "/some/where")
    faults = []
    for path, rel, address in _addresses(site):
        if rel in ("canonical", "alternate"):
            good = address.startswith("https://register.example/some/where/")
        else:
            good = address.startswith(("/some/where/", "#", "https://", "http://", "mailto:", "tel:"))
        if not good:
            faults.append(f"{path}: {rel} {address}")
    assert faults == []
    canonical = [
        e.get("href")
        for e in site.pages["/nl/certificates/atg-αδ-١٢٣/"].elements("link")
        if e.get("rel") == "canonical"
    ]
    assert canonical == ["https://register.example/some/where/nl/certificates/atg-%CE%B1%CE%B4-%D9%A1%D9%A2%D9%A3/"]
    assert site.pages["/c/atg-0042/"].linked_data["@id"] == "https://register.example/some/where/c/atg-0042/"


def test_without_a_site_url_no_page_claims_an_address(golden_site: BuiltSite) -> None:
    assert [p for p, rel, _ in _addresses(golden_site) if rel == "canonical"] == []
