"""The register as a Hugo site: the export's own YAML as Hugo's data, templates equal to the theme's, words by i18n.

Hugo refuses a YAML file of more than 10,000 nested entries ("too many YAML aliases for non-scalar nodes"), so long
files are cut between records; their text stays as the export has it, but for numbers, which are put in quotes: Hugo
reads 5.0 as 5 and 0263 as an octal number, Keur prints what is written. What Hugo lacks is given to it ready-made, at
no cost to its time: month and country names in each language, catalogues as its own files, stylesheets put together.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages.pofile import read_po

from keur.site.assets import Assets, read_assets
from keur.site.catalogues import read_catalogue
from keur.views.language import Language
from keur.views.script_words import search_words, words_of_scripts

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = Path(__file__).with_name("site")
LANGUAGES = ("nl", "fr", "de", "en")
RECORDS_A_FILE = 400
"""Records in a file of Hugo's data: the longest that a record can be stays under Hugo's 10,000 nested entries."""

_NUMBER = re.compile(r"(?<=[{ ])((?:value|min|max|number|edition|version): )(-?[0-9][0-9.]*)(?=[,}\n])")


def write_site(data: Path, folder: Path) -> None:
    """Write the Hugo site of an export into a new folder."""
    shutil.copytree(TEMPLATES, folder)
    _write_data(data, folder / "data")
    languages = {
        tag: Language(tag, read_catalogue(ROOT / "theme" / "translations", tag), LANGUAGES) for tag in LANGUAGES
    }
    messages = {tag: _messages(tag) for tag in LANGUAGES}
    _write_words(folder / "i18n", messages)
    assets = _assets(languages)
    for path, content in assets.output().items():
        _write(folder / "static" / path.lstrip("/"), content)
    # The release's stylesheet is a few lines that only Keur's pages read; its size is of no account.
    _write(folder / "static" / "release.css", b":root { --stale-after: 30; }\n")
    site = {
        "languages": LANGUAGES,
        "assets": f"/assets/{assets.release}",
        "labels": {tag: language.name for tag, language in languages.items()},
        "months": {tag: list(Locale(tag).months["format"]["wide"].values()) for tag in LANGUAGES},
        "countries": {tag: dict(Locale(tag).territories) for tag in LANGUAGES},
        "messages": {
            tag: {one: forms[-1] for one, forms in said.items() if len(forms) == 1} for tag, said in messages.items()
        },
        "search_words": {tag: dict(search_words(language)) for tag, language in languages.items()},
    }
    _write(folder / "data" / "site.json", _json(site))
    for tag in LANGUAGES:
        for path in sorted((ROOT / "content" / tag).glob("*.md")):
            _write(folder / "text" / tag / path.name, _page(path.stem, tag, path.read_text(encoding="utf-8")))
    _write(folder / "hugo.json", _json(_configuration(languages)))


def _configuration(languages: dict[str, Language]) -> dict[str, Any]:
    return {
        "baseURL": "/",
        "title": "Register",
        "defaultContentLanguage": LANGUAGES[0],
        "defaultContentLanguageInSubdir": True,
        "disableDefaultLanguageRedirect": True,
        "disableKinds": ["taxonomy", "term", "rss", "sitemap", "robotsTXT", "404"],
        "disableHugoGeneratorInject": True,
        "languages": {
            tag: {"weight": number, "label": language.name, "locale": tag}
            for number, (tag, language) in enumerate(languages.items(), 1)
        },
        "module": {
            "mounts": [
                {"source": "content", "target": "content"},
                *(
                    {"source": f"text/{tag}", "target": "content", "sites": {"matrix": {"languages": [tag]}}}
                    for tag in LANGUAGES
                ),
                *({"source": name, "target": name} for name in ("data", "i18n", "layouts", "static")),
            ]
        },
        # The pages of content/ come from people who may publish anyway; headings have ids without accents, quotes stay.
        "markup": {
            "goldmark": {
                "parser": {"autoHeadingIDType": "github-ascii"},
                "extensions": {"typographer": {"disable": True}},
                "renderer": {"unsafe": True},
            }
        },
    }


def _write_data(data: Path, folder: Path) -> None:
    folder.mkdir(parents=True)
    for path in sorted(data.rglob("*.yaml")):
        name = path.relative_to(data)
        if path.name == "register.yaml":
            shutil.copyfile(path, folder / name)
            continue
        # A folder for each kind, as certificates and datasheets have in the export.
        kind = name.parts[0].removesuffix(".yaml")
        for number, part in enumerate(_parts(_quoted(path.read_text(encoding="utf-8")))):
            _write(folder / kind / f"{path.stem}-{number}.yaml", part.encode("utf-8"))


def _quoted(text: str) -> str:
    """Put quotes around bare numbers that are printed as they are written."""
    return _NUMBER.sub(r'\1"\2"', text)


def _parts(text: str) -> Iterator[str]:
    """Cut the text of a file into files of few records; one that is no list of records stays whole."""
    head, begin, rest = text.partition("\n  - ")
    if not begin:
        yield text
        return
    records = re.split(r"\n  - ", rest.rstrip("\n"))
    for start in range(0, len(records), RECORDS_A_FILE):
        yield "\n  - ".join((head, *records[start : start + RECORDS_A_FILE])) + "\n"


def _messages(tag: str) -> dict[str, tuple[str, ...]]:
    """Return each message's forms in a language, one or two."""
    said: dict[str, tuple[str, ...]] = {}
    # Any catalogue has every message; English needs none, its words are the messages themselves.
    source = tag if tag != "en" else LANGUAGES[0]
    path = ROOT / "theme" / "translations" / source / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        for message in read_po(file, locale=source):
            if not message.id:
                continue
            ids, strings = ((part,) if isinstance(part, str) else tuple(part) for part in (message.id, message.string))
            said[ids[0]] = ids if tag == "en" else strings
    return said


def _write_words(folder: Path, messages: dict[str, dict[str, tuple[str, ...]]]) -> None:
    for tag, said in messages.items():
        entries = []
        for one, forms in said.items():
            # In Hugo's words {{ .n }} stands where the catalogue has {n}.
            filled = [re.sub(r"\{(\w+)\}", r"{{ .\1 }}", form) for form in forms]
            entries.append({"id": one, "one": filled[0], "other": filled[-1]})
        _write(folder / f"{tag}.json", _json(entries))


def _assets(languages: dict[str, Language]) -> Assets:
    words = words_of_scripts(list(languages.values()))
    return read_assets(ROOT / "theme" / "static", ROOT / "node_modules", words)


def _page(name: str, tag: str, text: str) -> bytes:
    """Return a page of ``content/`` with its matter in Hugo's front matter, and links to other pages as addresses."""
    head, _, body = text.partition("\n\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    matter = {
        "title": fields["Title"],
        "summary": fields.get("Summary", ""),
        "menus": {
            fields["Menu"]: {
                "identifier": name,
                "name": fields.get("Label", fields["Title"]),
                "weight": int(fields["Order"]),
            }
        },
    }
    linked = re.sub(r"\{filename\}([a-z-]+)\.md", rf"/{tag}/\1/", body)
    return _json(matter) + b"\n" + linked.encode("utf-8")


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8")


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
