// Draws the map. One redraw a change; nothing moves by itself. What is drawn can also be read in the lists: the canvas is hidden from screen readers.
import { bounds, curve, outline, project } from "/page/projection.js";
import { kindOf } from "/page/format.js";

// Line widths by traffic: few, so that thousands of flows are a handful of strokes.
const widths = [0.5, 0.8, 1.3, 2.1, 3.4];
// At the whole world's scale the greatest flows that make up this part of all traffic are drawn; all of them from `fullZoom` on.
const firstPart = 0.7, fullZoom = 4;
const mostZoom = 60, spread = 7, globe = outline();

export class WorldMap {
  #canvas; #pen; #theme; #land = null; #model = null; #chosen = null; #hovered = null; #flows = []; #places = []; #due = false; #part = 1; #drawn = 0; #thin = 1;
  #view = { k: 1, x: 0, y: 0 };
  #fit = { k: 1, x: 0, y: 0 };
  #size = { width: 0, height: 0 };
  #touched = false;
  #cross = false;
  /** Milliseconds that the last drawings took, newest last. */
  times = [];

  constructor(canvas) {
    this.#canvas = canvas;
    this.#pen = canvas.getContext("2d");
    this.readTheme();
    new ResizeObserver(() => this.#resize()).observe(canvas.parentElement);
    this.#resize();
  }

  /** Takes the outline of the land: rings of longitudes and latitudes. */
  set land(outline) {
    const path = new Path2D();
    for (const polygon of outline.polygons) for (const ring of polygon) addRing(path, ring);
    this.#land = path;
    this.draw();
  }

  set model(model) {
    this.#model = model;
    this.#place();
    this.#gatherFlows();
    this.draw();
  }

  /** What is chosen: its item, and flows to draw instead of the greatest; null for nothing. */
  set chosen(chosen) {
    this.#chosen = chosen;
    this.#gatherFlows();
    this.draw();
  }

  set cross(shown) {
    this.#cross = shown;
    this.draw();
  }

  set hovered(item) {
    if (this.#hovered === item) return;
    this.#hovered = item;
    this.draw();
  }

  get zoom() { return this.#view.k / this.#fit.k; }

  get middle() { return [this.#size.width / 2, this.#size.height / 2]; }

  /** Colours come from the style sheet, so that light and dark are declared in one place. */
  readTheme() {
    const style = getComputedStyle(document.documentElement);
    this.#theme = Object.fromEntries(["sea", "land", "coast", "flow", "flow-chosen", "ok", "warm", "hot", "idle", "out", "relay", "region", "unserved", "text", "halo", "focus"]
      .map((name) => [name, style.getPropertyValue(`--map-${name}`).trim()]));
    this.draw();
  }

  pan(dx, dy) {
    this.#view.x += dx;
    this.#view.y += dy;
    this.#moved();
  }

  zoomAt(factor, [px, py] = this.middle) {
    const k = Math.min(this.#fit.k * mostZoom, Math.max(this.#fit.k, this.#view.k * factor)), by = k / this.#view.k;
    this.#view = { k, x: px - (px - this.#view.x) * by, y: py - (py - this.#view.y) * by };
    this.#moved();
  }

  showAll() {
    this.#view = { ...this.#fit };
    this.#moved();
    this.#touched = false;
  }

  /** Moves an item into sight where it is outside. */
  reveal(item) {
    const at = this.pointOf(item);
    if (!at) return;
    const [w, h] = [this.#size.width, this.#size.height], margin = Math.min(60, w / 6, h / 6);
    if (at[0] > margin && at[1] > margin && at[0] < w - margin && at[1] < h - margin) return;
    this.pan(w / 2 - at[0], h / 2 - at[1]);
  }

  /** Where an item is on the screen; null where nobody knows its place. */
  pointOf(item) {
    const place = item && this.#places[item.kind]?.[item.i];
    return place ? this.#toScreen(place) : null;
  }

  /** The item nearest to a point, edges before what lies under them; null where there is none within reach. */
  itemAt(px, py, reach = 12) {
    let best = null, least = reach;
    for (const [kind, handicap] of [["edge", 0], ["relay", 1], ["origin", 1], ["region", 2]]) {
      for (const place of this.#places[kind] ?? []) {
        if (!place) continue;
        const [x, y] = this.#toScreen(place), far = Math.hypot(x - px, y - py) + handicap;
        if (far < least) [best, least] = [place.item, far];
      }
    }
    return best;
  }

  draw() {
    if (this.#due) return;
    this.#due = true;
    requestAnimationFrame(() => {
      this.#due = false;
      const begun = performance.now();
      this.#paint();
      this.times.push(performance.now() - begun);
      if (this.times.length > 100) this.times.shift();
    });
  }

  #moved() {
    this.#touched = true;
    if (this.#partOf() !== this.#part) this.#gatherFlows();
    const { k } = this.#view, [w, h] = [this.#size.width, this.#size.height];
    // Some of the world always stays in sight.
    this.#view.x = Math.min(w * 0.8 - bounds.left * k, Math.max(w * 0.2 - bounds.right * k, this.#view.x));
    this.#view.y = Math.min(h * 0.8 - bounds.top * k, Math.max(h * 0.2 - bounds.bottom * k, this.#view.y));
    this.draw();
  }

  #resize() {
    const { clientWidth: width, clientHeight: height } = this.#canvas.parentElement, dense = window.devicePixelRatio || 1;
    if (!width || !height) return;
    this.#canvas.width = Math.round(width * dense);
    this.#canvas.height = Math.round(height * dense);
    this.#size = { width, height, dense };
    const k = Math.min(width / (bounds.right - bounds.left), height / (bounds.bottom - bounds.top)) * 0.98;
    this.#fit = { k, x: width / 2 - ((bounds.left + bounds.right) / 2) * k, y: height / 2 - ((bounds.top + bounds.bottom) / 2) * k };
    if (!this.#touched) this.#view = { ...this.#fit };
    this.draw();
  }

  #toScreen(place) {
    const { k, x, y } = this.#view;
    // Several in one city stand around it, each to be seen and picked; at the whole world's scale closer together.
    const apart = spread * Math.min(1, 0.35 + this.zoom / 6);
    return [place.x * k + x + place.dx * apart, place.y * k + y + place.dy * apart];
  }

  #place() {
    const taken = new Map();
    const placed = (item) => {
      if (item.lat === undefined) return null;
      const [x, y] = project(item.lon, item.lat);
      if (item.kind === "region") return { item, x, y, dx: 0, dy: 0 };
      const key = `${item.lat.toFixed(1)} ${item.lon.toFixed(1)}`, before = taken.get(key) ?? 0;
      taken.set(key, before + 1);
      // Golden angle: no two in one direction.
      const turn = before * 2.39996, far = Math.sqrt(before);
      return { item, x, y, dx: Math.cos(turn) * far, dy: Math.sin(turn) * far };
    };
    const m = this.#model;
    this.#places = { edge: m.edges.map(placed), relay: m.relays.map(placed), origin: m.origins.map(placed), region: m.regions.map(placed) };
  }

  get flowCount() { return this.#drawn; }

  get hasChosenFlows() { return Boolean(this.#chosen?.flows); }

  #gatherFlows() {
    const m = this.#model;
    if (!m) return;
    this.#part = this.#partOf();
    const flows = this.#chosen?.flows ?? greatestPart(m.flows, this.#part);
    this.#drawn = flows.length;
    this.#flows = widths.map(() => new Path2D());
    // The more there are, the thinner they all are.
    this.#thin = Math.min(1, Math.max(0.4, Math.sqrt(300 / Math.max(1, flows.length))));
    const most = Math.max(1, flows[0]?.mbps ?? 1, m.flows[0]?.mbps ?? 1);
    for (const f of flows) {
      const from = m.regions[f.region], to = m.edges[f.edge];
      if (from?.lat === undefined || to?.lat === undefined) continue;
      const step = Math.max(0, Math.min(widths.length - 1, Math.floor(widths.length + Math.log2(f.mbps / most) / 1.6)));
      curve(this.#flows[step], from, to);
    }
    this.drawnChanged?.();
  }

  // In few steps, so that zooming does not gather flows again and again.
  #partOf() { return this.zoom >= fullZoom ? 1 : firstPart + Math.floor(4 * (this.zoom - 1) / (fullZoom - 1)) * (1 - firstPart) / 4; }

  #paint() {
    const { width, height, dense } = this.#size, pen = this.#pen, theme = this.#theme;
    if (!width) return;
    pen.setTransform(dense, 0, 0, dense, 0, 0);
    pen.fillStyle = theme.sea;
    pen.fillRect(0, 0, width, height);
    const { k, x, y } = this.#view;
    pen.setTransform(dense * k, 0, 0, dense * k, dense * x, dense * y);
    if (this.#land) {
      pen.save();
      pen.clip(globe);
      pen.fillStyle = theme.land;
      pen.fill(this.#land, "evenodd");
      pen.lineWidth = 0.6 / k;
      pen.strokeStyle = theme.coast;
      pen.stroke(this.#land);
      pen.restore();
    }
    if (this.#model) this.#paintFlows(k);
    pen.setTransform(dense, 0, 0, dense, 0, 0);
    if (!this.#model) return;
    this.#paintRegions();
    this.#paintRelays();
    this.#paintEdges();
    this.#paintUnserved();
    this.#paintChosen();
    if (this.#cross) this.#paintCross();
  }

  #paintFlows(k) {
    const pen = this.#pen, chosen = this.#chosen?.flows;
    pen.strokeStyle = chosen ? this.#theme["flow-chosen"] : this.#theme.flow;
    pen.lineCap = "round";
    this.#flows.forEach((path, i) => {
      // Many thin lines would make a fog of the map.
      pen.globalAlpha = chosen ? 0.75 : 0.2 + 0.11 * i;
      pen.lineWidth = (widths[i] * this.#thin) / k;
      pen.stroke(path);
    });
    pen.globalAlpha = 1;
  }

  #paintRegions() {
    const pen = this.#pen, most = this.#model.greatestDemand ??= greatest(this.#model.regions, (r) => r.demand), shown = Math.min(1, 900 / this.#model.regions.length);
    pen.fillStyle = this.#theme.region;
    pen.beginPath();
    for (const place of this.#places.region) {
      if (!place) continue;
      const [x, y] = this.#toScreen(place), radius = (0.8 + 2.6 * Math.sqrt((place.item.demand ?? 0) / most)) * (0.6 + 0.4 * shown);
      if (!this.#isInSight(x, y)) continue;
      // So small that nobody tells a circle from a square, which is drawn in a fraction of the time.
      if (radius < 1.7) pen.rect(x - radius, y - radius, 2 * radius, 2 * radius);
      else { pen.moveTo(x + radius, y); pen.arc(x, y, radius, 0, 2 * Math.PI); }
    }
    pen.fill();
  }

  #paintRelays() {
    const pen = this.#pen;
    pen.strokeStyle = this.#theme.relay;
    pen.fillStyle = this.#theme.sea;
    pen.lineWidth = 1.3;
    for (const kind of ["relay", "origin"]) {
      for (const place of this.#places[kind]) {
        if (!place) continue;
        const [x, y] = this.#toScreen(place), r = 4.2;
        pen.beginPath();
        if (place.item.state) outShape(pen, x, y, r);
        else if (kind === "relay") polygon(pen, [[x, y - r], [x + r, y], [x, y + r], [x - r, y]]);
        else polygon(pen, [[x, y - r], [x + r, y + r * 0.8], [x - r, y + r * 0.8]]);
        if (!place.item.state) pen.fill();
        pen.strokeStyle = place.item.state ? this.#theme.out : this.#theme.relay;
        pen.stroke();
      }
    }
  }

  radiusOf(edge) {
    const most = this.#model.greatestCapacity ??= greatest(this.#model.edges, (e) => e.capacity);
    const size = Math.min(1, 0.55 + this.zoom / 10) * (this.#model.edges.length > 800 ? 0.75 : 1);
    return (2 + 5.5 * Math.sqrt((edge.capacity ?? 0) / most)) * size;
  }

  #paintEdges() {
    const pen = this.#pen, byKind = { unknown: [], idle: [], ok: [], warm: [], hot: [], out: [] };
    for (const place of this.#places.edge) {
      if (!place) continue;
      byKind[place.item.state ? "out" : kindOf(place.item.use)].push(place);
    }
    for (const [kind, places] of Object.entries(byKind)) {
      if (!places.length) continue;
      const solid = new Path2D(), rings = new Path2D();
      for (const place of places) {
        const [x, y] = this.#toScreen(place), e = place.item, r = this.radiusOf(e);
        if (!this.#isInSight(x, y)) continue;
        if (kind === "out") outShape(solid, x, y, Math.max(3.5, r));
        else if (e.cdn) solid.rect(x - r * 0.88, y - r * 0.88, r * 1.76, r * 1.76);
        else { solid.moveTo(x + r, y); solid.arc(x, y, r, 0, 2 * Math.PI); }
        if (kind !== "out" && e.use >= 0.9995) { rings.moveTo(x + r + 2.2, y); rings.arc(x, y, r + 2.2, 0, 2 * Math.PI); }
      }
      this.#inkEdges(kind, solid, rings);
    }
  }

  #inkEdges(kind, solid, rings) {
    const pen = this.#pen, theme = this.#theme, colour = theme[kind === "unknown" ? "idle" : kind];
    if (kind === "out") {
      pen.lineWidth = 2;
      pen.strokeStyle = theme.out;
      pen.stroke(solid);
      return;
    }
    const hollow = kind === "idle" || kind === "unknown";
    pen.fillStyle = hollow ? theme.sea : colour;
    pen.fill(solid);
    pen.lineWidth = hollow ? 1.2 : 0.8;
    pen.strokeStyle = hollow ? colour : theme.halo;
    pen.stroke(solid);
    pen.lineWidth = 1.3;
    pen.strokeStyle = colour;
    pen.stroke(rings);
  }

  #paintUnserved() {
    const pen = this.#pen, lost = this.#places.region.filter((place) => place?.item.unserved > 0);
    // Where thousands lack something, small marks still leave the map to be seen.
    const size = Math.min(1, Math.max(0.35, Math.sqrt(60 / Math.max(1, lost.length)) * Math.sqrt(this.zoom)));
    const shapes = new Path2D(), marks = new Path2D(), r = 6.5 * size;
    for (const place of lost) {
      const [x, y] = this.#toScreen(place);
      if (!this.#isInSight(x, y)) continue;
      polygon(shapes, [[x, y - r], [x + r, y + r * 0.75], [x - r, y + r * 0.75]]);
      marks.rect(x - 0.8 * size, y - r * 0.4, 1.6 * size, r * 0.55);
      marks.rect(x - 0.8 * size, y + r * 0.3, 1.6 * size, 1.6 * size);
    }
    pen.fillStyle = this.#theme.unserved;
    pen.fill(shapes);
    pen.lineWidth = size;
    pen.strokeStyle = pen.fillStyle = this.#theme.halo;
    pen.stroke(shapes);
    pen.fill(marks);
  }

  #isInSight(x, y) { return x > -20 && y > -20 && x < this.#size.width + 20 && y < this.#size.height + 20; }

  #paintChosen() {
    const pen = this.#pen;
    for (const [item, strong] of [[this.#hovered, false], [this.#chosen?.item, true]]) {
      const at = this.pointOf(item);
      if (!at) continue;
      const r = (item.kind === "edge" ? this.radiusOf(item) : 4) + (strong ? 5 : 3);
      pen.beginPath();
      pen.arc(at[0], at[1], r, 0, 2 * Math.PI);
      pen.lineWidth = strong ? 2.2 : 1.4;
      pen.strokeStyle = this.#theme.focus;
      pen.stroke();
      if (strong) this.#label(item.name ? `${item.name} (${item.id})` : item.id, at[0], at[1] - r - 5);
    }
  }

  #label(text, x, y) {
    const pen = this.#pen;
    pen.font = "600 12px system-ui, sans-serif";
    pen.textAlign = "center";
    const half = pen.measureText(text).width / 2 + 4;
    x = Math.min(this.#size.width - half, Math.max(half, x));
    y = Math.max(14, y);
    pen.lineWidth = 3.5;
    pen.lineJoin = "round";
    pen.strokeStyle = this.#theme.halo;
    pen.strokeText(text, x, y);
    pen.fillStyle = this.#theme.text;
    pen.fillText(text, x, y);
  }

  #paintCross() {
    const pen = this.#pen, [x, y] = this.middle;
    pen.beginPath();
    for (const [a, b] of [[4, 14], [-4, -14]]) { pen.moveTo(x + a, y); pen.lineTo(x + b, y); pen.moveTo(x, y + a); pen.lineTo(x, y + b); }
    pen.lineWidth = 1.6;
    pen.strokeStyle = this.#theme.focus;
    pen.stroke();
  }
}

// A ring that crosses the edge of the map is drawn on both sides of it; what lies beyond is cut off. Antarctica is out of sight.
function addRing(path, ring) {
  if (ring.every(([, lat]) => lat < -60)) return;
  let turn = 0, before = ring[0][0];
  const unrolled = ring.map(([lon, lat]) => {
    if (Math.abs(lon - before) > 180) turn += lon < before ? 360 : -360;
    before = lon;
    return [lon + turn, lat];
  });
  const west = Math.min(...unrolled.map(([lon]) => lon)), east = Math.max(...unrolled.map(([lon]) => lon));
  for (const shift of [0, ...(east > 180 ? [-360] : []), ...(west < -180 ? [360] : [])]) {
    unrolled.forEach(([lon, lat], i) => (i ? path.lineTo(...project(lon + shift, lat)) : path.moveTo(...project(lon + shift, lat))));
    path.closePath();
  }
}

// Flows come greatest first.
function greatestPart(flows, part) {
  if (part >= 1) return flows;
  const all = flows.reduce((sum, f) => sum + f.mbps, 0);
  let sum = 0;
  const end = flows.findIndex((f) => (sum += f.mbps) >= all * part);
  return end < 0 ? flows : flows.slice(0, end + 1);
}

const greatest = (items, value) => items.reduce((most, item) => Math.max(most, value(item) ?? 0), 1);

function polygon(pen, points) {
  points.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.closePath();
}

function outShape(path, x, y, r) {
  path.moveTo(x - r, y - r);
  path.lineTo(x + r, y + r);
  path.moveTo(x + r, y - r);
  path.lineTo(x - r, y + r);
}
