// Puts together who and where everything is, and what goes where just now. Ordinals are those of the table in force, for both.

/** What the page shows of one moment. */
export function join(places, state) {
  const loads = state.edges?.load ?? [], capacities = state.edges?.capacity ?? [], known = loads.length > 0;
  const edges = places.edges.map((e, i) => edgeOf(e, i, known ? loads[i] : null, capacities[i] ?? -1, state));
  const regions = places.regions.map((r, i) => ({
    ...r, i, kind: "region", demand: known ? state.regions.demand[i] : null, unserved: known ? state.regions.unserved[i] : 0,
  }));
  const node = (kind, states) => (n, i) => ({ ...n, i, kind, state: states?.[i] ?? 0 });
  return {
    state, known, edges, regions,
    relays: places.relays.map(node("relay", state.relays)),
    origins: places.origins.map(node("origin", state.origins)),
    services: places.services,
    sites: sitesOf(edges),
    contracts: contractsOf(places, edges, state),
    flows: flowsOf(state.flows?.rows ?? []),
    flowCount: state.flows?.count ?? 0,
    located: places.located,
    edge: new Map(edges.map((e) => [e.id, e])),
    region: new Map(regions.map((r) => [r.id, r])),
  };
}

function edgeOf(e, i, load, capacity, state) {
  return {
    ...e, i, kind: "edge", load, capacity: capacity < 0 ? null : capacity, use: useOf(load, capacity),
    headroom: load === null || capacity < 0 ? null : roomOf(load, capacity),
    state: state.edges.state[i], kept: state.edges.kept?.[i] ?? 100, room: state.edges.room?.[i], door: state.edges.door?.[i],
  };
}

function useOf(load, capacity) {
  if (load === null || capacity < 0) return null;
  return capacity > 0 ? load / capacity : load > 0 ? 1 : 0;
}

// Shares are exact to 1/16384: what is full may come out a little over.
const roomOf = (load, capacity) => (Math.abs(capacity - load) <= capacity / 2000 ? 0 : capacity - load);

function sitesOf(edges) {
  const sites = new Map();
  for (const e of edges) {
    const key = e.site ? `${e.site} ${e.city}` : e.city;
    if (!sites.has(key)) sites.set(key, { id: key, kind: "site", site: e.site ?? "", city: e.city, edges: [] });
    sites.get(key).edges.push(e);
  }
  return [...sites.values()].map((s) => ({ ...s, ...sum(s.edges) }));
}

// A contract without a ceiling can carry what its edges can.
function contractsOf(places, edges, state) {
  const month = new Map((state.contracts ?? []).map((c) => [c.id, c]));
  return places.contracts.map((c) => {
    const held = c.edges.map((i) => edges[i]), total = sum(held);
    const capacity = c.ceiling === undefined ? total.capacity : total.capacity === null ? c.ceiling : Math.min(c.ceiling, total.capacity);
    return {
      ...c, kind: "contract", held, load: total.load, capacity, use: useOf(total.load, capacity ?? -1),
      headroom: total.load === null || capacity === null ? null : roomOf(total.load, capacity), month: month.get(c.id),
    };
  });
}

function sum(edges) {
  let load = 0, capacity = 0;
  for (const e of edges) {
    if (e.load === null) return { load: null, capacity: null, use: null, headroom: null };
    load += e.load;
    capacity += e.capacity ?? 0;
  }
  return { load, capacity, use: useOf(load, capacity), headroom: roomOf(load, capacity) };
}

function flowsOf(rows) {
  const flows = [];
  for (let i = 0; i + 2 < rows.length; i += 3) flows.push({ region: rows[i], edge: rows[i + 1], mbps: rows[i + 2] });
  return flows;
}
