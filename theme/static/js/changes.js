// @ts-check

const PARAMETER = "change";

/**
 * Let a list of changes be narrowed to one kind, which then stands in the address: `?change=suspended`.
 * @param {HTMLElement} element the list, with its form
 */
export function startChanges(element) {
  const form = element.querySelector("form");
  const choice = form?.elements.namedItem(PARAMETER);
  if (!form || !(choice instanceof HTMLSelectElement)) {
    return;
  }
  const asked = () => new URLSearchParams(location.search).get(PARAMETER) ?? "";
  const show = () => {
    const known = [...choice.options].some((option) => option.value === asked());
    choice.value = known ? asked() : "";
    narrow(element, choice.value);
  };
  choice.addEventListener("change", () => {
    history.pushState(null, "", choice.value ? `?${PARAMETER}=${choice.value}` : location.pathname);
    narrow(element, choice.value);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("popstate", show);
  form.hidden = false;
  show();
}

/**
 * @param {HTMLElement} element
 * @param {string} kind every kind where it is empty
 */
function narrow(element, kind) {
  for (const section of element.querySelectorAll("section")) {
    let shown = 0;
    for (const row of section.querySelectorAll("li")) {
      row.hidden = kind !== "" && row.dataset.change !== kind;
      shown += row.hidden ? 0 : 1;
    }
    section.hidden = shown === 0;
    for (const note of section.querySelectorAll("p")) {
      note.hidden = kind !== "";
    }
  }
}
