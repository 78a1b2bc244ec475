// The page: hears what the service tells, and shows it.
import * as details from "/page/details.js";
import { byId, fill, h } from "/page/dom.js";
import { Feed } from "/page/feed.js";
import { count, percent, rate, states } from "/page/format.js";
import { handle } from "/page/hand.js";
import { Lists } from "/page/lists.js";
import { WorldMap } from "/page/map.js";
import { join } from "/page/model.js";
import { showDiff, showPanels, showStanding } from "/page/panels.js";
import { keepTheme } from "/page/theme.js";
import { SignIn } from "/page/sign.js";

const feed = new Feed(), map = new WorldMap(byId("map-canvas")), lists = new Lists((item) => choose(item, "list"));
const sign = new SignIn(feed);
let places = null, placesTag = "", model = null, pulse = null, heardAt = 0, away = false, latest = 0;
let chosen = null, asking = null, told = null, diffOf = "";

feed.addEventListener("hello", ({ detail }) => sign.show(detail));
feed.addEventListener("state", ({ detail }) => take(detail));
feed.addEventListener("pulse", ({ detail }) => beat(detail));
feed.addEventListener("away", ({ detail }) => {
  away = true;
  stand();
  fill(byId("map-note"), detail.why || "The service cannot be reached; what is shown is what it said last. It is tried again every few seconds.");
});
feed.addEventListener("polling", () => fill(byId("map-note"), "As many pages are kept live as may be: this one asks every few seconds."));
feed.addEventListener("refused", ({ detail }) => sign.refused(detail.why));

async function take(state) {
  const turn = ++latest;
  if (!state.table) {
    showPanels(join({ regions: [], edges: [], relays: [], origins: [], services: [], contracts: [], located: true }, { ...state, edges: { load: [], capacity: [], state: [] } }), pick);
    return;
  }
  try {
    if (state.places !== placesTag) {
      places = await feed.get("world");
      placesTag = state.places;
    }
  } catch (fault) {
    say(`The places on the map cannot be had: ${fault.message}`);
    return;
  }
  // Another state came while the places were fetched.
  if (turn !== latest) return;
  const before = model;
  model = join(places, state);
  map.model = model;
  lists.model = model;
  showPanels(model, pick);
  stand();
  showServices();
  announce(before, model);
  follow();
  compare();
}

function beat(detail) {
  pulse = detail;
  heardAt = performance.now();
  away = false;
  stand();
  note();
}

// Ages go on between two pulses.
function stand() {
  if (pulse) showStanding({ ...pulse, ageSeconds: pulse.ageSeconds + (performance.now() - heardAt) / 1000 }, model?.state.table?.version, away);
}
setInterval(stand, 1000);

function note() {
  if (!model) return;
  const drawn = map.flowCount;
  fill(byId("map-note"), !model.known ? "Loads are not known here." : map.hasChosenFlows ? `${count(drawn)} flows of what is chosen`
    : drawn < model.flowCount ? `The ${count(drawn)} greatest of ${count(model.flowCount)} flows${drawn < model.flows.length ? "; zoom in for more" : ""}` : `All ${count(drawn)} flows`);
}
map.drawnChanged = note;

function announce(before, after) {
  const version = after.state.table.version;
  if (before && before.state.table.version !== version) {
    const own = after.state.figures?.[0];
    say(`Table ${version} is in force${own ? `: ${rate(own.demand)} asked, ${own.unserved ? `${rate(own.unserved)} unserved` : "all of it served"}` : ""}.`);
  } else if (before && before.state.table.overlay !== after.state.table.overlay) {
    const out = after.edges.filter((e, i) => e.state && e.state !== before.edges[i]?.state), back = after.edges.filter((e, i) => !e.state && before.edges[i]?.state);
    const words = [...out.map((e) => `${e.id} is ${states[e.state]}`), ...back.map((e) => `${e.id} is back`)];
    say(words.length ? `${words.slice(0, 5).join(", ")}.` : "The overlay has changed.");
  }
}

function say(text) {
  byId("news").textContent = text;
}

function showServices() {
  const select = byId("service"), held = select.value;
  if (select.options.length === model.services.length && [...select.options].every((o, i) => o.value === model.services[i].id)) return;
  fill(select, model.services.map((s) => h("option", { value: s.id }, s.id)));
  if (model.services.some((s) => s.id === held)) select.value = held;
}

const kinds = { edge: "edges", region: "regions", site: "sites", contract: "contracts", relay: "relays", origin: "origins" };
const find = (kind, id) => model?.[kinds[kind]]?.find((item) => item.id === id);

/** Chooses an item by its name, as links and the address bar do. */
function pick(kind, id) {
  const item = find(kind, id);
  if (item) choose(item, "link");
}

function choose(item, from) {
  chosen = { kind: item.kind, id: item.id };
  told = null;
  asking = null;
  location.hash = `${item.kind}/${encodeURIComponent(item.id)}`;
  follow();
  if (from !== "map") map.reveal(item);
  if (from === "link") byId("chosen").focus();
  // On a narrow screen the details lie below the map.
  else if (matchMedia("(max-width: 1099px)").matches) byId("chosen").scrollIntoView({ block: "nearest", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
}

function close() {
  const had = chosen;
  chosen = asking = told = null;
  history.replaceState(null, "", location.pathname + location.search);
  details.hide();
  map.chosen = null;
  lists.chosen = null;
  if (had) (document.querySelector("#tab-panel tr[tabindex='0']") ?? byId("map-box")).focus();
}

/** Brings what is chosen up to the model of now. */
function follow() {
  if (asking) {
    ask(asking, false);
    return;
  }
  const item = chosen && find(chosen.kind, chosen.id);
  lists.chosen = item ?? null;
  if (!item) {
    if (chosen) details.show(chosen.id, h("p", null, "It is not in the table in force."));
    map.chosen = null;
    return;
  }
  map.chosen = { item, flows: flowsOf(item) };
  switch (item.kind) {
    case "edge": details.showEdge(item, told, model, pick); tell(item, details.showEdge); break;
    case "region": details.showRegion(item, told, model, pick); tell(item, details.showRegion); break;
    case "site": details.showSite(item, model, pick); break;
    case "contract": details.showContract(item, model, pick); break;
    default: details.showNode(item);
  }
}

function flowsOf(item) {
  switch (item.kind) {
    case "edge": return told ? pairsOf(told.serves).map(([region, mbps]) => ({ region, edge: item.i, mbps })) : model.flows.filter((f) => f.edge === item.i);
    case "region": return told ? told.profiles.flatMap((p) => pairsOf(p.edges)).map(([edge, mbps]) => ({ region: item.i, edge, mbps })) : model.flows.filter((f) => f.region === item.i);
    case "site": case "contract": {
      const held = new Set((item.held ?? item.edges).map((e) => e.i));
      return model.flows.filter((f) => held.has(f.edge));
    }
    default: return null;
  }
}

const pairsOf = (flat) => Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i], flat[2 * i + 1]]);

async function tell(item, show) {
  const now = model, isStill = () => chosen?.id === item.id && chosen.kind === item.kind;
  try {
    const answer = await feed.get(`${item.kind}/${encodeURIComponent(item.id)}`);
    if (!isStill() || model !== now) return;
    told = answer;
    map.chosen = { item, flows: flowsOf(item) };
    show(item, told, model, pick);
  } catch (fault) {
    if (isStill() && !told) details.show(item.id, h("p", { class: "fault" }, fault.message));
  }
}

async function ask(question, isNew) {
  asking = question;
  chosen = null;
  if (isNew) location.hash = `client/${encodeURIComponent(question.address)}/${encodeURIComponent(question.service)}`;
  try {
    const answer = await feed.get(`decision?address=${encodeURIComponent(question.address)}&service=${encodeURIComponent(question.service)}`);
    if (asking !== question) return;
    details.showDecision(answer, model, pick);
    const region = answer.region === undefined ? null : model.regions[answer.region];
    const drawn = answer.edges.filter((e) => e.share > 0 && region).map((e) => ({ region: region.i, edge: e.edge, mbps: Math.max(1, e.share * (region.demand ?? 1)) }));
    map.chosen = { item: answer.edges.length ? model.edges[answer.edges[0].edge] : region, flows: drawn };
    if (isNew && region) map.reveal(region);
    if (isNew) byId("chosen").focus();
  } catch (fault) {
    if (asking !== question) return;
    details.show(question.address, h("p", { class: "fault", role: "alert" }, fault.message),
      fault.status === 401 && h("button", { type: "button", on: { click: () => sign.open() } }, "Sign in"));
    if (fault.status !== 401) asking = null;
  }
}

async function compare() {
  const key = `${model.state.table.version} ${model.state.all}`;
  if (key === diffOf) return;
  diffOf = key;
  try {
    showDiff(await feed.get("diff"), model, pick);
  } catch (fault) {
    diffOf = "";
    fill(byId("diff-body"), h("p", { class: "dim" }, fault.message));
  }
}

byId("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  const address = byId("address").value.trim();
  if (model && address) ask({ address, service: byId("service").value }, true);
});
byId("chosen-close").addEventListener("click", close);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !byId("chosen").hidden && !byId("sign-in").open) close();
  if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.target.closest("input, select, dialog")) {
    event.preventDefault();
    byId("address").focus();
  }
});

const tip = byId("map-tip");
handle(byId("map-box"), map, (item, at) => {
  map.hovered = item ?? null;
  byId("map-box").classList.toggle("over", Boolean(item));
  tip.hidden = !item;
  if (!item || !at) return;
  fill(tip, h("strong", null, item.name ? `${item.name} (${item.id})` : item.id), h("br"), tipOf(item));
  const box = byId("map-box");
  tip.style.left = `${Math.min(box.clientWidth - tip.offsetWidth - 4, Math.max(4, at[0] + 14))}px`;
  tip.style.top = `${Math.min(box.clientHeight - tip.offsetHeight - 4, Math.max(4, at[1] + 14))}px`;
}, (item) => choose(item, "map"));

function tipOf(item) {
  if (item.kind === "region") return item.demand === null ? "region" : `asks ${rate(item.demand)}${item.unserved ? `, ${rate(item.unserved)} unserved` : ""}`;
  if (item.kind !== "edge") return `${item.kind}, ${states[item.state]}`;
  return item.state ? `${item.operator}, ${states[item.state]}` : item.use === null ? item.operator : `${item.operator}, ${percent(item.use)} of ${rate(item.capacity)} used`;
}

byId("zoom-in").addEventListener("click", () => map.zoomAt(1.6));
byId("zoom-out").addEventListener("click", () => map.zoomAt(1 / 1.6));
byId("zoom-all").addEventListener("click", () => map.showAll());
byId("legend").open = matchMedia("(min-width: 1400px)").matches;
keepTheme(byId("theme"), () => map.readTheme());

/** What the address bar names: #edge/ID and its like, #client/ADDRESS/SERVICE. */
function readAddress() {
  const [kind, ...rest] = location.hash.slice(1).split("/").map(decodeURIComponent);
  if (kind === "client" && rest[0]) {
    byId("address").value = rest[0];
    asking = { address: rest[0], service: rest[1] ?? "" };
  } else if (kinds[kind] && rest[0]) chosen = { kind, id: rest.join("/") };
}
readAddress();
window.addEventListener("hashchange", () => {
  const before = JSON.stringify([chosen, asking]);
  if (!location.hash) return;
  const [kind, id] = location.hash.slice(1).split("/").map(decodeURIComponent);
  if (chosen?.kind === kind && chosen.id === id || asking?.address === id) return;
  told = chosen = asking = null;
  readAddress();
  if (model && JSON.stringify([chosen, asking]) !== before) follow();
});

feed.get("land.json").then((land) => { map.land = land; }, (fault) => say(`The outline of the land cannot be had: ${fault.message}`));
feed.run();

// For those who measure and test: how long drawing took, and where an item is on the screen.
window.dispatchPage = {
  times: () => [...map.times],
  pointOf: (kind, id) => {
    const at = map.pointOf(find(kind, id)), box = byId("map-box").getBoundingClientRect();
    return at && { x: at[0] + box.left, y: at[1] + box.top };
  },
};
