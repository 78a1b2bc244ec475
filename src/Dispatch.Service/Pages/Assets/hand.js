// Moves the map by mouse, touch, wheel and keyboard, and tells what is pointed at and picked.

const step = 60;

/** Listens to the map's box. `point(item, at)` hears of what lies under the pointer, `pick(item)` of what is chosen. */
export function handle(box, map, point, pick) {
  const down = new Map();
  let dragged = false, pinch = 0;

  const at = (event) => {
    const frame = box.getBoundingClientRect();
    return [event.clientX - frame.left, event.clientY - frame.top];
  };

  box.addEventListener("pointerdown", (event) => {
    if (event.button > 0) return;
    down.set(event.pointerId, at(event));
    dragged = false;
    pinch = 0;
    box.setPointerCapture(event.pointerId);
  });

  box.addEventListener("pointermove", (event) => {
    const now = at(event), before = down.get(event.pointerId);
    if (!before) {
      point(map.itemAt(...now), now);
      return;
    }
    if (down.size === 2) {
      down.set(event.pointerId, now);
      const [a, b] = [...down.values()], apart = Math.hypot(a[0] - b[0], a[1] - b[1]);
      if (pinch) map.zoomAt(apart / pinch, [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]);
      pinch = apart;
      dragged = true;
      return;
    }
    const [dx, dy] = [now[0] - before[0], now[1] - before[1]];
    // A hand trembles: below some pixels it is a click.
    if (!dragged && Math.hypot(dx, dy) < 4) return;
    dragged = true;
    point(null, now);
    map.pan(dx, dy);
    down.set(event.pointerId, now);
  });

  const lift = (event) => {
    if (!down.delete(event.pointerId) || dragged || event.type === "pointercancel") return;
    const item = map.itemAt(...at(event), event.pointerType === "touch" ? 22 : 12);
    if (item) pick(item);
  };
  box.addEventListener("pointerup", lift);
  box.addEventListener("pointercancel", lift);
  box.addEventListener("pointerleave", () => point(null));
  box.addEventListener("dblclick", (event) => map.zoomAt(2, at(event)));

  // A page that is scrolled past the map must not stick to it: the wheel zooms once the map is in use, or with Ctrl.
  box.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && document.activeElement !== box && document.documentElement.scrollHeight > innerHeight + 8) return;
    event.preventDefault();
    map.zoomAt(Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.0016)), at(event));
  }, { passive: false });

  const keys = {
    ArrowLeft: () => map.pan(step, 0), ArrowRight: () => map.pan(-step, 0), ArrowUp: () => map.pan(0, step), ArrowDown: () => map.pan(0, -step),
    "+": () => map.zoomAt(1.5), "=": () => map.zoomAt(1.5), "-": () => map.zoomAt(1 / 1.5), 0: () => map.showAll(),
    Enter: () => { const item = map.itemAt(...map.middle, 80); if (item) pick(item); },
  };
  box.addEventListener("keydown", (event) => {
    const act = event.ctrlKey || event.metaKey || event.altKey ? null : keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
    const item = map.itemAt(...map.middle, 40);
    point(item, item ? map.pointOf(item) : undefined);
  });
  box.addEventListener("focus", () => { map.cross = box.matches(":focus-visible"); });
  box.addEventListener("blur", () => { map.cross = false; point(null); });
}
