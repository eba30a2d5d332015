"""The page about the data: what there is for machines, and what a person has to know before using it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from keur import urls
from keur.views.contexts import DataPage, DownloadRow, Link, Phrase
from keur.views.frame import Frame, page_fields
from keur.views.viewer import Viewer


def data_page(frame: Frame, tables: Mapping[str, Sequence[str]], schemas: Sequence[str]) -> DataPage:
    """Return the page; ``tables`` are the CSV files by kind of record, ``schemas`` the names of published schemas."""
    viewer = frame.viewer
    register, t = viewer.register, viewer.language.t
    export = register.export
    labels = {
        "certificates": t("Certificates"),
        "datasheets": t("Technical datasheets"),
        "products": t("Products"),
        "holders": t("Certificate holders"),
        "units": t("Production units"),
        "documents": t("Reference documents"),
        "systems": t("Certification systems"),
        "contacts": t("Contacts"),
    }
    licence = export.licence
    address = licence if licence and licence.startswith(("https://", "http://")) else None
    return DataPage(
        **page_fields(
            frame,
            path_of=urls.data_page,
            title=t("Data for machines"),
            description=t("The whole register as JSON and CSV, and a JSON file for each record."),
            crumb=t("Data"),
            json_path=urls.data_file("register.json"),
        ),
        downloads=tuple(
            DownloadRow(
                label=label,
                count=viewer.language.number(len(getattr(register, kind))),
                json=_file(viewer, f"{kind}.json"),
                csv=_file(viewer, f"{kind}.csv"),
                tables=tuple(_file(viewer, f"{name}.csv") for name in tables[kind] if name != kind),
            )
            for kind, label in labels.items()
        ),
        descriptions=(
            _file(viewer, "register.json", t("of which moment the data is, and whose")),
            _file(viewer, "unlisted.json", t("records that are no longer listed")),
            _file(viewer, "datapackage.json", t("every file with its hash, every column with its type")),
            _file(viewer, "catalog.jsonld", t("description for open-data portals (DCAT-AP)")),
            _file(viewer, "openapi.json", t("description of the paths (OpenAPI 3.1)")),
        ),
        changes=tuple(_changes(viewer)),
        proof=tuple(_proof(viewer)),
        examples=tuple(_examples(viewer)),
        schemas=tuple(Link(Phrase(f"{name}.json"), viewer.urls.href(urls.json_schema(name))) for name in schemas),
        licence=Link(Phrase(licence), address) if licence else None,
        publisher=Link(Phrase(export.publisher.name), export.publisher.url),
    )


def _changes(viewer: Viewer) -> Iterable[Link]:
    """Yield what tells a program what changed, so that it need not compare whole files."""
    t, lang = viewer.language.t, viewer.lang
    feed = urls.feed(lang)
    yield Link(Phrase(viewer.urls.address(feed)), viewer.urls.href(feed), Phrase(t("Atom feed of the register")))
    said = t("all changes, with a feed for each system and each product")
    yield Link(Phrase(t("Recent changes")), viewer.urls.href(urls.changes(lang)), Phrase(said))
    if viewer.urls.site_url:
        said = t("every page in every language, with the day each record last changed as far as it is known")
        yield Link(Phrase("sitemap.xml"), viewer.urls.href(urls.sitemap()), Phrase(said))


def _proof(viewer: Viewer) -> Iterable[Link]:
    """Yield what proves that nothing was changed. No link to the manifest: a site that was only built has none."""
    t, href = viewer.language.t, viewer.urls.href
    yield Link(Phrase("SHA256SUMS"), href(urls.sums()), Phrase(t("every file of the site with its hash")))
    said = t("what vouches for that list and for the ledger, in a published release")
    yield Link(Phrase("manifest.json"), None, Phrase(said))
    said = t("check a page or a signature in the browser, or with commands")
    yield Link(Phrase(t("Verify this site")), href(urls.verify(viewer.lang)), Phrase(said))


def _file(viewer: Viewer, name: str, said: str | None = None) -> Link:
    return Link(Phrase(name), viewer.urls.href(urls.data_file(name)), Phrase(said) if said else None)


def _examples(viewer: Viewer) -> list[Link]:
    """Return the JSON of the first record of each kind that has one."""
    register = viewer.register
    kinds = ("certificates", "datasheets", "products", "documents", "holders", "systems")
    firsts = [(kind, key) for kind in kinds for key in islice(getattr(register, kind), 1)]
    paths = [urls.record_json(kind, register.name_in_addresses(kind, key)) for kind, key in firsts]
    return [Link(Phrase(viewer.urls.address(path)), viewer.urls.href(path)) for path in paths]


def search_description(viewer: Viewer) -> str:
    """Return what one searches for, as a browser tells it of its search box."""
    return viewer.language.t("Find a certificate, a technical datasheet, a product or a holder.")
