// What is told of the one thing that is chosen: an edge, a region, a site, a contract, a relay, or a client that was asked for.
import { bar, byId, facts, fill, h, table } from "/page/dom.js";
import { count, gbps, kindOf, ms, percent, perGbps, rate, states, usd } from "/page/format.js";

const most = 10;

/** Opens the details under a title. */
export function show(title, ...body) {
  byId("chosen").hidden = false;
  byId("chosen-title").textContent = title;
  fill(byId("chosen-body"), ...body);
}

export function hide() {
  byId("chosen").hidden = true;
}

const link = (pick, kind, item, text) => h("button", { type: "button", class: "link", on: { click: () => pick(kind, item.id) } }, text ?? item.id);
const regionText = (r) => (r.name ? `${r.name} (${r.id})` : r.id);

function useOf(item) {
  if (item.use === null) return "not known here";
  return [bar(item.use, kindOf(item.use)), h("span", { class: "after-bar" }, `${percent(item.use)} — ${rate(item.load)} of ${rate(item.capacity)}, ${rate(Math.max(0, item.headroom))} free`)];
}

/** An edge: what the model knows, and what the service told of it besides. */
export function showEdge(edge, told, model, pick) {
  show(edge.id,
    h("p", { class: "dim" }, `${edge.cdn ? "Third-party CDN" : "Edge"}, operator ${edge.operator}, in ${edge.city}${edge.iso ? `, ${edge.iso}` : ""}`),
    facts([
      ["State", edge.state ? h("strong", { class: "out" }, states[edge.state]) : edge.kept < 100 ? `up, keeps ${edge.kept} % of its clients` : "up"],
      ["Used", useOf(edge)],
      ["Fault domain", edge.domain],
      ["Law", edge.law],
      ["Contracts", model.contracts.filter((c) => c.edges.includes(edge.i)).map((c, i) => [i > 0 && ", ", link(pick, "contract", c)])],
      ...(told ? prices(told) : []),
    ]),
    told?.said.map((s) => h("p", { class: "fault" }, s)),
    told ? [served(told, model, pick), (told.deaths ?? []).map((d) => death(d, model, pick)), !told.deaths && h("p", { class: "dim" }, "What happens if it dies is known where the facts are.")] : h("p", { class: "dim" }, "Asking …"));
}

function prices(told) {
  if (told.room === undefined && told.price === undefined) return [["Prices", "withheld, or known where the plan is solved"]];
  return [
    ["Shadow price", told.door === undefined ? "known where the plan is solved" : `${perGbps(told.door)} for the next Gbit/s: congestion, contracts, scarcity`],
    ["More capacity", told.room === undefined ? null : told.room === 0 ? "would save nothing" : `would save ${perGbps(told.room)}`],
    ["Price", told.price === undefined ? null : told.billedByContract ? `${perGbps(told.price)} by its own list; a contract bills it` : perGbps(told.price)],
    ["Cost", told.microUsdPerHour === undefined ? null : `${usd(told.microUsdPerHour)} / h`],
  ];
}

const pairs = (flat) => flat.reduce((rows, n, i) => (i % 2 ? (rows[rows.length - 1].push(n), rows) : [...rows, [n]]), []);

function served(told, model, pick) {
  const rows = pairs(told.serves);
  return [
    h("h3", null, rows.length ? `Serves ${count(told.regions)} ${told.regions === 1 ? "region" : "regions"}` : "Serves nobody"),
    rows.length > 0 && table("Regions it serves", ["Region", "#Gbit/s", "#of the region"], rows.slice(0, most).map(([r, mbps]) => {
      const region = model.regions[r];
      return [link(pick, "region", region, regionText(region)), gbps(mbps), region.demand ? percent(mbps / region.demand) : "–"];
    })),
    told.regions > most && h("p", { class: "dim" }, `and ${count(told.regions - most)} more, all drawn on the map.`),
  ];
}

function death(d, model, pick) {
  const alone = d.name.startsWith("edge:"), takers = pairs(d.takers).map(([e, mbps]) => {
    const edge = model.edges[e];
    return { edge, mbps, then: edge.capacity ? (edge.load + mbps) / edge.capacity : null };
  });
  const tooMuch = takers.some((t) => t.then > 1.0005);
  return h("div", { class: "death" },
    h("h3", null, alone ? "If it dies" : `If its fault domain dies (${d.edges.length} ${d.edges.length === 1 ? "edge" : "edges"})`),
    h("p", null, d.freed === 0 ? "It serves nobody now: nothing changes." : [
      `${rate(d.freed)} has to go elsewhere. `,
      d.unserved > 0 ? h("strong", { class: "out" }, `${rate(d.unserved)} stays unserved.`) : tooMuch ? h("strong", { class: "out" }, "More than those can carry who would get it.") : "All of it is served. ",
      h("span", { class: "dim" }, d.failover ? ` Planned: the failover for ${d.failover} is in the table and answers at once.` : " Not planned for just this: ranked backups answer, whatever their load."),
    ]),
    takers.length > 0 && table("Who takes it", ["Edge", "#takes, Gbit/s", "#used then"], takers.slice(0, most).map(({ edge, mbps, then }) => [
      link(pick, "edge", edge), `+${gbps(mbps)}`, then === null ? "–" : h(then > 1.0005 ? "strong" : "span", { class: then > 1.0005 ? "out" : "" }, percent(then))]), { showsCaption: true }),
    d.takerCount > most && h("p", { class: "dim" }, `and ${count(d.takerCount - most)} more edges.`),
    d.stranded.length > 0 && h("p", null, "Unserved then: ", pairs(d.stranded).slice(0, 5).map(([r, mbps], i) => [i > 0 && ", ", link(pick, "region", model.regions[r], regionText(model.regions[r])), ` ${rate(mbps)}`]), "."));
}

/** A region: what the model knows, and what the service told of it besides. */
export function showRegion(region, told, model, pick) {
  show(regionText(region),
    h("p", { class: "dim" }, `Region${region.country ? ` in ${region.country}` : ""}, law ${region.law}${region.bound ? ", which binds its traffic" : ""}`),
    facts([
      ["Demand", region.demand === null ? "not known here" : rate(region.demand)],
      ["Unserved", region.demand === null ? null : region.unserved ? h("strong", { class: "out" }, `${rate(region.unserved)} (${percent(region.unserved / Math.max(1, region.demand))})`) : "none"],
    ]),
    told ? told.profiles.map((p) => profile(p, model, pick)) : h("p", { class: "dim" }, "Asking …"),
    h("p", { class: "dim" }, "Ask for the region’s id above to see the order of its edges, and why."));
}

function profile(p, model, pick) {
  const rows = pairs(p.edges);
  return [
    h("h3", null, `${p.services.join(", ")}${p.demand ? `, ${rate(p.demand)}` : ""}`),
    p.unserved > 0 && h("p", null, h("strong", { class: "out" }, `${rate(p.unserved)} unserved`)),
    rows.length > 0 ? table(`Edges that serve ${p.services.join(", ")}`, ["Edge", "#Gbit/s", "#of demand", "#edge used"], rows.map(([e, mbps]) => {
      const edge = model.edges[e];
      return [link(pick, "edge", edge), gbps(mbps), percent(mbps / Math.max(1, p.demand)), edge.use === null ? "–" : percent(edge.use)];
    })) : h("p", { class: "dim" }, p.demand ? "Served by nobody." : "Asks for nothing now, or nobody here knows."),
  ];
}

export function showSite(site, model, pick) {
  show(site.id, h("p", { class: "dim" }, "Site: all edges there, of all operators"), facts([["Used", useOf(site)]]), edgesOf(site.edges, pick));
}

export function showContract(contract, model, pick) {
  const month = contract.month;
  show(contract.id,
    h("p", { class: "dim" }, `Contract over ${count(contract.edges.length)} edges${contract.parent ? `, inside ${contract.parent}` : ""}`),
    facts([
      ["Used", useOf(contract)],
      ["Ceiling", contract.ceiling === undefined ? "none: its edges are the bound" : rate(contract.ceiling)],
      ["Floor", contract.floor ? rate(contract.floor) : null],
      ["Billing", month?.billing === undefined ? null : month.billing === "p95" ? "95th percentile of the month" : "volume of the month"],
      ["Paid to", month?.paid === undefined ? null : rate(month.paid)],
      ["Billed so far", month?.billed === undefined ? null : rate(month.billed)],
      ["Bursts left", month?.burstsLeft === undefined || month.billing !== "p95" ? null : count(month.burstsLeft)],
      ["Month so far", month?.billMicroUsd === undefined ? null : usd(month.billMicroUsd)],
      ["Shadow price", month?.room === undefined ? null : month.room === 0 ? "0: a higher ceiling would save nothing" : perGbps(month.room)],
    ]),
    edgesOf(contract.held, pick));
}

function edgesOf(edges, pick) {
  const sorted = [...edges].sort((a, b) => (b.use ?? 0) - (a.use ?? 0));
  return [h("h3", null, "Edges"), table("Its edges", ["Edge", "#Used", "#Gbit/s", "#free"], sorted.slice(0, 20).map((e) => [link(pick, "edge", e), e.use === null ? "–" : percent(e.use), e.load === null ? "–" : gbps(e.load), e.headroom === null ? "–" : gbps(e.headroom)])),
    sorted.length > 20 && h("p", { class: "dim" }, `and ${count(sorted.length - 20)} more.`)];
}

export function showNode(node) {
  show(node.id, h("p", { class: "dim" }, `${node.kind === "relay" ? "Relay" : "Origin"} in ${node.city}${node.iso ? `, ${node.iso}` : ""}`),
    facts([["State", node.state ? h("strong", { class: "out" }, states[node.state]) : "up"], ["Fault domain", node.domain], ["Law", node.law]]));
}

const because = {
  down: "it is down", drained: "an operator drained it", law: "the law of the region forbids it", service: "the service does not admit it", full: "it is full",
  dearer: "it has room; all in all another is cheaper for this group (price, contracts, the plan before)",
};

/** A client's decision and why. */
export function showDecision(d, model, pick) {
  const region = d.region === undefined ? null : model.regions[d.region];
  show(`${d.asked} → ${d.edges.length ? model.edges[d.edges[0].edge].id : d.fallbackHost ?? "no edge"}`,
    h("p", { class: "why" }, d.why),
    facts([
      ["Service", `${d.service}, holds ${d.ttl} s`],
      ["Reason", d.code.replaceAll("_", " ")],
      ["Region", region ? link(pick, "region", region, regionText(region)) : "none: the default route answers"],
      ["Found by prefix", d.prefix ?? (d.kind === "region" ? null : "none")],
      ["Network", d.network],
      ["Same answer within", d.scope],
      ["Split by", d.key],
      ["Failover", d.failover],
      ["Table", `${d.table}, overlay ${d.overlay}`],
    ]),
    d.edges.length > 0 && [h("h3", null, "In this order"), h("ol", { class: "order" }, d.edges.map((e, i) => choice(e, i, model, pick)))],
    d.passedOver?.length > 0 && [h("h3", null, "Nearer, and passed over"), h("ul", { class: "plain" }, d.passedOver.map((e) => h("li", null, link(pick, "edge", model.edges[e.edge]), e.rttUs !== undefined && ` ${ms(e.rttUs)}`, `: ${because[e.because] ?? e.because}.`)))]);
}

function choice(e, i, model, pick) {
  const edge = model.edges[e.edge];
  return h("li", null, link(pick, "edge", edge), i === 0 && h("strong", null, " this client’s"), ` — ${e.share > 0 ? `${percent(e.share)} of the group` : "backup"}`,
    e.rttUs !== undefined && `, ${ms(e.rttUs)}`, edge.use !== null && `, ${percent(edge.use)} used`, edge.state > 0 && h("strong", { class: "out" }, ` ${states[edge.state]}`),
    e.endpoints.length > 0 && h("span", { class: "dim endpoints" }, e.endpoints.join(", ")));
}
