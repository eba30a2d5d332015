// @ts-check
/**
 * Brings the first script of the search page where the page's own did not run: a host may still send a policy that names
 * another one, or none.
 */

if (!("keurSearch" in globalThis)) {
  await import(new URL("./search-page.js", import.meta.url).href);
}
