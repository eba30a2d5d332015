"""Hostile queries on a phone's processor: an answer or "nothing found", no fault, no markup, nothing executed."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import PHONE, SAMPLE_DAY, Visitor

CPU_RATE = 4
GENEROUS = 15_000
"""Milliseconds that a busy machine may take; what is aimed at is 200."""

HOSTILE = {
    "endless": "a" * 5000,
    "endless words": "b c " * 2000,
    "wide slip": "aaaaaaaaaaaaaaaaaaaa~6",
    "star": "*",
    "wave": "~",
    "stars": "*e*o*",
    "operators": "title:x^10 +a -b ~2",
    "colon": "PTV 829: 2",
    "backslashes": "\\\\\\u0041\\",
    "backslash": "\\",
    "broken escape": "%E0%A4%A",
    "percent": "%",
    "markup": "<script>alert(1)</script>",
    "attribute": '"><img src=x onerror=alert(1)>',
    "template": "{{7*7}}${7*7}",
    "prototype": "__proto__",
    "properties": "constructor toString hasOwnProperty",
    "right to left": "\u202e7010/92 RONEB\u202c",
    "nothing to see": "\u200b\u200d\ufeff\u0000\u0007",
    "half a letter": "\ud83c 29/0107",
    "faces": "🙂" * 60,
    "marks": "Z" + "\u0351" * 500,
    "pattern": "(a+)+$ [a-z]{1000} .*.*.*",
    "quotes": "'; drop table--",
    "digits": "9" * 400,
    "digits of another script": "١٢٣",
}

ASK = """async ([query, quiet]) => {
    const box = document.querySelector("main input[name=q]");
    const place = document.querySelector("main");
    let last = performance.now();
    const watcher = new MutationObserver(() => (last = performance.now()));
    watcher.observe(place, { childList: true, characterData: true, subtree: true });
    const begun = performance.now();
    box.value = query;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    const blocked = performance.now() - begun;
    while (performance.now() - Math.max(last, begun) < quiet) {
        await new Promise((done) => setTimeout(done, 10));
    }
    watcher.disconnect();
    return { blocked, settled: last - begun };
}"""


def test_hostile_queries_are_answered_or_said_to_find_nothing(visitor: Visitor, sample: str) -> None:
    """How long each takes is told with ``-rP``."""
    page = visitor.page(SAMPLE_DAY, alone=True, viewport=PHONE, has_touch=True)
    page.goto(f"{sample}/en/search/")
    expect(page.locator("[data-results] > li").first).to_be_visible()
    devtools = page.context.new_cdp_session(page)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": CPU_RATE})
    for name, query in HOSTILE.items():
        # A page takes text only: half a letter is sent as the browser would hold it.
        text = query.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        taken = page.evaluate(ASK, [text, 300])
        print(f"{name}: blocked {taken['blocked']:.0f} ms, settled after {taken['settled']:.0f} ms")
        assert taken["settled"] < GENEROUS, name
        results = page.locator("[data-results] > li").count()
        message = page.locator("[data-message]").inner_text()
        assert results or message.strip() or not re.search(r"\w", query), name
        assert page.locator("main img, main svg[onload], [data-results] script, [data-message] script").count() == 0
    page.evaluate(ASK, ["90012345", 300])
    expect(page.locator("[data-results] [data-slot=number]").first).to_have_text("90012345")
