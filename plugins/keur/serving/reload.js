// Reloads a page when the site that `keur serve` serves has another version of it. No part of any site.

const asked = new URL(import.meta.url).search;

/** @type {EventSource | undefined} */
let changes;

/** Listens while the page is seen: a browser opens few connections to one server, and many pages. */
function listen() {
  changes?.close();
  changes = undefined;
  if (document.visibilityState === "visible") {
    changes = new EventSource(`/__keur/changes${asked}`);
    // Reloading keeps where the reader had scrolled to.
    changes.addEventListener("changed", () => {
      changes?.close();
      location.reload();
    });
  }
}

document.addEventListener("visibilitychange", listen);
listen();
