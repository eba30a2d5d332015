"""Pages that speak every language of the site at once: cards, neutral permalinks, the way in, not found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from keur import urls
from keur.model import (
    Certificate,
    CertificateKey,
    Datasheet,
    Dates,
    Document,
    Product,
    Provenance,
    Text,
    UnlistedCertificate,
    UnlistedDatasheet,
    UnlistedDocument,
    UnlistedProduct,
)
from keur.views.citations import Citer
from keur.views.contexts import (
    CardLine,
    CardPage,
    CertificateStatus,
    CitationView,
    FilteredListPage,
    LanguageLink,
    Link,
    NeutralPage,
    NotFoundPage,
    Phrase,
    RootPage,
    TombstoneCardPage,
)
from keur.views.frame import Frame, LinkedData, neutral_fields
from keur.views.language import Language
from keur.views.pages import list_items
from keur.views.tombstones import Unlisted, no_longer_listed
from keur.views.viewer import Viewer, code_groups


class CardMaker:
    """Makes the language-neutral pages; ``frame`` is that of the site's first language, which leads."""

    def __init__(self, frame: Frame, viewers: Mapping[str, Viewer]) -> None:
        self.frame = frame
        self.viewers_by_tag = viewers
        self.viewers = tuple(viewers[language.tag] for language in frame.languages)
        self.viewer = frame.viewer
        self._citers = tuple(map(Citer, self.viewers))
        self._labels: dict[str, tuple[Phrase, ...]] = {}

    # --- words in every language -----------------------------------------------------------------------------------

    def _said(self, say: Callable[[Language], str]) -> tuple[Phrase, ...]:
        """Return what each language says, equal words once."""
        words: dict[str, Phrase] = {}
        for viewer in self.viewers:
            text = say(viewer.language)
            words.setdefault(text, Phrase(text, viewer.lang))
        return tuple(words.values())

    def _label(self, message: str) -> tuple[Phrase, ...]:
        """Return a message of the catalogue in every language."""
        if message not in self._labels:
            self._labels[message] = self._said(lambda language: language.t(message))
        return self._labels[message]

    def _text(self, text: Text) -> tuple[Phrase, ...]:
        """Return a translatable text in the site's languages it has, equal words once."""
        words: dict[str, Phrase] = {}
        for viewer in self.viewers:
            said, lang = text.in_languages(viewer.language.order)
            words.setdefault(said, Phrase(said, lang))
        return tuple(words.values())

    def _cited(self, kind: str, name: str, cite: Callable[[Citer], CitationView]) -> dict[str, Any]:
        """Return the fields of a card or a permalink's page that cite a record in every language."""
        return {
            "cite_labels": self._label("Cite in a tender document"),
            "citations": tuple(map(cite, self._citers)),
            "qr_href": self.viewer.qr_href(kind, name),
        }

    # --- verification cards ----------------------------------------------------------------------------------------

    def certificate(self, certificate: Certificate, linked: LinkedData) -> CardPage:
        """Return the card of a certificate."""
        register = self.viewer.register
        slug = register.certificate_slugs[certificate.key]
        mark = self.viewer.marks[certificate.system]
        sheets = len(register.datasheets_by_certificate.get(certificate.key, ()))
        title = (CardLine(self._label("Title"), self._text(certificate.title)),) if certificate.title else ()
        lines = (
            *title,
            *self._who(certificate.product, certificate.holder, certificate.unit),
            CardLine(self._label("Technical datasheets"), (Phrase(str(sheets)),), machine=str(sheets)),
        )
        return self._card(
            certificate,
            path=urls.permalink("certificates", slug),
            title=self.viewer.certificate_title(certificate.key),
            kind_labels=self._said(
                lambda language: self.viewers_by_tag[language.tag].certificate_kind(
                    register.systems[certificate.system]
                )
            ),
            marks=(mark.name.text,),
            number=certificate.number,
            groups=(),
            lines=lines,
            certificates=(),
            covered=True,
            not_covered=(),
            truths=self._label(
                "This certificate confirms confidence in the holder's self-monitoring at this production unit. It does "
                "not show that a given product is certified: consult the technical datasheets."
            ),
            languages=self.frame.same_page(lambda lang: urls.record(lang, "certificates", slug)),
            json_ld=linked.certificate(certificate),
            badges=tuple(
                Link(
                    Phrase(viewer.language.t("Badge for your website"), viewer.lang),
                    viewer.urls.asked(urls.badges(viewer.lang), c=slug),
                )
                for viewer in self.viewers
            ),
            **self._cited("certificates", slug, lambda citer: citer.certificate(certificate)),
        )

    def datasheet(self, datasheet: Datasheet, linked: LinkedData) -> CardPage:
        """Return the card of a datasheet, with the status of the certificates it hangs on."""
        register = self.viewer.register
        slug = register.datasheet_slugs[datasheet.code]
        certificates = tuple(self._certificate_statuses(datasheet))
        marks = tuple(dict.fromkeys(row.mark.name.text for row in certificates))
        lines = (
            CardLine(self._label("Trade name"), (Phrase(datasheet.trade_name),)),
            *self._who(datasheet.product, register.holder_of(datasheet).id, datasheet.unit),
        )
        return self._card(
            datasheet,
            path=urls.permalink("datasheets", slug),
            title=f"{datasheet.code} · {datasheet.trade_name}",
            kind_labels=self._label("Technical datasheet"),
            marks=marks,
            number=datasheet.code,
            groups=code_groups(datasheet.code),
            lines=lines,
            certificates=certificates,
            covered=register.is_covered(datasheet),
            not_covered=self._label("Does not cover a delivery: no certificate it hangs on is valid."),
            truths=self._label("A datasheet covers a delivery only while both it and its certificate are valid."),
            languages=self.frame.same_page(lambda lang: urls.record(lang, "datasheets", slug)),
            json_ld=linked.datasheet(datasheet),
            badges=(),
            **self._cited("datasheets", slug, lambda citer: citer.datasheet(datasheet)),
        )

    def _card(
        self,
        record: Certificate | Datasheet,
        *,
        path: str,
        title: str,
        json_ld: Mapping[str, object],
        **fields: object,
    ) -> CardPage:
        statuses = [viewer.status(record) for viewer in self.viewers]
        export = self.viewer.register.export
        fixed: dict[str, object] = {
            "status": statuses[0],
            "sentences": tuple(
                Phrase(status.sentence, viewer.lang) for status, viewer in zip(statuses, self.viewers, strict=True)
            ),
            "demonstration": self._label("Demonstration data.") if export.demonstration else (),
            "from_labels": self._label("Valid from"),
            "until_labels": self._label("Valid until"),
            "valid_from": record.valid_from.isoformat(),
            "valid_until": record.valid_until.isoformat() if record.valid_until else None,
            "register_title": self.viewer.language.phrase(export.title).text,
            "publisher": export.publisher.name,
        }
        frame = neutral_fields(
            self.frame,
            path=path,
            title=title,
            description=f"{title}: {statuses[0].sentence}.",
            json_ld=json_ld,
            json_path=f"{path}index.json",
        )
        return CardPage(**frame, **fixed, **fields)  # type: ignore[arg-type]  # the three are the fields of a card

    def _who(self, product: str, holder: str, unit: str) -> Iterable[CardLine]:
        register = self.viewer.register
        place = register.units[unit]
        yield CardLine(self._label("Product"), self._text(register.products[product].name))
        yield CardLine(self._label("Certificate holder"), (Phrase(register.holders[holder].name),))
        yield CardLine(self._label("Production unit"), (Phrase(place.name), Phrase(self.viewer.place(place.address))))

    def _certificate_statuses(self, datasheet: Datasheet) -> Iterable[CertificateStatus]:
        register = self.viewer.register
        for reference in datasheet.certificates:
            certificate = register.certificates[reference.key]
            slug = register.certificate_slugs[certificate.key]
            yield CertificateStatus(
                number=certificate.number,
                mark=self.viewer.marks[certificate.system],
                href=self.viewer.urls.href(urls.permalink("certificates", slug)),
                status=self.viewer.status(certificate),
                sentences=tuple(Phrase(viewer.status(certificate).sentence, viewer.lang) for viewer in self.viewers),
            )

    # --- records that are no longer listed -------------------------------------------------------------------------

    def unlisted_certificate(self, unlisted: UnlistedCertificate) -> TombstoneCardPage:
        """Return the permalink's page of a certificate that is no longer listed."""
        title = self.viewer.certificate_title(unlisted.key)
        successors = self.viewer.register.successors.get(unlisted.key, ())
        return self._tombstone(
            unlisted,
            kind="certificates",
            name=unlisted.slug,
            title=title,
            kind_labels=self._label("Certificate"),
            number=unlisted.number,
            replaced_by=tuple(self._successor(key) for key in successors),
            lines=(
                *self._was(unlisted.provenance),
                CardLine(self._label("Certification system"), self._text(unlisted.system_name)),
                *self._were(unlisted.dates),
            ),
            **self._cited(
                "certificates",
                unlisted.slug,
                lambda citer: citer.unlisted_certificate(unlisted),
            ),
        )

    def unlisted_datasheet(self, unlisted: UnlistedDatasheet) -> TombstoneCardPage:
        """Return the permalink's page of a datasheet that is no longer listed."""
        titles = (Phrase(self.viewer.certificate_title(key)) for key in unlisted.certificates)
        return self._tombstone(
            unlisted,
            kind="datasheets",
            name=unlisted.slug,
            title=f"{unlisted.code} · {unlisted.trade_name}",
            kind_labels=self._label("Technical datasheet"),
            number=unlisted.code,
            groups=code_groups(unlisted.code),
            lines=(
                CardLine(self._label("Trade name"), (Phrase(unlisted.trade_name),)),
                *self._was(unlisted.provenance),
                CardLine(self._label("Certificates"), tuple(titles)),
                *self._were(unlisted.dates),
            ),
            **self._cited(
                "datasheets",
                unlisted.slug,
                lambda citer: citer.unlisted_datasheet(unlisted),
            ),
        )

    def unlisted_product(self, unlisted: UnlistedProduct) -> TombstoneCardPage:
        """Return the permalink's page of a product that is no longer listed."""
        names = self._text(unlisted.name)
        return self._tombstone(
            unlisted,
            kind="products",
            name=unlisted.id,
            title=names[0].text,
            kind_labels=self._label("Product"),
            number=names[0].text,
            lines=(CardLine(self._label("Product"), names),),
            **self._cited("products", unlisted.id, lambda citer: citer.unlisted_product(unlisted)),
        )

    def unlisted_document(self, unlisted: UnlistedDocument) -> TombstoneCardPage:
        """Return the permalink's page of a reference document that is no longer listed."""
        return self._tombstone(
            unlisted,
            kind="documents",
            name=unlisted.id,
            title=unlisted.number,
            kind_labels=self._label("Reference document"),
            number=unlisted.number,
            lines=(CardLine(self._label("Title"), self._text(unlisted.title)),),
        )

    def _tombstone(
        self, unlisted: Unlisted, *, kind: str, name: str, title: str, lines: Iterable[CardLine], **fields: object
    ) -> TombstoneCardPage:
        day = unlisted.last_listed.isoformat()
        sentences = [
            Phrase(no_longer_listed(viewer.language, unlisted), viewer.language.tag) for viewer in self.viewers
        ]
        export = self.viewer.register.export
        shown: dict[str, object] = {
            "groups": (),
            "replaced_by": (),
            "cite_labels": (),
            "citations": (),
            "qr_href": None,
            "sentences": tuple(sentences),
            "demonstration": self._label("Demonstration data.") if export.demonstration else (),
            "replaced_by_labels": self._label("Replaced by"),
            "lines": (*lines, CardLine(self._label("Last listed"), (Phrase(day),), machine=day)),
            "truths": self._label("This page is kept only so that existing references stay explainable."),
            "register_title": self.viewer.language.phrase(export.title).text,
            "publisher": export.publisher.name,
            "languages": self.frame.same_page(lambda lang: urls.record(lang, kind, name)),
        }
        frame = neutral_fields(
            self.frame,
            path=urls.permalink(kind, name),
            title=title,
            description=f"{title}: {sentences[0].text}.",
            json_path=urls.record_json(kind, name),
            noindex=True,
        )
        return TombstoneCardPage(**frame, **{**shown, **fields})  # type: ignore[arg-type]  # the fields of a tombstone

    def _was(self, provenance: Provenance) -> Iterable[CardLine]:
        yield CardLine(self._label("Product"), self._text(provenance.product_name))
        yield CardLine(self._label("Certificate holder"), (Phrase(provenance.holder_name),))
        town = self.viewer.town(provenance.city, provenance.country)
        yield CardLine(self._label("Production unit"), (Phrase(provenance.unit_name), Phrase(town)))

    def _were(self, dates: Dates) -> Iterable[CardLine]:
        first = dates.valid_from.isoformat()
        yield CardLine(self._label("First day of validity"), (Phrase(first),), machine=first)
        if dates.valid_until:
            last = dates.valid_until.isoformat()
            yield CardLine(self._label("Last day of validity"), (Phrase(last),), machine=last)

    def _successor(self, key: CertificateKey) -> Link:
        slug = self.viewer.register.certificate_slugs.get(key)
        href = self.viewer.urls.href(urls.permalink("certificates", slug)) if slug else None
        return Link(Phrase(self.viewer.certificate_title(key)), href)

    # --- other neutral pages ---------------------------------------------------------------------------------------

    def product(self, product: Product) -> NeutralPage:
        """Return the permalink's page of a product."""
        path = urls.permalink("products", product.id)
        names = self._text(product.name)
        return self._neutral(
            self._label("Product"),
            path,
            names,
            lambda lang: urls.record(lang, "products", product.id),
            **self._cited("products", product.id, lambda citer: citer.product(product)),
        )

    def document(self, document: Document) -> NeutralPage:
        """Return the permalink's page of a reference document."""
        names = (Phrase(document.number), *self._text(document.title))
        path = urls.permalink("documents", document.id)
        return self._neutral(
            self._label("Reference document"), path, names, lambda lang: urls.record(lang, "documents", document.id)
        )

    def _neutral(
        self,
        labels: tuple[Phrase, ...],
        path: str,
        names: tuple[Phrase, ...],
        path_of: Callable[[str], str],
        **cited: Any,
    ) -> NeutralPage:
        title = " · ".join(name.text for name in names[:2])
        not_cited: dict[str, Any] = {"cite_labels": (), "citations": (), "qr_href": None}
        return NeutralPage(
            **neutral_fields(self.frame, path=path, title=title, description=title, json_path=f"{path}index.json"),
            kind_labels=labels,
            names=names,
            languages=self.frame.same_page(path_of),
            **{**not_cited, **cited},
        )

    def filtered_list(self) -> FilteredListPage:
        """Return the page where links to filtered lists arrive, with every list for those without script."""
        language = self.viewer.language
        searches = self.frame.same_page(urls.search)
        return FilteredListPage(
            **neutral_fields(
                self.frame,
                path=urls.filtered_list(),
                title=language.t("A list of this register"),
                description=language.t("A list of this register"),
                noindex=True,
            ),
            headings=self._label("A list of this register"),
            messages=self._label(
                "This link leads to a list with filters, which needs script. Without it, these lists hold every record."
            ),
            searches=searches,
            lists=tuple((link, list_items(viewer)) for link, viewer in zip(searches, self.viewers, strict=True)),
        )

    def root(self) -> RootPage:
        """Return the way into the languages."""
        titles = self._text(self.viewer.register.export.title)
        languages = self._entrances()
        return RootPage(
            **neutral_fields(self.frame, path=urls.root(), title=titles[0].text, description=titles[0].text),
            titles=titles,
            languages=languages,
            search_action=self.viewer.urls.href(urls.search(self.viewer.lang)),
            search_labels=self._label("Number, product or holder"),
        )

    def not_found(self) -> NotFoundPage:
        """Return the page for what is not there, with a number search."""
        return NotFoundPage(
            **neutral_fields(
                self.frame,
                path=urls.not_found(),
                title=self.viewer.language.t("This page does not exist"),
                description=self.viewer.language.t("This page does not exist"),
                noindex=True,
            ),
            languages=self._entrances(),
            messages=self._label(
                "There is no page at this address. If you hold a certificate number or the code of a datasheet, "
                "look it up here."
            ),
            search_action=self.viewer.urls.href(urls.search(self.viewer.lang)),
            search_labels=self._label("Certificate number or datasheet code"),
        )

    def _entrances(self) -> tuple[LanguageLink, ...]:
        return self.frame.same_page(urls.home)
