"""The figures as Markdown: each engine's, their ratio, and the goals with what was measured beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tests.benchmarks.search.browser import Opening, Session, percentile
from tests.benchmarks.search.queries import Query

TYPED_WELL = (
    "certificate, exact",
    "certificate, with its mark",
    "certificate, other spelling",
    "certificate, prefix",
    "datasheet code, exact",
    "datasheet code, other spelling",
    "datasheet code, prefix",
    "document number",
)
SLIPS = ("certificate, one slip", "datasheet code, one slip")
TYPOS = ("product, typo", "holder, typo", "trade name, typo")

OWN_WORDS = (*TYPED_WELL, "certificate, last part", "holder", "holder, prefix", "town", "trade name")
"""Classes that need no other language, no table of synonyms and no tolerance; names of products come with them."""

NUMBER, CODE = "certificate, exact", "datasheet code, exact"
PAGE = "no query"
"""The page opened by itself, with all that it fetches for its list of everything: what "beyond the page" is beyond."""

NEAR = (NUMBER, "product, nl", "holder", "town")
FAR = ("trade name", "product, typo")
OPENED = (NUMBER, CODE, *NEAR[1:], *FAR, "certificate, one slip")
"""Classes of which one query opens the page on slow 4G."""


@dataclass
class Figures:
    """All that was measured of one engine."""

    name: str
    session: Session
    openings: dict[str, Opening | None] = field(default_factory=dict)
    index_size: int = 0
    build_seconds: float = 0.0
    build_peak_mb: float | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """How many of some queries were answered by their first result, and within the first ten."""

    asked: int
    first: int
    ten: int

    @property
    def at_1(self) -> float:
        """Return success@1."""
        return self.first / self.asked if self.asked else 1.0

    @property
    def at_10(self) -> float:
        """Return success@10."""
        return self.ten / self.asked if self.asked else 1.0


def score(session: Session, queries: Iterable[Query]) -> Score:
    """Count the answered queries. Of a query without an answer the right response is no result."""
    asked = first = ten = 0
    for query in queries:
        results = session.results[query.text]
        asked += 1
        first += results[0] in query.answers if results and query.answers else not results and not query.answers
        ten += any(result in query.answers for result in results) if query.answers else not results
    return Score(asked, first, ten)


def by_class(queries: Sequence[Query]) -> dict[str, list[Query]]:
    """Return the queries of each class."""
    classes: defaultdict[str, list[Query]] = defaultdict(list)
    for query in queries:
        classes[query.kind].append(query)
    return dict(classes)


def class_table(queries: Sequence[Query], engines: Sequence[Figures], lang: str) -> Iterator[str]:
    """Yield success@1 and @10 of every class, of those that pages of one language can answer, and of all."""
    yield "| class | queries | " + " | ".join(f"{engine.name} @1 | @10" for engine in engines) + " |"
    yield "|---|--:|" + "--:|--:|" * len(engines)
    plain = [query for query in queries if query.kind in (*OWN_WORDS, f"product, {lang}")]
    totals = {f"**numbers, and names as pages in {lang} write them**": plain, "**all**": list(queries)}
    for kind, own in {**by_class(queries), **totals}.items():
        scores = [score(engine.session, own) for engine in engines]
        yield f"| {kind} | {len(own)} | " + " | ".join(f"{s.at_1:.2f} | {s.at_10:.2f}" for s in scores) + " |"


def failing(queries: Sequence[Query], session: Session) -> Iterator[str]:
    """Yield a line for each query that was not answered by the first result."""
    yield "| class | query | first results | acceptable, for instance |"
    yield "|---|---|---|---|"
    for query in queries:
        if score(session, [query]).first:
            continue
        found = session.results[query.text]
        place = next((n for n, result in enumerate(found, 1) if result in query.answers), None)
        got = ", ".join(found[:2]) or "nothing"
        rank = f" (right one: {place})" if place else ""
        wanted = f"{min(query.answers)} and {len(query.answers) - 1} more" if query.answers else "no result"
        yield f"| {query.kind} | `{query.text}` | {got}{rank} | {wanted} |"


def figure_table(engines: Sequence[Figures], queries: Sequence[Query], blank: Opening) -> Iterator[str]:
    """Yield every figure of each engine, and the ratio of the first to the second."""
    ratio = " ratio |" if len(engines) == 2 else ""
    yield "| figure | " + " | ".join(engine.name for engine in engines) + f" |{ratio}"
    yield "|---|" + "--:|" * (len(engines) + bool(ratio))

    def row(label: str, unit: str, figure: Callable[[Figures], float | None]) -> str:
        values = [figure(engine) for engine in engines]
        cells = [("—" if value is None else unit.format(value)) for value in values]
        if ratio:
            both = values[0] is not None and values[1]
            cells.append(f"{values[0] / values[1]:.2f}" if both else "—")  # type: ignore[operator]  # both are there
        return f"| {label} | " + " | ".join(cells) + " |"

    for kind in OPENED:
        text = by_class(queries)[kind][0].text
        yield row(f"open `{text}` ({kind}), slow 4G", "{:.0f} ms", lambda e, k=kind: _of(e, k, "first_ms"))  # type: ignore[misc]  # the default binds the loop's value
        yield row("  … bytes", "{:.1f} kB", lambda e, k=kind: _kb(_of(e, k, "size")))  # type: ignore[misc]  # likewise
        yield row("  … requests", "{:.0f}", lambda e, k=kind: _of(e, k, "requests"))  # type: ignore[misc]  # likewise
    yield row("open the page without a query, slow 4G", "{:.0f} ms", lambda e: _of(e, PAGE, "first_ms"))
    yield row("  … bytes", "{:.1f} kB", lambda e: _kb(_of(e, PAGE, "size")))
    yield row("  … requests", "{:.0f}", lambda e: _of(e, PAGE, "requests"))
    bare = f"{blank.first_ms:.0f} ms, {blank.size / 1000:.1f} kB, {blank.requests} requests"
    yield f"| the same page without an engine, slow 4G | {bare} |" + " |" * (len(engines) - 1 + bool(ratio))
    yield row("query p50, CPU ÷ 4", "{:.1f} ms", lambda e: percentile(e.session.times.values(), 50))
    yield row("query p95, CPU ÷ 4", "{:.1f} ms", lambda e: percentile(e.session.times.values(), 95))
    yield row("heap with buffers", "{:.1f} MB", lambda e: e.session.heap_mb)
    yield row("success@1", "{:.3f}", lambda e: score(e.session, queries).at_1)
    yield row("success@10", "{:.3f}", lambda e: score(e.session, queries).at_10)
    yield row("all search files, brotli", "{:.0f} kB", lambda e: _kb(e.index_size))
    yield row("building them", "{:.1f} s", lambda e: e.build_seconds)
    yield row("… largest process", "{:.0f} MB", lambda e: e.build_peak_mb)


def introduction(sheets: int, queries: int, version: str) -> Iterator[str]:
    """Yield the sentence that says what a table was measured by."""
    yield f"{sheets:,} datasheets, {queries} queries of 33 classes, {version}, slow 4G (1.6 Mbps, 150 ms), CPU ÷ 4:"
    yield ""


def goal_table(own: Figures, other: Figures, queries: Sequence[Query], blank: Opening, *, large: bool) -> Iterator[str]:
    """Yield the goals, what was measured, and whether they are met; ``large`` takes those for 100,000 datasheets."""
    yield "| goal | measured | met |"
    yield "|---|---|---|"
    classes = by_class(queries)

    def line(goal: str, measured: str, met: bool) -> str:
        return f"| {goal} | {measured} | {'yes' if met else '**no**'} |"

    number, code, page = (own.openings.get(kind) for kind in (NUMBER, CODE, PAGE))
    if number and code and page:
        yield line(
            "certificate number: whole page until the answer ≤ 16 kB, ≤ 2 requests beyond the blank page",
            f"{number.size / 1000:.1f} kB; beyond the blank page {(number.size - blank.size) / 1000:.1f} kB, "
            f"{number.requests - blank.requests} requests",
            number.size <= 16_000 and number.requests - blank.requests <= 2,
        )
        most = 2 if large else 1
        yield line(
            f"datasheet code, beyond the page: one fetch, ≤ {most} kB",
            f"{code.requests - page.requests} more, {(code.size - page.size) / 1000:.1f} kB",
            code.requests - page.requests <= 1 and code.size - page.size <= most * 1000,
        )
        extra = max((_of(own, kind, "size") or 0) - page.size for kind in (*NEAR[1:], *FAR))
        most = 24 if large else 16
        yield line(f"other words, beyond the page: ≤ {most} kB", f"{extra / 1000:.1f} kB at most", extra <= most * 1000)
    limits = ((NEAR, 350, 0.2 if large else 0.35), (FAR, 800 if large else 700, 0.3 if large else 0.45))
    for kinds, beyond, share in limits:
        times = {kind: _of(own, kind, "first_ms") for kind in kinds}
        late = [time - blank.first_ms for time in times.values() if time is not None]
        ratios = [
            time / theirs
            for kind, time in times.items()
            if time is not None and (theirs := _of(other, kind, "first_ms")) is not None
        ]
        whole = None not in times.values()
        measured = "no result to measure by"
        if late and ratios:
            measured = f"blank + {max(late):.0f} ms, {max(ratios):.2f} × at worst"
        met = whole and bool(late and ratios) and max(late) <= beyond and max(ratios) <= share
        yield line(f"slow 4G, {', '.join(kinds)}: ≤ blank + {beyond} ms, ≤ {share} × Pagefind", measured, met)
    p95 = percentile(own.session.times.values(), 95)
    most = 20 if large else 10
    yield line(f"query p95, CPU ÷ 4: ≤ {most} ms", f"{p95:.1f} ms", p95 <= most)
    least_of: tuple[tuple[str, Sequence[str], float], ...] = (
        ("all", list(classes), 0.985),
        ("numbers typed well", TYPED_WELL, 1.0),
        ("one slip", SLIPS, 0.95),
        ("typos", TYPOS, 0.97),
    )
    for label, asked, least in least_of:
        got = score(own.session, [query for kind in asked for query in classes[kind]]).at_1
        yield line(f"success@1, {label}: ≥ {least:.3f}", f"{got:.3f}", got >= least)
    most = 2_000 if large else 250
    size = own.index_size / 1000
    theirs = other.index_size / 1000
    yield line(f"all search files, brotli: ≤ {most} kB", f"{size:.0f} kB (Pagefind {theirs:.0f} kB)", size <= most)
    peak = own.build_peak_mb or 0.0
    yield line(
        "building them: ≤ Pagefind's time" + (", < 1 GB" if large else ""),
        f"{own.build_seconds:.1f} s against {other.build_seconds:.1f} s; {peak:.0f} MB with the register",
        own.build_seconds <= other.build_seconds and (not large or peak < 1000),
    )


def _of(engine: Figures, kind: str, name: str) -> float | None:
    opening = engine.openings.get(kind)
    return None if opening is None else getattr(opening, name)


def _kb(size: float | None) -> float | None:
    return None if size is None else size / 1000
