// Elements from plain values. Text only ever becomes text: nothing of the service's answers is read as markup.

/** Makes an element: properties first, then children (elements, texts, or nothing). */
export function h(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  add(element, children);
  return element;
}

function add(element, children) {
  for (const child of children) {
    if (Array.isArray(child)) add(element, child);
    else if (child !== undefined && child !== null && child !== false && child !== "") element.append(child);
  }
}

/** Replaces what an element holds. */
export function fill(element, ...children) {
  element.replaceChildren();
  add(element, children);
}

export const byId = (id) => document.getElementById(id);

/** A bar of a part of a whole, with the text that says the same. The bar itself says nothing to screen readers. */
export function bar(part, kind) {
  const filled = h("span", { class: "bar-fill", "data-kind": kind });
  // Through the object model: a style attribute is nothing that the page's policy lets in.
  filled.style.width = `${Math.min(100, Math.max(0, part * 100)).toFixed(1)}%`;
  return h("span", { class: "bar", "aria-hidden": "true" }, filled);
}

/** Terms and what they are, the form most details have. */
export function facts(pairs) {
  return h("dl", { class: "facts" }, pairs.filter((p) => p && p[1] !== undefined && p[1] !== null && p[1] !== "" && p[1].length !== 0).map(([term, value]) => [h("dt", null, term), h("dd", null, value)]));
}

/** A small table: its head, and rows of texts or elements. A head that begins with # is of numbers. */
export function table(caption, head, rows, options) {
  const isNumber = head.map((c) => c.startsWith("#"));
  return h("table", { class: "small" },
    h("caption", { class: options?.showsCaption ? "" : "hidden" }, caption),
    h("thead", null, h("tr", null, head.map((c, i) => h("th", { scope: "col", class: isNumber[i] ? "n" : "" }, c.replace(/^#/, ""))))),
    h("tbody", null, rows.map((row) => h("tr", null, row.map((cell, i) => h(i === 0 ? "th" : "td", { scope: i === 0 ? "row" : null, class: isNumber[i] ? "n" : "" }, cell))))));
}
