"""Weights of words: those of lunr.py's builder, in whole steps."""

import random
from typing import Any

from lunr import stemmer
from lunr.builder import Builder
from lunr.token import Token

from keur.search.word_index import WEIGHT_STEP, WEIGHT_UNIT, quantised, weigh
from keur.search.words import index_terms

_LETTERS = "abcdefgh"


def _texts(seed: int, count: int) -> list[tuple[str, ...]]:
    """Return distinct texts of one to seven words, some of them twice in a text."""
    draws = random.Random(seed)
    texts = {tuple(draws.choices(_LETTERS, k=draws.randint(1, 7))) for _ in range(count)}
    return sorted(texts)


def _weights_of_lunr(texts: list[tuple[str, ...]]) -> dict[tuple[str, ...], dict[str, float]]:
    builder: Any = Builder()
    builder.ref("number")
    builder.field("words")
    for number, words in enumerate(texts):
        builder.add({"number": number, "words": list(words)})
    index = builder.build()
    terms = {entry["_index"]: term for term, entry in index.inverted_index.items()}
    vectors = [index.field_vectors[f"words/{number}"].elements for number in range(len(texts))]
    return {
        text: {terms[int(term)]: weight for term, weight in zip(vector[::2], vector[1::2], strict=True)}
        for text, vector in zip(texts, vectors, strict=True)
    }


def test_weights_are_those_of_lunrs_builder() -> None:
    """Whatever stands in the texts: rare words and frequent ones, short texts and long, words twice in a text."""
    for seed, count in enumerate((1, 2, 10, 300)):
        texts = _texts(seed, count)
        expected = {
            text: {term: quantised(weight) for term, weight in weights.items()}
            for text, weights in _weights_of_lunr(texts).items()
        }
        assert weigh(texts) == expected


def test_a_step_is_three_percent() -> None:
    """What is read back is within 1.5 % of what was weighed; what weighs next to nothing weighs the unit."""
    for weight in (0.011, 0.5, 3.21, 14.7):
        back = WEIGHT_UNIT * WEIGHT_STEP ** quantised(weight)
        assert abs(back - weight) / weight < 0.015
    assert quantised(0) == quantised(WEIGHT_UNIT) == 0


def test_no_texts_weigh_nothing() -> None:
    """A register without datasheets has no words of theirs."""
    assert weigh([]) == {}


def test_words_that_stemmers_cut_apart_are_kept() -> None:
    """lunr.py makes ``clai`` of clay, which lunr.js does not: a vitrified clay pipe would never be found."""
    for word in ("clay", "tray"):
        assert str(stemmer.stemmer(Token(word))) != word
        assert index_terms(word) == [word]
