// @ts-check

/** Let `/` lead to the search box, unless someone is writing. */
export function listenForSlash() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isWritten(event.target)) {
      return;
    }
    const boxes = [...document.querySelectorAll("input[name=q]")];
    const box = boxes.find((candidate) => candidate.checkVisibility?.() ?? true);
    if (box instanceof HTMLInputElement) {
      event.preventDefault();
      box.focus();
      box.select();
    }
  });
}

/** @param {EventTarget | null} target */
function isWritten(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}
