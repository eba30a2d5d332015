"""``catalog.jsonld``: the register's data for open-data portals, by Europe's application profile of DCAT (DCAT-AP 3).

Codes are those of the EU's own vocabularies (publications.europa.eu).
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from keur import urls
from keur.exports.data_package import DESCRIPTION, DataFile
from keur.exports.shapes import Json, encode_text
from keur.model import Register, Text
from keur.urls import Urls

_AUTHORITY = "http://publications.europa.eu/resource/authority"
_CONTEXT: Json = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_LANGUAGES = {"nl": "NLD", "fr": "FRA", "de": "DEU", "en": "ENG"}
_FORMATS = {
    "csv": ("CSV", "text/csv"),
    "json": ("JSON", "application/json"),
}


def catalogue(register: Register, site_urls: Urls, languages: Sequence[str], files: Sequence[DataFile]) -> bytes:
    """Return ``catalog.jsonld``; ``files`` are the data files with their hashes and sizes."""
    export = register.export
    here = site_urls.address(urls.data_file("catalog.jsonld"))
    publisher: Json = {
        "@id": f"{here}#publisher",
        "@type": "foaf:Agent",
        "foaf:name": export.publisher.name,
        "foaf:homepage": {"@id": export.publisher.url},
    }
    moment = _typed("dateTime", export.exported_at.isoformat())
    titles = _texts(export.title)
    demonstration = "Demonstration data: holders and records are invented. " if export.demonstration else ""
    described = {"@language": "en", "@value": demonstration + DESCRIPTION}
    dataset: Json = {
        "@id": f"{here}#register",
        "@type": "dcat:Dataset",
        "dct:title": titles,
        "dct:description": described,
        "dct:publisher": {"@id": publisher["@id"]},
        "dct:modified": moment,
        "dct:accessRights": {"@id": f"{_AUTHORITY}/access-right/PUBLIC"},
        "dct:language": _codes(languages),
        "dcat:landingPage": [{"@id": site_urls.address(urls.data_page(lang))} for lang in languages],
        "foaf:page": [{"@id": site_urls.address(urls.verify(lang))} for lang in languages],
        "dcat:theme": {"@id": f"{_AUTHORITY}/data-theme/TECH"},
        "dcat:distribution": [_distribution(site_urls, here, file, export.licence, moment) for file in files],
    }
    if export.publisher.email:
        dataset["dcat:contactPoint"] = {
            "@type": "vcard:Organization",
            "vcard:fn": export.publisher.name,
            "vcard:hasEmail": {"@id": f"mailto:{export.publisher.email}"},
        }
    service: Json = {
        "@id": f"{here}#service",
        "@type": "dcat:DataService",
        "dct:title": {"@language": "en", "@value": "A JSON file a record"},
        "dct:publisher": {"@id": publisher["@id"]},
        "dcat:endpointURL": {"@id": site_urls.address(urls.root())},
        "dcat:endpointDescription": {"@id": site_urls.address(urls.data_file("openapi.json"))},
        "dcat:servesDataset": {"@id": dataset["@id"]},
        "dct:accessRights": {"@id": f"{_AUTHORITY}/access-right/PUBLIC"},
        **_licence(export.licence),
    }
    feeds: Json = {
        "@id": f"{here}#feeds",
        "@type": "dcat:DataService",
        "dct:title": {"@language": "en", "@value": "Atom feeds of recent changes"},
        "dct:publisher": {"@id": publisher["@id"]},
        "dcat:endpointURL": [{"@id": site_urls.address(urls.feed(lang))} for lang in languages],
        "dcat:landingPage": [{"@id": site_urls.address(urls.changes(lang))} for lang in languages],
        "dcat:servesDataset": {"@id": dataset["@id"]},
        "dct:accessRights": {"@id": f"{_AUTHORITY}/access-right/PUBLIC"},
        **_licence(export.licence),
    }
    document: Json = {
        "@context": _CONTEXT,
        "@id": here,
        "@type": "dcat:Catalog",
        "dct:title": titles,
        "dct:description": described,
        "dct:publisher": publisher,
        "dct:modified": moment,
        "dct:language": _codes(languages),
        "foaf:homepage": {"@id": site_urls.address(urls.root())},
        **_licence(export.licence),
        "dcat:dataset": dataset,
        "dcat:service": [service, feeds],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _distribution(site_urls: Urls, here: str, file: DataFile, licence: str | None, moment: Json) -> Json:
    address = site_urls.address(urls.data_file(file.name))
    name, _, ending = file.name.partition(".")
    code, media = _FORMATS[ending]
    distribution: Json = {
        "@id": f"{here}#{file.name}",
        "@type": "dcat:Distribution",
        "dct:title": {"@language": "en", "@value": file.name},
        "dcat:accessURL": {"@id": address},
        "dcat:downloadURL": {"@id": address},
        "dct:format": {"@id": f"{_AUTHORITY}/file-type/{code}"},
        "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{media}"},
        "dcat:byteSize": _typed("nonNegativeInteger", str(file.size)),
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": _typed("hexBinary", file.sha256),
        },
        "dct:modified": moment,
        **_licence(licence),
    }
    if ending == "json":
        distribution["dct:conformsTo"] = {"@id": site_urls.address(urls.json_schema(name))}
    return distribution


def _licence(stated: str | None) -> Json:
    """Return a licence: an address is one to DCAT, a name is a statement of rights."""
    if not stated:
        return {}
    if stated.startswith(("https://", "http://")):
        return {"dct:license": {"@id": stated}}
    return {"dct:rights": {"@type": "dct:RightsStatement", "dct:description": stated}}


def _typed(kind: str, value: str) -> Json:
    return {"@type": f"xsd:{kind}", "@value": value}


def _texts(text: Text) -> list[Json]:
    return [
        {"@value": said} if tag == "@none" else {"@language": tag, "@value": said}
        for tag, said in encode_text(text).items()
    ]


def _codes(languages: Sequence[str]) -> list[Json]:
    """Return the EU's codes of languages, as far as it has some for the site's."""
    return [{"@id": f"{_AUTHORITY}/language/{_LANGUAGES[tag]}"} for tag in languages if tag in _LANGUAGES]
