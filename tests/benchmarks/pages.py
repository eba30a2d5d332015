"""Measure what a page costs by template: ``python -m tests.benchmarks.pages``.

CPU milliseconds on one core for a page's view and its rendering, the median of three rounds over a sample of runs of
consecutive pages, as a worker of a build meets them; and what that makes of all the register's pages, in seconds. The
code of the templates is made before, and its time told apart.
"""

import argparse
import gc
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from keur.pelican_plugin import read_settings
from keur.site.assets import read_assets
from keur.site.compiling import TemplateCode
from keur.site.plan import Plan, PlannedPage
from keur.site.reading import read_register
from keur.site.render import Renderer, make_renderers, read_components
from keur.site.writing import site_languages
from keur.sources import sources_of
from keur.urls import Urls
from keur.views.pages import SiteViews
from keur.views.script_words import words_of_scripts

ROOT = Path(__file__).resolve().parents[2]
RUN = 64
SAMPLE = 1000
ROUNDS = 3


def sample(pages: Sequence[PlannedPage]) -> list[PlannedPage]:
    """Return runs of consecutive pages, evenly from all of them."""
    runs = [pages[start : start + RUN] for start in range(0, len(pages), RUN)]
    step = max(1, len(pages) // SAMPLE)
    return [page for run in runs[::step] for page in run]


def measure(
    pages: Sequence[PlannedPage], renderers: dict[str, Renderer], shared: dict[str, SiteViews]
) -> tuple[float, float]:
    """Return the seconds of all these pages' views, and of their rendering."""
    view = rendering = 0.0
    for planned in pages:
        begun = time.process_time()
        page = planned.make()
        made = time.process_time()
        renderers[planned.lang].render(planned.template, page, shared[planned.lang].at(page.path))
        view, rendering = view + made - begun, rendering + time.process_time() - made
    return view, rendering


def figures(data: Path) -> Iterator[str]:
    """Yield the lines of a table."""
    settings = sources_of(read_settings(ROOT / "pelicanconf.py", {})).site
    languages, site_urls = site_languages(settings), Urls(settings.site_url)
    register, _ = read_register(data, settings.languages)
    words = words_of_scripts(languages)
    assets = read_assets(settings.theme / "static", settings.node_modules, words)
    templates = settings.theme / "templates"
    components = read_components(templates)
    renderers = make_renderers(TemplateCode(templates), languages, assets, site_urls)

    number: Counter[str] = Counter()
    spent: dict[str, list[tuple[float, float]]] = {}
    code = 0.0
    for _ in range(ROUNDS):
        plan = Plan(register, languages, site_urls, (), components)  # a new one has nothing made yet
        pages = tuple(plan.pages())
        number = Counter(page.template for page in pages)
        shared = {tag: SiteViews(frame, ()) for tag, frame in plan.frames.items()}
        gc.collect()
        gc.freeze()
        for template in number:
            begun = time.process_time()
            for renderer in renderers.values():
                renderer.prepare(template)
            code += time.process_time() - begun
            chosen = sample([page for page in pages if page.template == template])
            view, rendering = measure(chosen, renderers, shared)
            spent.setdefault(template, []).append((view / len(chosen), rendering / len(chosen)))

    yield "| template | pages | view, ms | rendering, ms | all pages, s |"
    yield "|---|---:|---:|---:|---:|"
    total = 0.0
    for template, count in number.most_common():
        view, rendering = (statistics.median(part) for part in zip(*spent[template], strict=True))
        total += (view + rendering) * count
        all_pages = (view + rendering) * count
        yield f"| {template} | {count:,} | {view * 1e3:.3f} | {rendering * 1e3:.3f} | {all_pages:.2f} |"
    yield f"| together | {number.total():,} | | | {total:.2f} |"
    yield f"| code of the templates, {len(languages)} languages | | | | {code:.2f} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.pages", description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT / "registry_data", help="the export to measure with")
    for line in figures(parser.parse_args().data.resolve()):
        print(line)


if __name__ == "__main__":
    main()
