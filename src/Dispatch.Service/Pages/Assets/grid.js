// A table that the keyboard walks: one row takes the focus, arrows move it, Enter chooses, the head sorts. Long lists are shown a piece at a time.
import { h } from "/page/dom.js";

const piece = 150;

export class Grid {
  #columns; #pick; #rows = []; #shown = []; #limit = piece; #sort; #filter = ""; #focus = null; #chosen = null; #body; #foot; #caption;

  /** Columns have a key, a label, `value(row)` to sort by, `cell(row)` to show, and `n` where they are numbers. */
  constructor({ name, columns, sort, pick, note }) {
    this.#columns = columns;
    this.#pick = pick;
    this.#sort = sort;
    this.name = name;
    this.#caption = h("caption", { class: "hidden" }, name);
    this.#body = h("tbody");
    this.#foot = h("button", { type: "button", class: "more", on: { click: () => this.#more() } });
    this.head = h("tr", { role: "row" }, columns.map((c) => this.#headOf(c)));
    this.element = h("div", null,
      h("table", { class: "grid", role: "grid", "aria-label": name }, this.#caption, h("thead", { role: "rowgroup" }, this.head), this.#body), this.#foot, note && h("p", { class: "dim units" }, note));
    this.#body.setAttribute("role", "rowgroup");
    this.#body.addEventListener("keydown", (event) => this.#key(event));
    this.#body.addEventListener("click", (event) => this.#choose(event.target.closest("tr")));
  }

  set rows(rows) {
    this.#rows = rows;
    this.#render();
  }

  set filter(text) {
    this.#filter = text.trim().toLowerCase();
    this.#limit = piece;
    this.#render();
  }

  set chosen(id) {
    this.#chosen = id;
    for (const row of this.#body.rows) row.setAttribute("aria-selected", String(row.dataset.id === id));
    const chosen = this.#body.querySelector("tr[aria-selected='true']"), frame = this.element.parentElement;
    // Within the list alone: the page itself must not jump.
    if (chosen && frame && !this.#body.contains(document.activeElement)) {
      const head = this.head.offsetHeight, above = chosen.offsetTop - head, below = chosen.offsetTop + chosen.offsetHeight - frame.clientHeight;
      if (frame.scrollTop > above) frame.scrollTop = above;
      else if (frame.scrollTop < below) frame.scrollTop = below;
    }
  }

  #headOf(column) {
    const button = h("button", { type: "button", on: { click: () => this.#sortBy(column) } }, column.label, h("span", { class: "mark", "aria-hidden": "true" }));
    return h("th", { scope: "col", role: "columnheader", class: column.n ? "n" : "", "data-key": column.key, title: column.title }, button);
  }

  #sortBy(column) {
    const same = this.#sort.key === column.key;
    this.#sort = { key: column.key, down: same ? !this.#sort.down : Boolean(column.n) };
    this.#limit = piece;
    this.#render();
  }

  #more() {
    const first = this.#limit;
    this.#limit += piece;
    this.#render();
    this.#body.rows[first]?.focus();
  }

  #render() {
    const held = this.#body.contains(document.activeElement);
    const column = this.#columns.find((c) => c.key === this.#sort.key) ?? this.#columns[0], turn = this.#sort.down ? -1 : 1;
    const found = this.#filter ? this.#rows.filter((r) => r.search.includes(this.#filter)) : this.#rows;
    this.#shown = [...found].sort((a, b) => turn * compare(column.value(a), column.value(b)) || compare(a.id, b.id));
    const shown = this.#shown.slice(0, this.#limit);
    this.#body.replaceChildren(...shown.map((r) => this.#rowOf(r)));
    if (!shown.length) this.#body.append(h("tr", { role: "row" }, h("td", { role: "gridcell", colspan: this.#columns.length, class: "dim" }, this.#filter ? "Nothing matches the filter." : "There are none.")));
    for (const th of this.head.children) th.setAttribute("aria-sort", th.dataset.key === column.key ? (this.#sort.down ? "descending" : "ascending") : "none");
    this.#caption.textContent = `${this.name}: ${shown.length} of ${this.#rows.length}`;
    this.#foot.hidden = this.#shown.length <= this.#limit;
    this.#foot.textContent = `Show more (${shown.length} of ${this.#shown.length})`;
    const focus = [...this.#body.rows].find((r) => r.dataset.id === this.#focus) ?? this.#body.rows[0];
    if (focus?.dataset.id !== undefined) focus.tabIndex = 0;
    if (held) focus?.focus({ preventScroll: true });
  }

  #rowOf(row) {
    const cells = this.#columns.map((c, i) => h(i === 0 ? "th" : "td", { scope: i === 0 ? "row" : null, role: i === 0 ? "rowheader" : "gridcell", class: c.n ? "n" : "" }, c.cell(row)));
    const element = h("tr", { role: "row", tabindex: "-1", "data-id": row.id, "aria-selected": String(row.id === this.#chosen) }, cells);
    return element;
  }

  #key(event) {
    const row = event.target.closest("tr"), rows = this.#body.rows, at = [...rows].indexOf(row);
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.#choose(row);
      return;
    }
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 12, PageUp: at - 12, Home: 0, End: rows.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    if (to >= rows.length && this.#shown.length > this.#limit) {
      this.#limit += piece;
      this.#render();
    }
    this.#move(this.#body.rows[Math.min(this.#body.rows.length - 1, Math.max(0, to))]);
  }

  #move(row) {
    for (const other of this.#body.rows) if (other.tabIndex === 0) other.tabIndex = -1;
    this.#focus = row.dataset.id;
    row.tabIndex = 0;
    row.focus();
  }

  #choose(row) {
    if (row?.dataset.id === undefined) return;
    this.#move(row);
    const found = this.#rows.find((r) => r.id === row.dataset.id);
    if (found) this.#pick(found);
  }
}

// What is not known counts as lowest.
function compare(a, b) {
  if (a === b) return 0;
  if (a === null || a === undefined) return -1;
  if (b === null || b === undefined) return 1;
  return a < b ? -1 : 1;
}
