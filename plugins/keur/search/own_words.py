"""The words of trade names and declared values: the rows of datasheets that hold each, with weights.

They are a collection of lunr of their own, of ``texts``; the browser weighs the words of the core.

A build takes over what the last one made. Where a row says something else, or weighs something else because there are
other texts, its words are taken out and put in anew; where that is so of many rows, all of it is made anew.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from keur.search.columns import packed, packed_lists
from keur.search.entries import DatasheetEntry, Words
from keur.search.kept import Json, KeptFiles, Part
from keur.search.word_index import utf16, weigh

RowTexts: TypeAlias = tuple[Words, tuple[Words, ...]]
"""The words of a datasheet's trade name, and of each text that it declares."""


class Rows(NamedTuple):
    """What each row says, with a digest that tells it from all that it said before."""

    digests: Sequence[bytes]
    texts: Sequence[RowTexts]


DECLARED_STEPS = 9
"""What a declared value counts less than a trade name, in steps of weights: 1.3 times."""

_WEIGHT_BITS = 16
_WEIGHT_MASK = (1 << _WEIGHT_BITS) - 1
_POSTING = "q"
_POSTING_BYTES = 8
_FEW = 8
"""One row in so many may change before all is made anew."""

_Weights: TypeAlias = Mapping[Words, Mapping[str, int]]
_Postings: TypeAlias = Mapping[str, bytes]


class _Made(NamedTuple):
    """What is made of rows, all plain values: how much each text's words weigh, and where each word stands."""

    digests: Sequence[bytes]
    weights: _Weights
    postings: _Postings


class OwnWords:
    """The words of rows; a term's postings are the row and the weight as one number each, in the order of rows."""

    def __init__(self, rows: Rows, slice_bytes: int, kept: KeptFiles) -> None:
        """``slice_bytes`` is how much of terms and postings stands in a file, unpacked."""
        self._slice_bytes = slice_bytes
        found = kept.state("words")
        made = _made_anew(rows) if found is None else _brought_up_to_date(rows, _Made(*found), kept)
        kept.leave("words", tuple(made), changed=found is None or made.digests != found[0])
        self.texts = len(made.weights)
        self._postings = made.postings
        self.terms = sorted(made.postings, key=utf16)
        self._by_code_point = sorted(made.postings)

    def begins(self, word: str) -> bool:
        """Tell whether a term is a word or begins with it."""
        at = bisect_left(self._by_code_point, word)
        return self._by_code_point[at : at + 1] != [] and self._by_code_point[at].startswith(word)

    def slices(self) -> Iterator[Part]:
        """Yield the terms in order, as many in a file as fit."""
        part: list[str] = []
        size = 0
        for term in self.terms:
            part.append(term)
            size += len(term) + 4 + 5 * (len(self._postings[term]) // _POSTING_BYTES)
            if size >= self._slice_bytes:
                yield self._part(part)
                part, size = [], 0
        if part:
            yield self._part(part)

    def _part(self, terms: Sequence[str]) -> Part:
        postings = [self._postings[term] for term in terms]
        return Part(terms[0], terms[-1], (terms, postings), lambda: _content(terms, postings))


def _content(terms: Sequence[str], postings: Iterable[bytes]) -> Json:
    """Return what a file of terms says."""
    numbers = [array(_POSTING, own) for own in postings]
    rows = [[posting >> _WEIGHT_BITS for posting in own] for own in numbers]
    weights = [[posting & _WEIGHT_MASK for posting in own] for own in numbers]
    palette = sorted({weight for own in weights for weight in own})
    number = {weight: place for place, weight in enumerate(palette, 1)}
    # Most words weigh the same wherever they stand; 0 says that each weight follows.
    told = [
        0 if weight is None else number[weight]
        for own in weights
        for weight in (own[:1] if len(set(own)) == 1 else (None, *own))
    ]
    return {"terms": terms, **packed_lists(rows), "palette": palette, "weights": packed(told)}


# --- rows weighed -----------------------------------------------------------------------------------------------------


def _made_anew(rows: Rows) -> _Made:
    return _Made(rows.digests, *_posted(rows, weigh(_distinct(rows.texts))))


def _posted(rows: Rows, weights: _Weights) -> tuple[_Weights, _Postings]:
    postings: defaultdict[str, array[int]] = defaultdict(lambda: array(_POSTING))
    weigh_row = _RowWeights(weights)
    for row, texts in enumerate(rows.texts):
        for term, weight in weigh_row(texts).items():
            postings[term].append(row << _WEIGHT_BITS | weight)
    return weights, {term: own.tobytes() for term, own in postings.items()}


def _brought_up_to_date(rows: Rows, before: _Made, kept: KeptFiles) -> _Made:
    """Return what is made of rows, out of what was made of those of the last build."""
    if rows.digests == before.digests:
        return before
    changed = {row for row, pair in enumerate(zip(rows.digests, before.digests, strict=False)) if pair[0] != pair[1]}
    few = len(rows.texts) // _FEW
    if len(rows.digests) != len(before.digests) or len(changed) > few:
        return _made_anew(rows)
    texts, weights = _distinct(rows.texts), before.weights
    if texts != weights.keys():
        weights = weigh(texts)
        # What says a text that weighs something else says something else.
        other = {text for text in texts if before.weights.get(text, weights[text]) != weights[text]}
        changed.update(row for row, own in enumerate(rows.texts) if own[0] in other or not other.isdisjoint(own[1]))
        if len(changed) > few:
            return _Made(rows.digests, *_posted(rows, weights))
    out: defaultdict[str, set[int]] = defaultdict(set)
    into: defaultdict[str, list[int]] = defaultdict(list)
    weigh_row, weigh_before = _RowWeights(weights), _RowWeights(before.weights)
    for row in sorted(changed):
        said = kept.entry_before(before.digests[row])
        if said is None:
            return _made_anew(rows)
        sheet = DatasheetEntry._make(said)
        for term in weigh_before((sheet.name_words, sheet.declared)):
            out[term].add(row)
        for term, weight in weigh_row(rows.texts[row]).items():
            into[term].append(row << _WEIGHT_BITS | weight)
    postings = dict(before.postings)
    for term in out.keys() | into.keys():
        gone = out[term]
        stay = (posting for posting in array(_POSTING, postings.get(term, b"")) if posting >> _WEIGHT_BITS not in gone)
        own = sorted([*stay, *into[term]])
        if own:
            postings[term] = array(_POSTING, own).tobytes()
        else:
            del postings[term]
    return _Made(rows.digests, weights, postings)


class _RowWeights:
    """Tells of each term of a row its weight: twice the steps, and one more where the trade name holds the term."""

    def __init__(self, weights: _Weights) -> None:
        self._weights = weights
        self._declared: dict[Words, list[tuple[str, int]]] = {}

    def __call__(self, texts: RowTexts) -> dict[str, int]:
        name, declared = texts
        own = {term: 2 * weight + 1 for term, weight in self._weights[name].items()} if name else {}
        for text in declared:
            for term, weight in self._lowered(text):
                before = own.get(term, 0)
                if before <= weight:
                    own[term] = weight | before & 1
        return own

    def _lowered(self, text: Words) -> list[tuple[str, int]]:
        lowered = self._declared.get(text)
        if lowered is None:
            weights = self._weights[text]
            lowered = [(term, 2 * max(0, weight - DECLARED_STEPS)) for term, weight in weights.items()]
            self._declared[text] = lowered
        return lowered


def _distinct(rows: Sequence[RowTexts]) -> set[Words]:
    found = {text for _, declared in rows for text in declared}
    found.update(name for name, _ in rows if name)
    return found
