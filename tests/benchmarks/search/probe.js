// In every page of the benchmark: notes when the first result is on the screen, and asks the box as a person does.
(() => {
  const QUIET = 300;
  const LONGEST = 15_000;
  // The first query of a page may bring the engine along.
  const LONGEST_FIRST = 20_000;
  const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()), 0)));
  const links = () =>
    [...document.querySelectorAll("[data-results] > li")].map((item) => item.querySelector("a[href]")?.href ?? "");

  // What an engine still fetches it may still show, however busy the machine is.
  let fetching = 0;
  let fetched = 0;
  const fetchNow = globalThis.fetch;
  globalThis.fetch = async (...asked) => {
    fetching += 1;
    try {
      return await fetchNow(...asked);
    } finally {
      fetching -= 1;
      fetched = performance.now();
    }
  };

  const probe = {
    /** When the page itself was painted, in milliseconds after it was asked for. */
    page: 0,
    /** When the first result was. */
    first: 0,
    /** When it was put into the list: what is fetched from then on was not needed for it. */
    listed: 0,

    /**
     * Empty the list, whatever engine fills it.
     * @param {string} nothing a query that the engine has no result for
     * @returns {Promise<boolean>} whether the list is empty
     */
    async clear(nothing) {
      const box = document.querySelector("input[name=q]");
      box.value = nothing;
      box.dispatchEvent(new Event("input", { bubbles: true }));
      const until = performance.now() + LONGEST_FIRST;
      while (links().length > 0 && performance.now() < until) {
        await new Promise((done) => setTimeout(done, 5));
      }
      await new Promise((done) => setTimeout(done, 20));
      return links().length === 0;
    },

    /**
     * Type a query, all at once, into a box whose list is empty.
     * @param {string} text
     * @param {boolean} settle wait until nothing changes any more, not for the first result alone
     */
    async ask(text, settle) {
      const box = document.querySelector("input[name=q]");
      const place = document.querySelector("main");
      let last = 0;
      let first = 0;
      let wake = () => {};
      const begun = performance.now();
      const watcher = new MutationObserver(() => {
        last = performance.now();
        if (!first && links().length > 0) {
          first = last;
        }
        wake();
      });
      watcher.observe(place, { childList: true, characterData: true, subtree: true });
      box.value = text;
      box.dispatchEvent(new Event("input", { bubbles: true }));
      while (performance.now() - begun < LONGEST) {
        const quiet = last > 0 && fetching === 0 && performance.now() - Math.max(last, fetched, begun) > QUIET;
        if (quiet || (first && !settle)) {
          break;
        }
        await new Promise((done) => {
          wake = done;
          setTimeout(() => requestAnimationFrame(done), 50);
        });
      }
      watcher.disconnect();
      return { links: links().slice(0, 10), time: first ? first - begun : null };
    },
  };

  // From the first element on: an engine may answer before all of the page has been read.
  const watcher = new MutationObserver(async () => {
    if (document.querySelector("[data-results] > li a[href]")) {
      watcher.disconnect();
      probe.listed = performance.now();
      probe.first = await painted();
    }
  });
  watcher.observe(document, { childList: true, subtree: true });
  document.addEventListener("DOMContentLoaded", async () => {
    probe.page = await painted();
  });
  globalThis.searchProbe = probe;
})();
