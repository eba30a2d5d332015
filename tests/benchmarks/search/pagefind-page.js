// The search page with Pagefind in place of the site's own engine: the same box and the same list of results.
import * as pagefind from "/pagefind/pagefind.js";

// In the page's own thread, where the benchmark slows processor and network alike for both engines.
await pagefind.options({ noWorker: true });

const SHOWN = 10;
const box = document.querySelector("input[name=q]");
const list = document.querySelector("[data-results]");
const count = document.querySelector("[data-count]");
const template = document.querySelector("template[data-result]");
let latest = 0;

async function show() {
  const turn = ++latest;
  const asked = box.value.trim();
  const found = asked ? await pagefind.search(asked) : { results: [] };
  if (turn !== latest) {
    return;
  }
  list.replaceChildren();
  count.textContent = String(found.results.length);
  // The first result alone, so that it stands as early as it can; then the others.
  const [first, ...others] = found.results.slice(0, SHOWN);
  if (!first) {
    return;
  }
  const data = await first.data();
  if (turn !== latest) {
    return;
  }
  list.append(render(data));
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
  const rest = await Promise.all(others.map((result) => result.data()));
  if (turn === latest) {
    list.append(...rest.map(render));
  }
}

function render(data) {
  const item = template.content.cloneNode(true);
  item.querySelector("a").setAttribute("href", data.url);
  item.querySelector("[data-slot=number]").textContent = data.meta.title ?? data.url;
  return item;
}

box.addEventListener("input", () => void show());
document.querySelector("form.search-box").addEventListener("submit", (event) => event.preventDefault());
const asked = new URLSearchParams(location.search).get("q");
if (asked) {
  box.value = asked;
  void show();
}
