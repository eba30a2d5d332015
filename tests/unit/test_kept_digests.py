"""Digests that are kept from one build to the next: made where something they hang on changed, and nowhere else."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from keur.site.digests import KeptDigests
from keur.site.memory import Memory

_OWN = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from([b"1", b"2", b"3"]))
_BUILDS = st.lists(st.tuples(st.sampled_from([b"x", b"y"]), _OWN), min_size=1, max_size=8)


class _Made:
    """Makes digests of a build, and notes which."""

    def __init__(self, common: bytes, own: Mapping[str, bytes]) -> None:
        self.common = common
        self.own = own
        self.keys: list[str] = []

    def __call__(self, keys: Iterable[str]) -> Mapping[str, bytes]:
        self.keys = list(keys)
        return {key: self.common + key.encode() + self.own[key] for key in self.keys}


@settings(max_examples=60, deadline=None)
@given(builds=_BUILDS)
def test_kept_digests_are_those_that_are_made_anew(
    tmp_path_factory: object, builds: list[tuple[bytes, dict[str, bytes]]]
) -> None:
    folder: Path = tmp_path_factory.mktemp("memory")  # type: ignore[attr-defined]  # pytest's own
    before: tuple[bytes, dict[str, bytes]] | None = None
    for common, own in builds:
        made = _Made(common, own)
        found = KeptDigests(Memory(folder, b"generator")).of("rows", common, own, made)
        assert dict(found) == dict(KeptDigests().of("rows", common, own, _Made(common, own)))
        known = before[1] if before and before[0] == common else {}
        assert sorted(made.keys) == sorted(key for key in own if own[key] != known.get(key))
        before = (common, own)
