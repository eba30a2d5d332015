// @ts-check

/**
 * Start what improves each element of a page. One that fails leaves its element as it was printed; the rest still start.
 * @param {Record<string, (element: HTMLElement) => void | Promise<void>>} modules by the name in `data-module`
 */
export function start(modules) {
  for (const element of document.querySelectorAll("[data-module]")) {
    const name = element instanceof HTMLElement ? (element.dataset.module ?? "") : "";
    if (element instanceof HTMLElement && Object.hasOwn(modules, name)) {
      void startOne(element, name, modules[name]);
    }
  }
}

/**
 * @param {HTMLElement} element
 * @param {string} name
 * @param {(element: HTMLElement) => void | Promise<void>} module
 */
async function startOne(element, name, module) {
  try {
    await module(element);
  } catch (fault) {
    console.error(`${name} could not start`, fault);
  }
}
