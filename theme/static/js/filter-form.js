// @ts-check
/** The filters as they stand before anything is counted: made here, for nobody sees them in the first answer. */

/** In the order in which they are looked for. */
const IN_ORDER = ["kind", "system", "status", "group", "product", "holder", "region"];

/**
 * Fill the form with a fieldset for each facet and, after that of products, the place of filters by declared values. None
 * is shown before it has values.
 * @param {HTMLFormElement} form
 * @param {Record<string, string>} words
 */
export function makeFilters(form, words) {
  const parts = IN_ORDER.flatMap((name) => {
    const fieldset = facet([words[`facet_${name}`]], values());
    fieldset.dataset.facet = name;
    fieldset.hidden = true;
    return name === "product" ? [fieldset, valueFilters(words)] : [fieldset];
  });
  form.prepend(...parts);
}

/** @param {Record<string, string>} words */
function valueFilters(words) {
  const name = made("p", { className: "values__name", id: "values" }, words.values);
  const group = made("div", { className: "values", hidden: true }, name, data("div", "valueFacets"), note(words.values_note));
  group.dataset.values = "";
  group.setAttribute("role", "group");
  group.setAttribute("aria-labelledby", name.id);
  const ofRange = facet([slot("name"), slot("unit")], range(words), note("", "note"));
  const ofChoice = facet([slot("name"), slot("unit")], values());
  group.append(template("valueRange", ofRange), template("valueChoice", ofChoice));
  return group;
}

/** @param {Record<string, string>} words */
function range(words) {
  const ends = [words.from, words.to].map((word) => {
    const input = made("input", { type: "text", inputMode: "decimal", autocomplete: "off", maxLength: 31 });
    return made("label", {}, made("span", {}, word), " ", input);
  });
  return made("div", { className: "facet__range" }, ...ends);
}

/**
 * @param {(Node | string)[]} legend
 * @param {Node[]} parts
 */
function facet(legend, ...parts) {
  return made("fieldset", { className: "facet" }, made("legend", {}, ...legend), ...parts);
}

function values() {
  const list = data("div", "facetValues");
  list.className = "facet__values";
  return list;
}

/**
 * @param {string} text
 * @param {string} [name] of the slot that it is
 */
function note(text, name) {
  const element = made("p", { className: "facet__note" }, text);
  if (name) {
    element.dataset.slot = name;
  }
  return element;
}

/** @param {string} name */
function slot(name) {
  const element = made("span", {});
  element.dataset.slot = name;
  return element;
}

/**
 * @param {string} name
 * @param {Node} content
 */
function template(name, content) {
  const element = data("template", name);
  element.content.append(content);
  return element;
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} name of a data attribute without a value
 */
function data(tag, name) {
  const element = made(tag, {});
  element.dataset[name] = "";
  return element;
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Partial<HTMLElementTagNameMap[Tag]>} properties
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
function made(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}
