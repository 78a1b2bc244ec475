// What stands beside the map whatever is chosen: figures, baselines, readiness, what is unserved, out or held back.
import { bar, byId, fill, h, table } from "/page/dom.js";
import { age, count, gbps, moment, ms, msBare, percent, rate, signedRate, usd, usdBare } from "/page/format.js";

const baselineNames = { optimum: "This plan", nearest: "Nearest", "weighted-nearest": "By weight", "greedy-with-spill": "Greedy" };
const rows = 8;

/** Shows a model in all panels. `pick(kind, id)` chooses an item. */
export function showPanels(model, pick) {
  const s = model.state;
  showFigures(s);
  showAgainst(s);
  showReady(s, model, pick);
  showUnserved(model, pick);
  showOut(s);
  showNotices(model);
  fill(byId("about"), `TrafficDispatch ${s.program}`, s.table && `, world ${s.table.world}, content ${s.table.hash.slice(0, 16)}`, s.plan && `, solved ${s.plan.status} in ${count(s.plan.solveMs)} ms by ${s.plan.kernel}${s.plan.certificate ? ", certified" : ", without a certificate"}`);
}

/** What changes with time alone. */
export function showStanding(pulse, version, away) {
  const stale = pulse.state !== "ready";
  const chip = byId("state");
  chip.textContent = away ? "no connection" : pulse.state === "no_table" ? "no table" : pulse.state;
  chip.dataset.kind = away ? "bad" : stale ? "warn" : "good";
  byId("version").textContent = version ? `table ${version}` : "";
  byId("age").textContent = version ? `confirmed ${age(pulse.ageSeconds)} ago` : "";
}

function showFigures(s) {
  const [own, ...others] = s.figures ?? [], greedy = others.find((f) => f.name.startsWith("greedy"));
  const f = s.failures;
  fill(byId("figures"), own ? [
    tile("Demand", rate(own.demand), s.table && `at ${String(s.table.utcHour).padStart(2, "0")}:00 UTC`),
    tile("Unserved", own.unserved ? rate(own.unserved) : "none", own.unserved ? `${percent(own.unserved / own.demand)} of demand` : greedy?.unserved ? `greedy ${rate(greedy.unserved)}` : "all is served", own.unserved ? "bad" : "good"),
    tile("Cost", own.microUsdPerHour === undefined ? "withheld" : `${usd(own.microUsdPerHour)} / h`, own.microUsdPerHour === undefined ? "sign in to see it" : greedy && `greedy ${usd(greedy.microUsdPerHour)} / h`, own.microUsdPerHour === undefined ? "quiet" : undefined),
    tile("Round trip, half within", ms(own.p50Us), greedy && `greedy ${ms(greedy.p50Us)}`),
    tile("95 % within", ms(own.p95Us), greedy && `greedy ${ms(greedy.p95Us)}`),
    tile("99 % within", ms(own.p99Us), greedy && `greedy ${ms(greedy.p99Us)}`),
  ] : tile("Plan", "not here", s.table ? "solved by another process, or before this one began" : "the first solve is under way", "quiet"),
  f && tile("If one fails", readiness(f), f.state === "made" ? `${count(f.tried)} failures tried` : word(f.state), f.state === "made" ? (f.notAbsorbed ? "warn" : "good") : "quiet"));
}

function tile(name, value, note, kind) {
  return h("dl", { class: "tile", "data-kind": kind }, h("dt", null, name), h("dd", { class: "value" }, value), note && h("dd", { class: "dim" }, note));
}

function readiness(f) {
  if (f.state !== "made" && f.tried === 0) return f.failovers ? `${count(f.failovers)} failovers` : "unknown";
  return f.notAbsorbed ? `${count(f.notAbsorbed)} not absorbed` : "all absorbed";
}

const word = (state) => ({ pending: "being tried now", late: "cut off by the next cycle", failed: "the run failed: see the log", none: "not tried by this process" })[state] ?? "";

function showAgainst(s) {
  byId("against").hidden = !s.figures;
  if (!s.figures) return;
  const costs = s.figures[0].microUsdPerHour !== undefined;
  fill(byId("against-body"), table("The plan in force and what simpler rules would make of the same demand", ["Rule", "#Unserved", ...(costs ? ["#USD / h"] : []), "#p50", "#p95", "#p99"],
    s.figures.map((f) => [h("span", { title: f.rule }, baselineNames[f.name] ?? f.name), f.unserved ? h("strong", { class: "out" }, gbps(f.unserved)) : "0", ...(costs ? [usdBare(f.microUsdPerHour)] : []), msBare(f.p50Us), msBare(f.p95Us), msBare(f.p99Us)])),
  h("p", { class: "dim" }, `Unserved in Gbit/s, round trips in ms.${costs ? "" : " Costs are withheld: sign in."}`),
  s.classes?.some((c) => c.unserved > 0) && h("p", null, "Unserved by class: ", s.classes.filter((c) => c.unserved > 0).map((c) => `${c.id} ${rate(c.unserved)}`).join(", "), "."));
}

function showReady(s, model, pick) {
  const f = s.failures;
  byId("ready").hidden = !f;
  if (!f) return;
  fill(byId("ready-body"),
    h("p", null, f.tried ? [bar(f.absorbed / Math.max(1, f.tried), f.notAbsorbed ? "warm" : "ok"), h("span", { class: "after-bar" }, `${count(f.absorbed)} of ${count(f.tried)} absorbed; ${count(f.failovers)} failovers shipped.`)]
      : `${count(f.failovers)} failovers shipped; ${word(f.state) || "none was tried"}.`),
    f.worst.length > 0 && h("ul", { class: "plain" }, f.worst.slice(0, rows).map((w) => h("li", null, target(w.name, model, pick), " leaves ", h("strong", { class: "out" }, rate(w.unserved)), " unserved.", w.fix && h("details", { class: "dim" }, h("summary", null, "What would fix it"), w.fix.split("; ").map((fix) => h("span", { class: "fix" }, fix)))))),
    f.worst.length > rows && h("p", { class: "dim" }, `and ${count(f.notAbsorbed - rows)} more.`));
}

// edge:ID leads to the edge; a domain or operator is a name.
function target(name, model, pick) {
  const [kind, ...rest] = name.split(":"), id = rest.join(":");
  return kind === "edge" && model.edge.has(id) ? h("button", { type: "button", class: "link", on: { click: () => pick("edge", id) } }, id) : h("span", null, `${kind} ${id}`);
}

function showUnserved(model, pick) {
  const lost = model.regions.filter((r) => r.unserved > 0).sort((a, b) => b.unserved - a.unserved);
  const body = byId("unserved-body");
  if (!model.known) fill(body, h("p", { class: "dim" }, "Not known here: this process has neither the solve nor the facts."));
  else if (!lost.length) fill(body, h("p", null, "Every region is served."));
  else {
    fill(body, table("Regions with unserved traffic", ["Region", "#Unserved, Gbit/s", "#of its demand"], lost.slice(0, rows).map((r) => [
      h("button", { type: "button", class: "link", on: { click: () => pick("region", r.id) } }, `${r.name || r.id} (${r.id})`), gbps(r.unserved), percent(r.unserved / Math.max(1, r.demand))])),
    lost.length > rows && h("p", { class: "dim" }, `and ${count(lost.length - rows)} more regions.`));
  }
}

function showOut(s) {
  const out = s.overlay ?? [], health = s.health;
  byId("out").hidden = !s.overlay;
  fill(byId("out-body"),
    out.length === 0 && h("p", null, "Nothing is down, drained or lightened beyond the table."),
    out.length > 0 && h("ul", { class: "plain" }, out.slice(0, 12).map((o) => h("li", null, `${o.kind} `, h("strong", null, o.id), ` ${o.state === "lightened" ? `keeps ${o.kept ?? 0} % of its clients` : o.state} `, h("span", { class: "dim" }, `(${o.source})`)))),
    out.length > 12 && h("p", { class: "dim" }, `and ${count(out.length - 12)} more.`),
    s.flows?.failover && h("p", null, `Failover ${s.flows.failover} answers.`),
    health?.held.length > 0 && h("p", { class: "fault" }, `Automation has stopped at its cap: ${health.held.join(", ")} serve on though a quorum holds them down.`),
    health?.damped.length > 0 && h("p", null, `Out because they fell too often: ${health.damped.join(", ")}.`),
    health?.distrusted.length > 0 && h("p", null, `Distrusted vantages: ${health.distrusted.join(", ")}.`));
}

function showNotices(model) {
  const s = model.state, notices = [];
  if (s.freeze) notices.push(["warn", `Publishing is frozen by ${s.freeze.by}${s.freeze.until ? ` until ${moment(s.freeze.until)}` : ""}${s.freeze.reason ? `: ${s.freeze.reason}` : ""}. Answers and failovers go on.`]);
  if (s.guard.state === "holding") for (const g of s.guard.findings) notices.push(["warn", `The guard keeps the last good table (${g.rule}): ${g.message} ${g.remedy}`]);
  if (s.lastError) notices.push(["bad", s.lastError]);
  if (s.replica?.trouble) notices.push(["bad", `The shared store: ${s.replica.trouble}`]);
  for (const c of s.contradictions ?? []) notices.push(["warn", `Settings contradict each other: ${c.subject}: ${c.rule} ${c.remedy}`]);
  if (s.table && !s.plan) {
    notices.push(["quiet", s.replica && !s.replica.leads
      ? `This process follows: figures of the plan and prices are known where it is solved${s.replica.leader ? ` (${s.replica.leader})` : ""}. Loads below are the table's shares of the demand in the facts.`
      : "This table was read from disk; no solve of this process has confirmed it yet. Loads are the table's shares of the demand in the facts."]);
  }
  if (s.table && !model.located) notices.push(["quiet", "This process has no facts, only the table: it does not know where anything is. The lists are complete; the map is on the process that solves."]);
  fill(byId("notices"), notices.map(([kind, text]) => h("p", { class: "notice", "data-kind": kind }, text)));
}

/** What the table in force does otherwise than the one before. */
export function showDiff(diff, model, pick) {
  const body = byId("diff-body");
  if (!diff.known) {
    fill(body, h("p", { class: "dim" }, "There is no earlier table that sent clients elsewhere."));
    return;
  }
  fill(body,
    h("p", null, `Since ${diff.from}, built ${moment(diff.builtBefore)}: ${count(diff.changed)} of ${count(diff.entries)} entries changed`,
      diff.compared ? `, ${rate(diff.moved)} moved (${percent(diff.movedPercent / 100)}).` : ". What moved is known where the facts are."),
    diff.compared && diff.unservedBefore !== diff.unservedAfter && h("p", null, `Unserved ${rate(diff.unservedBefore)} → ${rate(diff.unservedAfter)}.`),
    diff.microUsdPerHourBefore !== undefined && h("p", null, `Cost ${usd(diff.microUsdPerHourBefore)} / h → ${usd(diff.microUsdPerHourAfter)} / h on today's demand.`),
    diff.came.length + diff.gone.length > 0 && h("p", null, diff.came.length > 0 && `New: ${diff.came.join(", ")}. `, diff.gone.length > 0 && `Gone: ${diff.gone.join(", ")}.`),
    diff.edges?.length > 0 && table("Edges whose load changed most", ["Edge", "#Before", "#After", "#Change"], diff.edges.slice(0, rows).map((e) => [
      model.edge.has(e.id) ? h("button", { type: "button", class: "link", on: { click: () => pick("edge", e.id) } }, e.id) : e.id, gbps(e.before), gbps(e.after), signedRate(e.after - e.before)])),
    diff.edges?.length > 0 && h("p", { class: "dim" }, "Gbit/s, both tables with today's demand."));
}
