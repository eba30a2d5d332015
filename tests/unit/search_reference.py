"""What a query finds, worked out from the register itself, without index and files: what the browser is held to.

It says which records are found, and which one is meant; not in which order words bring them.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from keur import numbers
from keur.model import Certificate, Datasheet, Register
from keur.search.entries import Indexing
from keur.search.words import fold, index_terms, terms

Number = tuple[str, str]
"""A record: the kind with its system, and its number."""

_JOINING = frozenset(
    "a an and aus au aux bij d das de dem den der des die du een en et for für fur het im in l la le les of op or ou "
    "par pour te the to und van vom von voor zu zum zur".split()
)
_ENDINGS = [
    set(endings)
    for endings in (
        ("", "e", "em", "en", "er", "ern", "es", "ien", "n", "ne", "nen", "s", "x"),
        ("s", "se", "ses", "x", "ze", "zen"),
        ("f", "ve", "ven", "ves"),
        ("l", "le", "les", "ux"),
        ("ies", "y"),
    )
]
_LONG, _VERY_LONG = 4, 9
_WORD_LIKE = re.compile(r"[^\W\d_]{5}")
_DECIMALS_BEGUN = re.compile(r"(?<![^\W_])[0-9]+[.,][0-9]*$")
_WORD_BEGUN = re.compile(r"(?<![^\W_])[^\W_]$")
_GTIN = re.compile(r"(?:[0-9]{8}|[0-9]{12,14}|01[0-9]{14})")


@dataclass(frozen=True)
class Found:
    """The records that a query finds, and the one that it means, if it is one."""

    records: frozenset[Number]
    single: Number | None = None
    slipped: bool = False


@dataclass
class Reference:
    """A register turned round. ``lang`` is that of the page: names of systems lead numbers in it."""

    register: Register
    lang: str
    languages: tuple[str, ...]
    texts: dict[Number, set[tuple[str, ...]]] = field(default_factory=lambda: defaultdict(set))
    own: dict[Number, set[str]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        self.indexing = Indexing(self.register, self.languages)
        for record, number in self.records.items():
            if isinstance(record, (Certificate, Datasheet)):
                self._speak(record, number)
            else:
                self.texts[number] |= self._words(record.number, *(text for _, text in record.title))

    # --- numbers ---------------------------------------------------------------------------------------------------

    @cached_property
    def records(self) -> Mapping[object, Number]:
        """Every record that a query may find."""
        register = self.register
        found: dict[object, Number] = {c: (f"certificate {c.system}", c.number) for c in register.certificates.values()}
        found |= {sheet: ("datasheet", sheet.code) for sheet in register.datasheets.values()}
        return found | {document: ("document", document.number) for document in register.documents.values()}

    @cached_property
    def forms(self) -> Mapping[Number, tuple[str, ...]]:
        """The search forms of each record's number."""
        found = {}
        for record, number in self.records.items():
            names: tuple[str, ...] = ()
            if isinstance(record, Certificate):
                names = self._names_of(record.system)
            elif number[0] == "document" and (letters := re.match(r"[^\W\d_]{2,}", number[1])):
                names = (letters[0],)
            found[number] = numbers.search_forms(number[1], names)
        return found

    def _names_of(self, system: str) -> tuple[str, ...]:
        order = (self.lang, *(other for other in self.languages if other != self.lang))
        return (system, self.register.systems[system].name.in_languages(order)[0])

    @cached_property
    def _all_names(self) -> tuple[str, ...]:
        return tuple(name for system in self.register.systems for name in self._names_of(system))

    def _systems_of(self, number: Number) -> set[str]:
        if number[0] == "datasheet":
            return {reference.system for reference in self.register.datasheets[number[1]].certificates}
        return {number[0].removeprefix("certificate ")}

    def _named(self, query: str, bare: str) -> set[str]:
        if numbers.search_form(query) == bare:
            return set()
        return {
            system for system in self.register.systems if numbers.search_form(query, self._names_of(system)) == bare
        }

    # --- words -----------------------------------------------------------------------------------------------------

    def _words(self, *texts: str) -> set[tuple[str, ...]]:
        return {words for text in texts if (words := tuple(index_terms(text, self.indexing.units)))}

    def _speak(self, record: Certificate | Datasheet, number: Number) -> None:
        register, places = self.register, self.indexing._places
        product = register.products[record.product]
        if isinstance(record, Datasheet):
            certificates = [register.certificates[reference.key] for reference in record.certificates]
            entry = self.indexing._datasheet(record)
            self.own[number] |= {word for text in (entry.name_words, *entry.declared) for word in text}
        else:
            certificates = [record]
        holder = register.holders[certificates[0].holder]
        unit = self.indexing._unit(register.units[record.unit])
        said = [
            *(name for _, name in product.name),
            *(word for synonym in product.synonyms for _, word in synonym),
            *(name for _, name in register.groups[_group_of(register, record)].name),
            holder.name,
            *(former.name for former in holder.former_names),
            *(places.other_names(holder.address) if holder.address else ()),
        ]
        documents = {*product.documents, *(d.id for c in certificates for d in c.documents)}
        if isinstance(record, Datasheet):
            documents |= set(record.conforms_to)
        elif record.title:
            said += [text for _, text in record.title]
        for certificate in certificates:
            said += [certificate.system, *(name for _, name in register.systems[certificate.system].name)]
        for id_ in documents:
            said += [register.documents[id_].number, *(text for _, text in register.documents[id_].title)]
        self.texts[number] |= self._words(*said) | {(term,) for term in unit.terms}

    @cached_property
    def core(self) -> Mapping[str, frozenset[Number]]:
        """The words of all but what datasheets say themselves."""
        return _turned({number: {word for text in texts for word in text} for number, texts in self.texts.items()})

    @cached_property
    def said(self) -> Mapping[str, frozenset[Number]]:
        """The words that datasheets say themselves."""
        return _turned(self.own)

    @cached_property
    def all_core(self) -> frozenset[str]:
        """Words of things that no record belongs to are known too."""
        entries = self.indexing.entry
        register = self.register
        things = (register.systems, register.products, register.documents, register.holders, register.units)
        return frozenset(self.core) | {term for kind in things for thing in kind.values() for term in entries(thing)[0]}

    def _meanings(self, word: str, *, unfinished: bool) -> set[str]:
        """Return the terms that a word means."""
        in_core = word in self.all_core
        elsewhere = not in_core or any(term.startswith(word) for term in self.said)
        said = self.said if elsewhere else {}
        exact = in_core or word in said
        inflected = len(word) >= _LONG and not any(map(str.isnumeric, word))
        begins = unfinished or (" " not in word and (not exact or len(word) >= _LONG))
        found = {word} & (self.all_core | set(said))
        if begins:
            found |= {term for term in self.all_core if term.startswith(word)}
            found |= {term for term in said if term.startswith(word) and len(word) >= 2}
        if inflected:
            found |= {term for term in self.all_core if term.endswith(word) or _inflected(word, term)}
            found |= {term for term in said if not in_core and _inflected(word, term)}
        if not found and len(word) >= 3 and " " not in word:
            found = {term for term in self.all_core if word in term}
        if not found and inflected:
            spelt = {t for t in self.said if len(t) >= _LONG and t[0] == word[0] and not any(map(str.isnumeric, t))}
            distances = {term: _slips(word, term) for term in self.all_core | spelt}
            least = min(distances.values(), default=9)
            if least <= (2 if len(word) >= _VERY_LONG else 1):
                found = {term for term, slips in distances.items() if slips == least}
        return found

    def _holding(self, word: str, *, unfinished: bool, accompanied: bool) -> list[frozenset[Number]]:
        meant = self._meanings(word, unfinished=unfinished)
        pieces = re.fullmatch(r"([^\W\d_]{1,3})(\d+)", word)
        if meant or not pieces:
            return [self._records_with(meant)]
        letters, digits = pieces.groups()
        known = self.all_core | set(self.said)
        numbered = any(term[len(letters) :].isdecimal() for term in known if term.startswith(letters))
        if letters not in known or (numbered and not accompanied):
            return [frozenset()]
        return [
            self._records_with(self._meanings(letters, unfinished=False)),
            self._records_with(self._meanings(digits, unfinished=unfinished)),
        ]

    def _records_with(self, meant: Collection[str]) -> frozenset[Number]:
        return frozenset[Number]().union(
            *(self.core.get(term, frozenset()) | self.said.get(term, frozenset()) for term in meant)
        )

    def _readings(self, query: str) -> Iterable[tuple[list[str], bool]]:
        """Yield the ways to read a query, as its words and whether the last may go on, the likeliest first."""
        units = self.indexing.units
        folded = fold(query)
        value = re.search(r"(?<![^\W_])([0-9]+(?:[.,][0-9]+)?)\s*([^\s0-9]\S*)$", folded)
        grows = value and any(unit.startswith(value[2]) and unit != value[2] for unit in units.folded)
        plain = (_telling(terms(query, units)), bool(grows) or query[-1:].isalnum())
        if value and grows and value[2] not in units.folded:
            number = re.sub(r"(?:\.0+|(\.[0-9]*[1-9])0+)$", r"\1", value[1].replace(",", "."))
            yield _telling([*terms(folded[: value.start()], units), f"{number} {value[2]}"]), True
            yield plain
            return
        yield plain
        decimals = _DECIMALS_BEGUN.search(folded)
        if decimals and units.folded:
            before = terms(folded[: decimals.start()], units)
            yield _telling([*before, decimals[0].replace(",", ".")]), True

    def _settled(self, query: str) -> frozenset[Number]:
        """Return the records that a query means without what has just been begun; none where nothing has."""
        folded = fold(query)
        begun = _DECIMALS_BEGUN.search(folded) or _WORD_BEGUN.search(folded)
        words = _telling(terms(folded[: begun.start()], self.indexing.units)) if begun else []
        if len(words) == 1 and len(words[0]) <= 3 and words[0] not in self.all_core | set(self.said):
            return frozenset()
        return self._matching(words, unfinished=False)

    def _matching(self, words: Sequence[str], *, unfinished: bool) -> frozenset[Number]:
        count = len(words)
        held = [
            records
            for place, word in enumerate(words, 1)
            for records in self._holding(word, unfinished=unfinished and place == count, accompanied=count > 1)
        ]
        return frozenset.intersection(*held) if held else frozenset()

    # --- together --------------------------------------------------------------------------------------------------

    def find(self, query: str) -> Found:
        """Return what a query finds, cleaned as the page cleans it."""
        forms = numbers.search_forms(query, self._all_names)
        bare = forms[-1]
        by_form = [{number for number, own in self.forms.items() if form in own} for form in forms]
        exact = set().union(*by_form)
        single = self._single(query, by_form, bare)
        holds_digit = any(map(str.isnumeric, query))
        beginning, holding = self._pieces(bare, 3)
        if holds_digit and any(number[0] != "document" for number in exact):
            return Found(frozenset(exact | beginning | holding), single)
        bearing = self._bearing(query)
        if bearing:
            return Found(frozenset(bearing | exact | beginning), *bearing if len(bearing) == 1 else ())
        readings = (self._matching(words, unfinished=unfinished) for words, unfinished in self._readings(query))
        matched = next(filter(None, readings), frozenset[Number]())
        found = exact | matched | (beginning | holding if holds_digit else set())
        if found:
            return Found(frozenset(found), single)
        pieces = self._pieces(bare, 1)[0] if holds_digit else beginning | holding
        if pieces:
            return Found(frozenset(pieces))
        settled = self._settled(query)
        if settled and any(map(str.isalpha, bare)):
            return Found(settled)
        if len(bare) >= 5 and holds_digit and any(map(str.isnumeric, bare)) and not _WORD_LIKE.search(bare):
            near = {number for number, own in self.forms.items() if any(_slips(bare, form) == 1 for form in own)}
            return Found(frozenset(near), slipped=bool(near))
        return Found(frozenset())

    def _single(self, query: str, by_form: Iterable[set[Number]], bare: str) -> Number | None:
        named = self._named(query, bare)
        taken: set[Number] = set()
        for numbers_of_form in by_form:
            fresh = numbers_of_form - taken
            taken |= fresh
            of_named = {number for number in fresh if self._systems_of(number) & named}
            for step in (of_named, fresh - of_named):
                if step:
                    meant = not named or step == of_named
                    return next(iter(step)) if len(step) == 1 and meant else None
        return None

    def _pieces(self, bare: str, shortest: int) -> tuple[set[Number], set[Number]]:
        if len(bare) < shortest:
            return set(), set()
        beginning = {number for number, own in self.forms.items() if any(form.startswith(bare) for form in own)}
        return beginning, {
            number
            for number, own in self.forms.items()
            if number[0] != "datasheet" and any(bare in form for form in own)
        } - beginning

    def _bearing(self, query: str) -> set[Number]:
        digits = re.sub(r"[\s().-]+", "", unicodedata.normalize("NFKC", query))
        if not _GTIN.fullmatch(digits):
            return set()
        gtin = digits[-14:].zfill(14)
        sheets = self.register.datasheets.values()
        return {("datasheet", sheet.code) for sheet in sheets if sheet.gtin and sheet.gtin.zfill(14) == gtin}


def _telling(words: Iterable[str]) -> list[str]:
    each = list(dict.fromkeys(words))
    return [word for word in each if word not in _JOINING] or each


def _group_of(register: Register, record: Certificate | Datasheet) -> str:
    return next(id_ for id_, group in register.groups.items() if group.name == register.products[record.product].group)


def _turned(words: Mapping[Number, Iterable[str]]) -> Mapping[str, frozenset[Number]]:
    found: defaultdict[str, set[Number]] = defaultdict(set)
    for number, own in words.items():
        for word in own:
            found[word].add(number)
    return {word: frozenset(held) for word, held in found.items()}


def _inflected(a: str, b: str) -> bool:
    same = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    shorter, longer = sorted((a[same:], b[same:]), key=len)
    fits = [endings for endings in _ENDINGS if shorter in endings]
    if same < _LONG:
        changes = any(shorter in endings and longer in endings for endings in _ENDINGS[1:3])
        return same == _LONG - 1 and changes and shorter in ("s", "f")
    doubled = shorter == "" and len(longer) > 1 and longer[0] == a[same - 1]
    return any(longer in endings or (doubled and longer[1:] in endings) for endings in fits)


def _slips(a: str, b: str) -> int:
    """Return how many slips lie between two words, 9 where their lengths differ by more than two."""
    if abs(len(a) - len(b)) > 2:
        return 9
    before: list[int] = []
    last = list(range(len(b) + 1))
    for row, letter in enumerate(a, 1):
        current = [row]
        for column, other in enumerate(b, 1):
            slips = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + (letter != other))
            if row > 1 and column > 1 and letter == b[column - 2] and a[row - 2] == other:
                slips = min(slips, before[column - 2] + 1)
            current.append(slips)
        before, last = last, current
    return last[-1]
