"""Seeded questions to a register, with the answers that the data give. No search engine has a say in either.

An *answer* is the path of a page without its language: ``certificates/benor-29-0107``, ``products/geotextile``. A query
has a set of acceptable ones; a query about what is not there has none, and the right response is no result.
"""

from __future__ import annotations

import random
import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

from keur.model import Certificate, Datasheet, DeclaredCharacteristic, Holder, Product, Register, Text

LANGUAGES = ("nl", "fr", "de", "en")
_LEGAL_FORMS = frozenset("ag asbl b bv bvba co comm cv gmbh kg ltd n nv sa sarl sas sprl srl v".split())


@dataclass(frozen=True, slots=True)
class Query:
    """What is typed, the class it belongs to, and the acceptable answers."""

    kind: str
    text: str
    answers: frozenset[str]


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text without case and accents."""
    apart = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("ø", "o"))
    return tuple(re.findall(r"[^\W_]+", "".join(c for c in apart if not unicodedata.combining(c))))


def bare(number: str) -> str:
    """Return the letters and digits of a number, in upper case."""
    return "".join(words_of(number)).upper()


def distance(a: str, b: str) -> int:
    """Return the Damerau distance of two words: letters put in, left out, changed, or swapped with the next."""
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        row = [i]
        for j, other in enumerate(b, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]


def slips_of(word: str, letters: Iterable[str]) -> set[str]:
    """Return every word at a Damerau distance of one."""
    near: set[str] = set()
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        near.update(head + letter + tail for letter in letters)
        near.update(head + letter + tail[1:] for letter in letters if tail)
        near.add(head + tail[1:])
        near.add(head + tail[1:2] + tail[:1] + tail[2:])
    return near - {word}


def slipped(text: str, alphabet: str, rng: random.Random, positions: Sequence[int]) -> str:
    """Return a text with one slip of the hand at one of the positions."""
    at = rng.choice(positions)
    slip = rng.choice(("change", "swap", "drop", "double"))
    if slip == "change":
        return text[:at] + rng.choice([c for c in alphabet if c != text[at]]) + text[at + 1 :]
    if slip == "swap" and at + 1 < len(text) and text[at] != text[at + 1]:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if slip == "double":
        return text[:at] + text[at] + text[at:]
    return text[:at] + text[at + 1 :]


@dataclass(frozen=True)
class Facts:
    """What a register says, turned round: from words, numbers and places to answers."""

    register: Register

    def page(self, record: Certificate | Datasheet) -> str:
        """Return the answer that is a record's page."""
        if isinstance(record, Datasheet):
            return f"datasheets/{self.register.datasheet_slugs[record.code]}"
        return f"certificates/{self.register.certificate_slugs[record.key]}"

    def holder_of(self, record: Certificate | Datasheet) -> Holder:
        """Return the holder of a record."""
        if isinstance(record, Datasheet):
            return self.register.holder_of(record)
        return self.register.holders[record.holder]

    @cached_property
    def records(self) -> tuple[Certificate | Datasheet, ...]:
        """Certificates, then datasheets."""
        return (*self.register.certificates.values(), *self.register.datasheets.values())

    @cached_property
    def by_number(self) -> Mapping[str, frozenset[str]]:
        """Bare numbers of certificates, datasheets and documents, with the pages they lead to."""
        numbers: defaultdict[str, set[str]] = defaultdict(set)
        for document in self.register.documents.values():
            number = bare(document.number)
            for form in {number, number.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") or number}:
                numbers[form] |= self.by_document[document.id]
        for record in self.records:
            number = record.code if isinstance(record, Datasheet) else record.number
            numbers[bare(number)].add(self.page(record))
            if isinstance(record, Certificate):
                names = (record.system, *(name for _, name in self.register.systems[record.system].name))
                for name in names:
                    without = bare(number).removeprefix(bare(name))
                    if without:
                        numbers[without].add(self.page(record))
        return {number: frozenset(pages) for number, pages in numbers.items()}

    def numbers_where(self, holds: Callable[[str], bool]) -> frozenset[str]:
        """Return the pages of all numbers of which something holds."""
        return frozenset(page for number, pages in self.by_number.items() if holds(number) for page in pages)

    def numbers_like(self, number: str) -> frozenset[str]:
        """Return the pages of all numbers that are one slip away from a bare number."""
        return frozenset(
            page for near in slips_of(number, self.number_letters) for page in self.by_number.get(near, ())
        )

    @cached_property
    def number_letters(self) -> frozenset[str]:
        """Every letter and digit that numbers hold."""
        return frozenset(letter for number in self.by_number for letter in number)

    @cached_property
    def by_product(self) -> Mapping[str, frozenset[str]]:
        """The pages about each product: its own, and those of its records."""
        pages: defaultdict[str, set[str]] = defaultdict(set)
        for product in self.register.products:
            pages[product].add(f"products/{product}")
        for record in self.records:
            pages[record.product].add(self.page(record))
        return {product: frozenset(found) for product, found in pages.items()}

    @cached_property
    def by_holder(self) -> Mapping[str, frozenset[str]]:
        """The pages about each holder: its own, and those of its records."""
        pages: defaultdict[str, set[str]] = defaultdict(set)
        for holder in self.register.holders:
            pages[holder].add(f"holders/{holder}")
        for record in self.records:
            pages[self.holder_of(record).id].add(self.page(record))
        return {holder: frozenset(found) for holder, found in pages.items()}

    @cached_property
    def by_town(self) -> Mapping[tuple[str, ...], frozenset[str]]:
        """The pages that belong to a town, of a production unit or of the holder's address, by the town's words."""
        pages: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
        for holder in self.register.holders.values():
            if holder.address:
                pages[words_of(holder.address.city)].add(f"holders/{holder.id}")
        for unit in self.register.units.values():
            pages[words_of(unit.address.city)].add(f"holders/{unit.holder}")
        for record in self.records:
            for town in self.towns_of(record):
                pages[words_of(town)].add(self.page(record))
        return {town: frozenset(found) for town, found in pages.items()}

    def towns_of(self, record: Certificate | Datasheet) -> Iterator[str]:
        """Yield the towns of a record's production units, and its holder's."""
        units = (record.unit,) if isinstance(record, Datasheet) else record.units
        for unit in units:
            yield self.register.units[unit].address.city
        address = self.holder_of(record).address
        if address:
            yield address.city

    @cached_property
    def by_document(self) -> Mapping[str, frozenset[str]]:
        """The pages that name each reference document: its own, its products' and their records'."""
        pages: defaultdict[str, set[str]] = defaultdict(set)
        for document in self.register.documents:
            pages[document].add(f"documents/{document}")
        for product in self.register.products.values():
            for id_ in product.documents:
                pages[id_] |= self.by_product[product.id]
        for record in self.records:
            named = record.conforms_to if isinstance(record, Datasheet) else [d.id for d in record.documents]
            for id_ in named:
                pages[id_].add(self.page(record))
        return {document: frozenset(found) for document, found in pages.items()}

    @cached_property
    def product_names(self) -> Mapping[str, frozenset[tuple[str, ...]]]:
        """The names and synonyms of each product as words, in every language."""
        return {id_: frozenset(map(words_of, names_of(product))) for id_, product in self.register.products.items()}

    def products_called(self, name: str) -> frozenset[str]:
        """Return the pages about products of which one name or synonym holds all words of ``name``."""
        asked = set(words_of(name))
        called = [id_ for id_, names in self.product_names.items() if any(asked <= set(words) for words in names)]
        return frozenset[str]().union(*(self.by_product[id_] for id_ in called))

    def holders_called(self, name: str) -> frozenset[str]:
        """Return the pages about holders whose name, now or formerly, holds all words of ``name``."""
        asked = set(words_of(name))
        return frozenset[str]().union(
            *(
                self.by_holder[holder.id]
                for holder in self.register.holders.values()
                for own in (holder.name, *(former.name for former in holder.former_names))
                if asked <= set(words_of(own))
            )
        )

    @cached_property
    def by_trade_name(self) -> Mapping[tuple[str, ...], frozenset[str]]:
        """The datasheets of each trade name, by its words."""
        pages: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
        for sheet in self.register.datasheets.values():
            pages[words_of(sheet.trade_name)].add(self.page(sheet))
        return {name: frozenset(found) for name, found in pages.items()}

    @cached_property
    def texts(self) -> Mapping[str, frozenset[str]]:
        """Every word of a name, synonym, group, town, title or trade name, with the pages it speaks of."""
        register = self.register
        found: defaultdict[str, set[str]] = defaultdict(set)

        def speak(texts: Iterable[str], pages: Iterable[str]) -> None:
            pages = frozenset(pages)
            for word in {word for text in texts for word in words_of(text)}:
                found[word] |= pages

        for product in register.products.values():
            speak((*names_of(product), *translations(product.group)), self.by_product[product.id])
        for holder in register.holders.values():
            names = (holder.name, *(former.name for former in holder.former_names))
            speak(names, self.by_holder[holder.id])
        for town, pages in self.by_town.items():
            speak(town, pages)
        for document in register.documents.values():
            speak((document.number, *translations(document.title)), self.by_document[document.id])
        for trade_name, pages in self.by_trade_name.items():
            speak(trade_name, pages)
        for certificate in register.certificates.values():
            unit = register.units[certificate.unit]
            titles = translations(certificate.title) if certificate.title else ()
            speak((unit.name, certificate.system, *titles), [self.page(certificate)])
        return {word: frozenset(pages) for word, pages in found.items()}

    def begun_by(self, beginning: str) -> frozenset[str]:
        """Return the pages of which some text has a word that begins so."""
        return frozenset[str]().union(*(pages for word, pages in self.texts.items() if word.startswith(beginning)))

    def is_unlike_any_word(self, word: str, reach: int) -> bool:
        """Tell whether no word of the register is this one, begins with it, or lies within some slips of it."""
        return not any(
            known.startswith(word) or (abs(len(known) - len(word)) <= reach and distance(known, word) <= reach)
            for known in self.texts
        )


def translations(text: Text) -> tuple[str, ...]:
    """Return a text in each of its languages."""
    return tuple(words for _, words in text)


def names_of(product: Product) -> tuple[str, ...]:
    """Return the names and synonyms of a product in each of their languages."""
    synonyms = [word for synonym in product.synonyms for word in translations(synonym)]
    return (*translations(product.name), *synonyms)


def in_language(text: Text, language: str) -> str | None:
    """Return a text in one language, None where it has none there."""
    return next((words for own, words in text if own == language), None)


Made = tuple[str, frozenset[str]] | None
"""A query's text and its answers; None where the record that was drawn does not lend itself to the class."""

Draw = Callable[[random.Random], Made]

NONE: frozenset[str] = frozenset()


def make_queries(facts: Facts, seed: int, per_class: int) -> list[Query]:
    """Return queries of every class, up to ``per_class`` different ones each; one seed always gives the same."""
    queries: list[Query] = []
    for kind, draw in _Draws(facts).all().items():
        rng = random.Random(f"{seed}:{kind}")
        drawn: dict[str, Query] = {}
        for _ in range(per_class * 60):
            if len(drawn) == per_class:
                break
            made = draw(rng)
            if made is not None and made[0].strip():
                drawn.setdefault(made[0], Query(kind, *made))
        queries += drawn.values()
    return queries


class _Draws:
    """One method for each class of queries: from a random record to what someone would type for it."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        register = facts.register
        self.certificates = list(register.certificates.values())
        self.sheets = list(register.datasheets.values())
        self.holders = [h for h in register.holders.values() if len(facts.by_holder[h.id]) > 1]
        self.products = [p for p in register.products.values() if len(facts.by_product[p.id]) > 1]
        self.documents = list(register.documents.values())
        table = tomllib.loads((Path(__file__).parent / "towns.toml").read_text(encoding="utf-8"))
        self.towns = [
            (name, facts.by_town[words_of(own)])
            for names in table["towns"]
            for own in names
            if words_of(own) in facts.by_town
            for name in names
            if words_of(name) not in facts.by_town
        ]
        self.letters = "abcdefghijklmnopqrstuvwxyz"

    def all(self) -> dict[str, Draw]:
        """Return the classes by name."""
        return {
            "certificate, exact": self.certificate_exact,
            "certificate, with its mark": self.certificate_marked,
            "certificate, other spelling": self.certificate_spelling,
            "certificate, prefix": self.certificate_prefix,
            "certificate, last part": self.certificate_last_part,
            "certificate, one slip": self.certificate_slip,
            "datasheet code, exact": self.code_exact,
            "datasheet code, other spelling": self.code_spelling,
            "datasheet code, prefix": self.code_prefix,
            "datasheet code, one slip": self.code_slip,
            "document number": self.document_number,
            "document title": self.document_title,
            **{f"product, {language}": partial(self.product, language=language) for language in LANGUAGES},
            "product, synonym": self.product_synonym,
            "product, prefix": self.product_prefix,
            "product, typo": self.product_typo,
            "product, without accents": self.product_plain,
            "product, plural": self.product_plural,
            "holder": self.holder,
            "holder, prefix": self.holder_prefix,
            "holder, typo": self.holder_typo,
            "town": self.town,
            "town, other language": self.town_elsewhere,
            "holder + product": self.holder_product,
            "town + product": self.town_product,
            "product + declared value": self.product_value,
            "trade name": self.trade_name,
            "trade name, typo": self.trade_name_typo,
            "nothing: absent number": self.absent_number,
            "nothing: absent words": self.absent_words,
        }

    # --- numbers ----------------------------------------------------------------------------------------------------

    def certificate_exact(self, rng: random.Random) -> Made:
        certificate = rng.choice(self.certificates)
        return certificate.number, self.facts.by_number[bare(certificate.number)]

    def certificate_marked(self, rng: random.Random) -> Made:
        certificate = rng.choice(self.certificates)
        mark = self.facts.register.systems[certificate.system].name.in_languages(("nl",))[0]
        if bare(certificate.number).startswith(bare(mark)):
            return None
        form = rng.choice(("{mark} {number}", "{mark} nr. {number}", "{mark} n° {number}", "{mark}-{number}"))
        typed = form.format(mark=rng.choice((mark, mark.lower())), number=certificate.number)
        return typed, frozenset((self.facts.page(certificate),))

    def certificate_spelling(self, rng: random.Random) -> Made:
        certificate = rng.choice(self.certificates)
        parts = [part for part in re.split(r"[^0-9A-Za-z]+", certificate.number) if part]
        typed = rng.choice(("", " ", "-", ".", "_")).join(parts).lower()
        if typed == certificate.number or not certificate.number.isascii():
            return None
        return typed, self.facts.by_number[bare(certificate.number)]

    def certificate_prefix(self, rng: random.Random) -> Made:
        number = rng.choice(self.certificates).number
        typed = number[: rng.randint(3, max(3, len(number) - 1))]
        asked = bare(typed)
        return (typed, self.facts.numbers_where(lambda own: own.startswith(asked))) if len(asked) >= 3 else None

    def certificate_last_part(self, rng: random.Random) -> Made:
        parts = re.split(r"[^0-9A-Za-z]+", rng.choice(self.certificates).number)
        if len(parts) < 2 or len(parts[-1]) < 3:
            return None
        asked = bare(parts[-1])
        return parts[-1], self.facts.numbers_where(lambda own: asked in own)

    def certificate_slip(self, rng: random.Random) -> Made:
        return self._slip(rng, rng.choice(self.certificates).number)

    def code_slip(self, rng: random.Random) -> Made:
        return self._slip(rng, rng.choice(self.sheets).code)

    def _slip(self, rng: random.Random, number: str) -> Made:
        digits = [position for position, character in enumerate(number) if character.isdecimal()]
        if len(digits) < 5:
            return None
        typed = slipped(number, "0123456789", rng, digits)
        asked = bare(typed)
        if any(asked in own for own in self.facts.by_number):
            return None
        return typed, self.facts.numbers_like(asked)

    def code_exact(self, rng: random.Random) -> Made:
        code = rng.choice(self.sheets).code
        return code, self.facts.by_number[bare(code)]

    def code_spelling(self, rng: random.Random) -> Made:
        code = rng.choice(self.sheets).code
        half = len(code) // 2
        forms = ("{0} {1}", "{0}-{1}", "{0}.{1}", "copro {0}{1}", "nr {0} {1}")
        typed = rng.choice(forms).format(code[:half], code[half:])
        return typed, self.facts.by_number[bare(code)]

    def code_prefix(self, rng: random.Random) -> Made:
        code = rng.choice(self.sheets).code
        typed = code[: rng.randint(4, max(4, len(code) - 1))]
        asked = bare(typed)
        return typed, self.facts.numbers_where(lambda own: own.startswith(asked))

    def document_number(self, rng: random.Random) -> Made:
        document = rng.choice(self.documents)
        forms = (document.number, document.number.lower(), re.sub(r"\s+", rng.choice(("", "-")), document.number))
        return rng.choice(forms), self.facts.by_document[document.id]

    def absent_number(self, rng: random.Random) -> Made:
        model = rng.choice((rng.choice(self.certificates).number, rng.choice(self.sheets).code, "PTV 8xx", "TRA xx"))
        if "x" in model:
            typed = re.sub("x", lambda _: rng.choice("0123456789"), model)
        else:
            typed = re.sub(r"\d", lambda _: rng.choice("0123456789"), model)
        asked = bare(typed)
        known = self.facts.by_number
        if any(asked in own for own in known) or self.facts.numbers_like(asked):
            return None
        return typed, NONE

    # --- words ------------------------------------------------------------------------------------------------------

    def absent_words(self, rng: random.Random) -> Made:
        word = "".join(rng.choice("bcdfghjklmnpqrstvwxz") + rng.choice("aeiouy") for _ in range(rng.randint(3, 5)))
        return (word, NONE) if self.facts.is_unlike_any_word(word, 2) else None

    def document_title(self, rng: random.Random) -> Made:
        document = rng.choice(self.documents)
        title = in_language(document.title, "nl") or ""
        words = sorted(re.findall(r"[^\W\d_]{7,}", title), key=len)[-2:]
        if len(words) < 2:
            return None
        typed = " ".join(words)
        asked = set(words_of(typed))
        titled = [
            id_
            for id_, other in self.facts.register.documents.items()
            if any(asked <= set(words_of(own)) for own in translations(other.title))
        ]
        pages = frozenset[str]().union(*(self.facts.by_document[id_] for id_ in titled))
        return typed.lower(), pages | self.facts.products_called(typed)

    def product(self, rng: random.Random, language: str) -> Made:
        name = in_language(rng.choice(self.products).name, language)
        if name is None:
            return None
        typed = name.lower() if language != "de" or rng.random() < 0.5 else name
        return typed, self.facts.products_called(name)

    def product_synonym(self, rng: random.Random) -> Made:
        product = rng.choice(self.products)
        if not product.synonyms:
            return None
        synonym = rng.choice([word for synonym in product.synonyms for word in translations(synonym)])
        return synonym, self.facts.products_called(synonym)

    def product_prefix(self, rng: random.Random) -> Made:
        word = self._word(rng, rng.choice(names_of(rng.choice(self.products))), 7)
        if word is None:
            return None
        typed = word[: rng.randint(4, len(word) - 2)]
        return typed, self.facts.begun_by(words_of(typed)[0])

    def product_typo(self, rng: random.Random) -> Made:
        name = rng.choice(translations(rng.choice(self.products).name))
        return self._typo(rng, name, self.facts.products_called)

    def product_plain(self, rng: random.Random) -> Made:
        name = rng.choice(names_of(rng.choice(self.products)))
        apart = unicodedata.normalize("NFKD", name)
        typed = "".join(c for c in apart if not unicodedata.combining(c))
        return (typed.lower(), self.facts.products_called(name)) if typed != name else None

    def product_plural(self, rng: random.Random) -> Made:
        """Put a French or English name of one word into the plural, or take it out of it."""
        language = rng.choice(("fr", "en"))
        product = rng.choice(self.products)
        names = [product.name, *product.synonyms]
        name = in_language(rng.choice(names), language) or ""
        if not re.fullmatch(r"[^\W\d_]{5,}", name) or re.search(r"(ss|us|is|x|z|ch|sh|y|al|eau)$", name):
            return None
        typed = name[:-1] if name.endswith("s") else name + "s"
        return typed.lower(), self.facts.products_called(name)

    def holder(self, rng: random.Random) -> Made:
        name = self._short_name(rng.choice(self.holders))
        return rng.choice((name, name.lower())), self.facts.holders_called(name)

    def holder_prefix(self, rng: random.Random) -> Made:
        word = self._word(rng, self._short_name(rng.choice(self.holders)), 7)
        if word is None:
            return None
        typed = word[: rng.randint(4, len(word) - 2)]
        return typed, self.facts.begun_by(words_of(typed)[0])

    def holder_typo(self, rng: random.Random) -> Made:
        return self._typo(rng, self._short_name(rng.choice(self.holders)), self.facts.holders_called)

    def town(self, rng: random.Random) -> Made:
        town = self._town(rng)
        return rng.choice((town, town.lower())), self.facts.by_town[words_of(town)]

    def town_elsewhere(self, rng: random.Random) -> Made:
        """Name a town as the register never does, in the language of its neighbours."""
        return rng.choice(self.towns) if self.towns else None

    def holder_product(self, rng: random.Random) -> Made:
        record = rng.choice(self.facts.records)
        holder = self._short_name(self.facts.holder_of(record))
        product = rng.choice(translations(self.facts.register.products[record.product].name))
        answers = self.facts.holders_called(holder) & self.facts.products_called(product)
        return f"{holder} {product}".lower(), answers

    def town_product(self, rng: random.Random) -> Made:
        record = rng.choice(self.facts.records)
        town = rng.choice(list(self.facts.towns_of(record)))
        product = rng.choice(translations(self.facts.register.products[record.product].name))
        answers = self.facts.by_town[words_of(town)] & self.facts.products_called(product)
        return rng.choice((f"{product} {town}", f"{town} {product}")).lower(), answers

    def product_value(self, rng: random.Random) -> Made:
        # By way of the product: most sheets are of one.
        product = rng.choice(self.products)
        sheets = self.facts.register.datasheets_by_product.get(product.id)
        if not sheets:
            return None
        sheet = rng.choice(sheets)
        defined = {c.id: c for c in product.characteristics if c.kind == "number"}
        declared = [
            (c.value, c.unit or defined[c.id].unit, c.id) for c in sheet.characteristics if c.id in defined and c.value
        ]
        if not declared:
            return None
        value, unit, id_ = rng.choice(declared)
        name = rng.choice(translations(product.name))
        diameter = defined[id_].name.in_languages(("nl",))[0].endswith(" DN")
        if not unit and not diameter:
            return None
        named = self.facts.products_called(name)
        answers = frozenset(
            page
            for other in self.facts.register.datasheets.values()
            if any(c.value == value and self._unit(other, c) == unit for c in other.characteristics)
            and (page := self.facts.page(other)) in named
        )
        typed = f"{name} DN {value}" if diameter else f"{name} {value} {unit}"
        return rng.choice((typed, typed.lower())), answers

    def _unit(self, sheet: Datasheet, declared: DeclaredCharacteristic) -> str | None:
        product = self.facts.register.products[sheet.product]
        return declared.unit or next((c.unit for c in product.characteristics if c.id == declared.id), None)

    def trade_name(self, rng: random.Random) -> Made:
        name = rng.choice(self.sheets).trade_name
        return rng.choice((name, name.lower())), self._traded_as(name)

    def trade_name_typo(self, rng: random.Random) -> Made:
        return self._typo(rng, rng.choice(self.sheets).trade_name, self._traded_as)

    def _traded_as(self, name: str) -> frozenset[str]:
        asked = set(words_of(name))
        names = self.facts.by_trade_name
        return frozenset[str]().union(*(pages for own, pages in names.items() if asked <= set(own)))

    def _typo(self, rng: random.Random, name: str, answers: Callable[[str], frozenset[str]]) -> Made:
        """One slip in a word of six letters or more, such that no word of the register is what is typed."""
        word = self._word(rng, name, 6)
        if word is None:
            return None
        wrong = slipped(word.lower(), self.letters, rng, range(1, len(word)))
        folded = words_of(wrong)
        if len(folded) != 1 or any(known.startswith(folded[0]) for known in self.facts.texts):
            return None
        return name.lower().replace(word.lower(), wrong, 1), answers(name)

    @staticmethod
    def _word(rng: random.Random, name: str, length: int) -> str | None:
        words = [word for word in re.findall(r"[^\W\d_]+", name) if len(word) >= length]
        return rng.choice(words) if words else None

    @staticmethod
    def _short_name(holder: Holder) -> str:
        """Return a holder's name as people say it: without its legal form."""
        words = holder.name.split()
        while len(words) > 1 and set(words_of(words[-1])) <= _LEGAL_FORMS:
            words.pop()
        return " ".join(words)

    def _town(self, rng: random.Random) -> str:
        return rng.choice(list(self.facts.towns_of(rng.choice(self.facts.records))))
