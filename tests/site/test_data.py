"""The data of built sites: by their schemas, exact, well-formed, and leading only to what is there."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from keur.model import RECORD_KINDS
from keur.site.reading import read_register
from tests.builders import certificate, datasheet, export, write_export
from tests.exports import Tables, records_of_json
from tests.sites import GOLDEN_REGISTER, LANGUAGES, BuiltSite, build, run_keur

pytestmark = pytest.mark.site

ADDRESS = "https://register.example"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"
RECORD_JSON = re.compile(r"^([cdpr]/[^/]+/index|data/(holders|systems)/[^/]+)\.json$")


@pytest.fixture(params=["golden", "sample"])
def site(request: pytest.FixtureRequest) -> BuiltSite:
    """A site without an address of its own."""
    found: BuiltSite = request.getfixturevalue(f"{request.param}_site")
    return found


@pytest.fixture(scope="module")
def addressed(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The golden site at an address, below a path."""
    folder = tmp_path_factory.mktemp("addressed") / "site"
    build(GOLDEN_REGISTER, folder, "--site-url", f"{ADDRESS}/some/where/")
    return BuiltSite(folder, "/some/where")


def _json_files(site: BuiltSite) -> Iterator[tuple[str, Path]]:
    for path in sorted(site.folder.rglob("*.json")):
        name = path.relative_to(site.folder).as_posix()
        # What the scripts of pages fetch is theirs alone.
        of_scripts = name.startswith(("search/", "assets/")) or name in {f"{lang}/unlisted.json" for lang in LANGUAGES}
        if not of_scripts and not name.startswith("schema/"):
            yield name, path


def _schemas(site: BuiltSite) -> dict[str, jsonschema.Draft202012Validator]:
    """Return a validator for each published schema by its ``$id``."""
    validators = {}
    for path in sorted((site.folder / "schema" / "1").glob("*.json")):
        schema = json.loads(path.read_bytes())
        jsonschema.Draft202012Validator.check_schema(schema)
        checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
        validators[schema["$id"]] = jsonschema.Draft202012Validator(schema, format_checker=checker)
    return validators


def test_every_json_file_is_as_the_schema_says_that_it_names(site: BuiltSite) -> None:
    schemas = _schemas(site)
    seen = set()
    for name, path in _json_files(site):
        found = json.loads(path.read_bytes())
        if name in ("data/datapackage.json", "data/openapi.json"):
            continue
        faults = [error.message for error in schemas[found["$schema"]].iter_errors(found)]
        assert faults == [], name
        seen.add(found["$schema"])
    assert seen == schemas.keys()


def test_every_record_has_its_json_beside_its_pages(site: BuiltSite) -> None:
    pages = {path for path in site.pages if re.match(r"^/[cdpr]/[^/]+/$", path)}
    pages |= {path for path in site.pages if re.match(r"^/nl/(holders|systems)/[^/]+/$", path)}
    assert pages
    for path in pages:
        (link,) = (e for e in site.pages[path].elements("link") if e.get("type") == "application/json")
        found = json.loads((site.folder / unquote(link.get("href") or "")[1:]).read_bytes())
        assert unquote(found["links"]["json"]) == unquote(link.get("href") or "")
        if "permalink" in found["links"]:
            assert unquote(found["links"]["permalink"]) == path


def test_the_page_about_the_data_leads_to_what_changed_and_to_proof(site: BuiltSite) -> None:
    for lang in LANGUAGES:
        led = {element.get("href") for element in site.pages[f"/{lang}/data/"].elements("a")}
        assert {f"/{lang}/feeds/register.atom", f"/{lang}/changes/", f"/{lang}/verify/", "/SHA256SUMS"} <= led
        foot = {element.get("href") for element in site.pages[f"/{lang}/products/"].elements("a")}
        assert {f"/{lang}/check/", f"/{lang}/changes/", f"/{lang}/verify/"} <= foot


def _addresses(value: object) -> Iterator[str]:
    """Yield what JSON of a record leads to."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key in ("json", "permalink", "$schema", "data") and isinstance(part, str):
                yield part
            elif key == "pages":
                yield from part.values()
            else:
                yield from _addresses(part)
    elif isinstance(value, list):
        for part in value:
            yield from _addresses(part)


def test_json_leads_only_to_what_is_there(site: BuiltSite) -> None:
    for name, path in _json_files(site):
        if not RECORD_JSON.match(name):
            continue
        for address in _addresses(json.loads(path.read_bytes())):
            file = unquote(address)[1:]
            assert (site.folder / (file + "index.html" if file.endswith("/") else file)).is_file(), (name, address)


def test_the_whole_register_comes_back_from_json_and_from_csv(golden_site: BuiltSite) -> None:
    register, _ = read_register(GOLDEN_REGISTER, LANGUAGES)
    files = {path.name: path.read_bytes() for path in (golden_site.folder / "data").iterdir() if path.is_file()}
    tables = Tables(files)
    for kind in RECORD_KINDS:
        records = list(getattr(register, kind).values())
        assert records_of_json(files, kind) == records
        assert tables.records(kind) == records


def test_the_data_package_is_true(site: BuiltSite) -> None:
    sums = dict(
        reversed(line.split("  ", 1)) for line in (site.folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    )
    data = site.folder / "data"
    package = json.loads((data / "datapackage.json").read_bytes())
    assert len(package["resources"]) > 20
    for resource in package["resources"]:
        assert resource["hash"] == f"sha256:{sums['data/' + resource['path']]}"
        assert resource["bytes"] == (data / resource["path"]).stat().st_size
    described = {resource["path"] for resource in package["resources"]}
    assert described | {"datapackage.json", "catalog.jsonld", "openapi.json"} == {
        path.name for path in data.iterdir() if path.is_file()
    }
    sizes = [
        int(distribution["dcat:byteSize"]["@value"])
        for distribution in json.loads((data / "catalog.jsonld").read_bytes())["dcat:dataset"]["dcat:distribution"]
    ]
    assert sizes == [resource["bytes"] for resource in package["resources"]]


def test_the_page_about_the_data_leads_to_every_file(golden_site: BuiltSite) -> None:
    data = golden_site.folder / "data"
    for lang in LANGUAGES:
        page = golden_site.pages[f"/{lang}/data/"]
        links = {element.get("href") for element in page.elements("a")}
        assert {f"/data/{path.name}" for path in data.iterdir() if path.is_file()} <= links
        assert {f"/schema/1/{path.name}" for path in (golden_site.folder / "schema" / "1").iterdir()} <= links


def test_no_telephone_or_address_stands_in_data_that_no_page_shows(golden_site: BuiltSite) -> None:
    """Personal data follow the pages: what is in the data of a contact is what the page of contacts shows."""
    team = golden_site.pages["/en/team/"].text
    contacts = json.loads((golden_site.folder / "data" / "contacts.json").read_bytes())["contacts"]
    assert contacts
    for contact in contacts:
        for field in ("email", "phone", "name"):
            assert contact["record"].get(field, "") in team


# --- XML --------------------------------------------------------------------------------------------------------------


def test_every_xml_file_is_well_formed(addressed: BuiltSite) -> None:
    paths = [*addressed.folder.rglob("*.xml"), *addressed.folder.rglob("*.svg")]
    assert len(paths) > 8
    for path in paths:
        ET.parse(path)  # noqa: S314  # our own


def _sitemap_urls(site: BuiltSite) -> dict[str, tuple[str | None, dict[str, str]]]:
    """Return each address of the sitemaps with its ``lastmod`` and the page in each language."""
    index = ET.parse(site.folder / "sitemap.xml").getroot()  # noqa: S314  # our own
    found = {}
    for part in index.findall(f"{SITEMAP}sitemap"):
        address = part.findtext(f"{SITEMAP}loc") or ""
        file = site.folder / address.removeprefix(f"{ADDRESS}{site.base}/")
        root = ET.parse(file).getroot()  # noqa: S314  # our own
        days = []
        for url in root.findall(f"{SITEMAP}url"):
            day = url.findtext(f"{SITEMAP}lastmod")
            days += [day] if day else []
            languages = {link.get("hreflang") or "": link.get("href") or "" for link in url.findall(LINK)}
            loc = url.findtext(f"{SITEMAP}loc") or ""
            assert loc not in found
            found[loc] = (day, languages)
        assert part.findtext(f"{SITEMAP}lastmod") == max(days, default=None)
    return found


def test_sitemaps_name_the_pages_that_are_to_be_found_with_their_languages(addressed: BuiltSite) -> None:
    urls = _sitemap_urls(addressed)
    prefix = f"{ADDRESS}/some/where"
    canonical = {}
    for page in addressed.pages.values():
        robots = [e.get("content") for e in page.elements("meta") if e.get("name") == "robots"]
        links = {(e.get("rel"), e.get("hreflang")): e.get("href") for e in page.elements("link")}
        if page.lang and not robots and "/page/" not in page.path:
            canonical[links["canonical", None]] = {
                lang: href for (rel, lang), href in links.items() if rel == "alternate" and lang
            }
    part_lists = re.compile(r"/(certificates|datasheets|products|holders|documents|systems)/[^/]+/[^/]+/$")
    assert {address for address in canonical if not part_lists.search(unquote(address or ""))} == urls.keys()
    for address, (_, languages) in urls.items():
        assert languages == canonical[address]
        assert address.startswith(prefix)


def test_without_an_address_there_is_no_sitemap_and_no_search_of_the_browsers(golden_site: BuiltSite) -> None:
    assert [path.name for path in golden_site.folder.rglob("*.xml")] == []
    assert not (golden_site.folder / "robots.txt").exists()


def test_robots_stands_at_the_root_of_a_host_alone(addressed: BuiltSite) -> None:
    assert not (addressed.folder / "robots.txt").exists()


def test_a_page_names_the_search_of_its_language(addressed: BuiltSite) -> None:
    for lang in LANGUAGES:
        (link,) = (e for e in addressed.pages[f"/{lang}/"].elements("link") if e.get("rel") == "search")
        assert link.get("href") == f"/some/where/{lang}/opensearch.xml"
        root = ET.parse(addressed.folder / lang / "opensearch.xml").getroot()  # noqa: S314  # our own
        (url,) = root.findall("{http://a9.com/-/spec/opensearch/1.1/}Url")
        assert url.get("template") == f"{ADDRESS}/some/where/{lang}/search/?q={{searchTerms}}"
    record = addressed.pages["/nl/certificates/benor-29-0107/"]
    assert [e for e in record.elements("link") if e.get("rel") == "search"] == [], "bytes of every record's page"


# --- with a ledger ----------------------------------------------------------------------------------------------------

EXPORTS = (
    (
        "2026-01-05",
        {
            "certificates": [certificate(), certificate(number="29/0108")],
            "datasheets": [datasheet(), datasheet(code="90012346"), datasheet(code="90012347")],
        },
    ),
    (
        "2026-02-05",
        {
            "certificates": [certificate(remarks="Changed"), certificate(number="29/0108")],
            "datasheets": [datasheet(), datasheet(code="90012346", version="2")],
        },
    ),
    (
        "2026-03-05",
        {
            "certificates": [certificate(remarks="Changed")],
            "datasheets": [datasheet(), datasheet(code="90012346", version="3"), datasheet(code="90012348")],
        },
    ),
)


@pytest.fixture(scope="module", params=["recorded", "not recorded yet"])
def remembering(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The site after a series of exports; the last is built before or after it was recorded."""
    folder = tmp_path_factory.mktemp("series")
    for day, records in EXPORTS:
        data = write_export(folder / "data", register=export(exported_at=f"{day}T06:00:00+01:00"), **records)
        if day != EXPORTS[-1][0] or request.param == "recorded":
            done = run_keur("record", "--data", data)
            assert done.returncode == 0, done.stderr
    build(folder / "data", folder / "site", "--site-url", ADDRESS)
    return BuiltSite(folder / "site")


def test_lastmod_is_the_day_on_which_the_record_changed(remembering: BuiltSite) -> None:
    days = {address.removeprefix(ADDRESS): day for address, (day, _) in _sitemap_urls(remembering).items()}
    assert {path: day for path, day in days.items() if day and path.startswith("/nl/")} == {
        "/nl/certificates/benor-29-0107/": "2026-02-05",
        "/nl/datasheets/90012345/": "2026-01-05",
        "/nl/datasheets/90012346/": "2026-03-05",
        "/nl/datasheets/90012348/": "2026-03-05",
    }
    assert "/nl/products/geotextile/" in days, "no day is known of it"


def test_what_is_no_longer_listed_says_so_and_stands_in_no_sitemap(remembering: BuiltSite) -> None:
    schemas = _schemas(remembering)
    gone = {"c/benor-29-0108": ("2026-02-05", "2026-03-05"), "d/90012347": ("2026-01-05", "2026-02-05")}
    for name, (last, unlisted) in gone.items():
        found = json.loads((remembering.folder / name / "index.json").read_bytes())
        assert [error.message for error in schemas[found["$schema"]].iter_errors(found)] == []
        assert (found["listed"], found["last_listed"], found["unlisted"]) == (False, last, unlisted)
        (page,) = (p for p in [remembering.pages[f"/{name}/"]])
        assert [e.get("href") for e in page.elements("link") if e.get("type") == "application/json"] == [
            f"/{name}/index.json"
        ]
    addresses = _sitemap_urls(remembering)
    assert [address for address in addresses if "29-0108" in address or "90012347" in address] == []
    whole = json.loads((remembering.folder / "data" / "unlisted.json").read_bytes())
    assert [error.message for error in schemas[whole["$schema"]].iter_errors(whole)] == []
    assert [record["links"]["permalink"] for record in whole["unlisted"]] == [f"{ADDRESS}/{name}/" for name in gone]
    assert (remembering.folder / "robots.txt").read_text(encoding="utf-8").endswith(f"Sitemap: {ADDRESS}/sitemap.xml\n")


def test_the_json_of_a_record_is_the_same_before_and_after_another_export(remembering: BuiltSite) -> None:
    found = (remembering.folder / "d" / "90012345" / "index.json").read_text(encoding="utf-8")
    assert not re.search("2026-0[123]-05", found)
