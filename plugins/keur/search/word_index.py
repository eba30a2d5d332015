"""How much a word weighs in a text: BM25 as lunr has it, in whole steps.

A document of lunr is a *distinct text* (a product's name in one language, a town, a trade name, a declared value), not
a record. lunr.py's builder takes seconds where only the weights are wanted; ``tests/unit/test_word_index.py`` holds the
formula to it. A weight travels as one small whole number on a scale of 3 % steps, which
``theme/static/js/payload.js`` reads back.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping
from itertools import chain

from keur.search.entries import Words

WEIGHT_UNIT = 0.01
WEIGHT_STEP = 1.03

_K1 = 1.2
_B = 0.75
_DECIMALS = 3


def weigh(texts: Collection[Words]) -> Mapping[Words, Mapping[str, int]]:
    """Return the weight of each word in each of some distinct texts, in steps."""
    # Hardly a text says a word twice.
    counts = {text: dict.fromkeys(text, 1) if len(set(text)) == len(text) else Counter(text) for text in texts}
    spread = Counter(chain.from_iterable(counts.values()))
    average = sum(map(len, texts)) / len(texts) if texts else 0.0
    steps: dict[tuple[int, int, int], int] = {}
    weights: dict[Words, Mapping[str, int]] = {}
    for text, words in counts.items():
        length = len(text)
        weights[text] = own = {}
        for word, count in words.items():
            # Words that stand in as many texts, as often, in texts as long weigh the same: there are few kinds.
            kind = spread[word], count, length
            step = steps.get(kind)
            if step is None:
                step = steps[kind] = quantised(_bm25(*kind, len(texts), average))
            own[word] = step
    return weights


def _bm25(spread: int, count: int, length: int, texts: int, average: float) -> float:
    inverse = math.log(1 + abs((texts - spread + 0.5) / (spread + 0.5)))
    return round(inverse * (_K1 + 1) * count / (_K1 * (1 - _B + _B * length / average) + count), _DECIMALS)


def quantised(weight: float) -> int:
    """Return a weight as steps; what is no more than the unit is 0."""
    return max(0, round(math.log(max(weight, WEIGHT_UNIT) / WEIGHT_UNIT) / math.log(WEIGHT_STEP)))


def utf16(term: str) -> bytes:
    """Return the key by which browsers order text."""
    return term.encode("utf-16-be")
