// @ts-check
/** Scripts that only some readers need: fetched when they do, from beside the script that asks. */

/**
 * @param {string} file of the theme's scripts, see `_SCRIPTS` in `assets.py`
 * @returns {Promise<any>} what it exports
 */
export function fetched(file) {
  return import(new URL(`./${file}`, import.meta.url).href);
}

/**
 * What starts an element once another script has come.
 * @param {string} file
 * @param {string} name of the function in it that takes the element
 * @returns {(element: HTMLElement) => Promise<void>}
 */
export function later(file, name) {
  return async (element) => {
    const script = await fetched(file);
    await script[name](element);
  };
}

/**
 * What starts a closed `<details>` when it is opened first; a link to something in it opens it.
 * @param {string} file
 * @param {string} name of the function in it that takes the element
 * @returns {(element: HTMLElement) => void}
 */
export function onceOpen(file, name) {
  return (element) => {
    const details = /** @type {HTMLDetailsElement} */ (element);
    const start = later(file, name);
    const aimed = location.hash ? document.getElementById(decodedFragment(location.hash)) : null;
    if (aimed && details.contains(aimed)) {
      details.open = true;
      aimed.scrollIntoView();
    }
    if (details.open) {
      void start(details);
    } else {
      details.addEventListener("toggle", () => void start(details), { once: true });
    }
  };
}

/** @param {string} hash */
function decodedFragment(hash) {
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return "";
  }
}
