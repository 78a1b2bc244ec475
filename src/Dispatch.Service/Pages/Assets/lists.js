// The lists below the map: everything that is on it, and what it cannot show, for eyes, keyboards and screen readers.
import { bar, byId, fill, h } from "/page/dom.js";
import { Grid } from "/page/grid.js";
import { gbps, kindOf, percent, states, usdBare } from "/page/format.js";

const dash = "–";

const used = {
  key: "use", label: "Used", n: true, value: (r) => r.use,
  cell: (r) => (r.use === null ? dash : [bar(r.use, kindOf(r.use)), h("span", { class: "after-bar" }, percent(r.use))]),
};
const load = { key: "load", label: "Load", n: true, value: (r) => r.load, cell: (r) => (r.load === null ? dash : gbps(r.load)) };
const headroom = { key: "headroom", label: "Headroom", n: true, value: (r) => r.headroom, cell: (r) => (r.headroom === null ? dash : gbps(r.headroom)) };
const id = { key: "id", label: "Id", value: (r) => r.id, cell: (r) => r.id };
const city = { key: "city", label: "City", value: (r) => r.city, cell: (r) => r.city };

const stateOf = (r) => (r.state ? h("strong", { class: "out" }, states[r.state]) : r.kept < 100 ? `keeps ${r.kept} %` : r.use >= 0.9995 ? "full" : "up");

const lists = [
  {
    key: "edge", label: "Edges", rows: (m) => m.edges, sort: { key: "use", down: true },
    search: (e) => `${e.id} ${e.operator} ${e.city} ${e.site ?? ""} ${e.iso ?? ""} ${e.domain} ${e.law} ${states[e.state]}`,
    note: (all) => (all ? "Rates in Gbit/s. Shadow price: USD an hour for the next Gbit/s." : "Rates in Gbit/s."),
    columns: (all) => [id, { key: "operator", label: "Operator", value: (e) => e.operator, cell: (e) => e.operator }, city, used, load, headroom,
      all && { key: "door", label: "Shadow price", n: true, title: "What the next Gbit/s through it would cost behind its door, USD an hour: congestion, contracts, scarcity", value: (e) => e.door ?? null, cell: (e) => (e.door === undefined ? dash : usdBare(e.door * 1000)) },
      { key: "state", label: "State", value: (e) => e.state, cell: stateOf }],
  },
  {
    key: "site", label: "Sites", rows: (m) => m.sites, sort: { key: "use", down: true }, search: (s) => `${s.id} ${s.edges.map((e) => `${e.id} ${e.operator}`).join(" ")}`,
    columns: () => [{ key: "id", label: "Site", value: (s) => s.id, cell: (s) => s.id }, { key: "n", label: "Edges", n: true, value: (s) => s.edges.length, cell: (s) => String(s.edges.length) }, used, load, headroom],
  },
  {
    key: "contract", label: "Contracts", rows: (m) => m.contracts, sort: { key: "use", down: true }, search: (c) => `${c.id} ${c.parent ?? ""} ${c.held.map((e) => e.operator).join(" ")}`,
    note: (all) => (all ? "Rates in Gbit/s. Paid to: traffic below costs nothing more this month. Month: the bill in USD if it ended now. Shadow price: what one more Gbit/s of ceiling would save, USD an hour." : "Rates in Gbit/s."),
    columns: (all) => [{ ...id, label: "Contract" }, used, load, headroom,
      { key: "ceiling", label: "Ceiling", n: true, value: (c) => c.ceiling, cell: (c) => (c.ceiling === undefined ? "none" : gbps(c.ceiling)) },
      ...(all ? [
        { key: "paid", label: "Paid to", n: true, title: "Up to here traffic costs nothing more this month", value: (c) => c.month?.paid, cell: (c) => (c.month?.paid === undefined ? dash : gbps(c.month.paid)) },
        { key: "bill", label: "Month", n: true, title: "The bill if the month ended now", value: (c) => c.month?.billMicroUsd, cell: (c) => (c.month?.billMicroUsd === undefined ? dash : usdBare(c.month.billMicroUsd)) },
        { key: "room", label: "Shadow price", n: true, title: "What one more Gbit/s below its ceiling would save, USD an hour", value: (c) => c.month?.room, cell: (c) => (c.month?.room === undefined ? dash : usdBare(c.month.room * 1000)) },
      ] : [])],
  },
  {
    key: "region", label: "Regions", rows: (m) => m.regions, sort: { key: "demand", down: true }, search: (r) => `${r.id} ${r.name} ${r.country ?? ""} ${r.law}`,
    columns: () => [id, { key: "name", label: "Name", value: (r) => r.name, cell: (r) => r.name }, { key: "country", label: "Country", value: (r) => r.country ?? "", cell: (r) => r.country ?? dash },
      { key: "demand", label: "Demand", n: true, value: (r) => r.demand, cell: (r) => (r.demand === null ? dash : gbps(r.demand)) },
      { key: "unserved", label: "Unserved", n: true, value: (r) => r.unserved, cell: (r) => (r.unserved > 0 ? h("strong", { class: "out" }, gbps(r.unserved)) : r.demand === null ? dash : "0") },
      { key: "law", label: "Law", value: (r) => r.law, cell: (r) => (r.bound ? `${r.law} (bound)` : r.law) }],
  },
  {
    key: "relay", label: "Relays and origins", rows: (m) => [...m.relays, ...m.origins], sort: { key: "id", down: false }, search: (r) => `${r.id} ${r.city} ${r.kind} ${r.domain}`, note: () => "",
    columns: () => [id, { key: "kind", label: "Kind", value: (r) => r.kind, cell: (r) => r.kind }, city, { key: "domain", label: "Fault domain", value: (r) => r.domain, cell: (r) => r.domain },
      { key: "state", label: "State", value: (r) => r.state, cell: stateOf }],
  },
];

/** Tabs with a grid each; only the one that is looked at is kept up to date. */
export class Lists {
  #model = null; #grids = new Map(); #open = "edge"; #pick; #all = null; #chosen = null;

  constructor(pick) {
    this.#pick = pick;
    fill(byId("tabs"), lists.map((l) => h("button", {
      type: "button", role: "tab", id: `tab-${l.key}`, "aria-controls": "tab-panel", on: { click: () => this.open(l.key), keydown: (event) => this.#key(event) },
    }, l.label, h("span", { class: "tab-count" }))));
    byId("filter").addEventListener("input", () => this.#show());
    this.#mark();
  }

  set model(model) {
    const all = model.state.all;
    // Other columns: what is shown to whom has changed.
    if (all !== this.#all) this.#grids.clear();
    this.#all = all;
    this.#model = model;
    for (const l of lists) {
      const rows = l.rows(model);
      for (const row of rows) row.search = l.search(row).toLowerCase();
      byId(`tab-${l.key}`).lastChild.textContent = ` ${rows.length}`;
    }
    this.#show();
  }

  /** Marks what is chosen. */
  set chosen(item) {
    this.#chosen = item;
    for (const [key, grid] of this.#grids) grid.chosen = item && listOf(item) === key ? item.id : null;
  }

  open(key) {
    this.#open = key;
    byId("filter").value = "";
    this.#mark();
    this.#show();
  }

  #mark() {
    for (const l of lists) {
      const tab = byId(`tab-${l.key}`), isOpen = l.key === this.#open;
      tab.setAttribute("aria-selected", String(isOpen));
      tab.tabIndex = isOpen ? 0 : -1;
    }
    byId("tab-panel").setAttribute("aria-labelledby", `tab-${this.#open}`);
  }

  #key(event) {
    const at = lists.findIndex((l) => l.key === this.#open), turn = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const to = event.key === "Home" ? 0 : event.key === "End" ? lists.length - 1 : turn ? (at + turn + lists.length) % lists.length : -1;
    if (to < 0) return;
    event.preventDefault();
    this.open(lists[to].key);
    byId(`tab-${lists[to].key}`).focus();
  }

  #show() {
    if (!this.#model) return;
    const list = lists.find((l) => l.key === this.#open);
    if (!this.#grids.has(list.key)) {
      this.#grids.set(list.key, new Grid({ name: list.label, columns: list.columns(this.#all).filter(Boolean), sort: list.sort, pick: this.#pick, note: list.note?.(this.#all) ?? "Rates in Gbit/s." }));
    }
    const grid = this.#grids.get(list.key), panel = byId("tab-panel");
    grid.filter = byId("filter").value;
    grid.rows = list.rows(this.#model);
    if (panel.firstChild !== grid.element) {
      fill(panel, grid.element);
      panel.scrollTop = 0;
    }
    grid.chosen = this.#chosen && listOf(this.#chosen) === list.key ? this.#chosen.id : null;
  }
}

const listOf = (item) => (item.kind === "origin" ? "relay" : item.kind);
