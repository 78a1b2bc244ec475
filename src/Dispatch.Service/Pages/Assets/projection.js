// The Natural Earth projection as a polynomial (Šavrič, Jenny, Patterson, Petrovič, Hurni: A polynomial equation for the Natural Earth projection, 2011).

const radian = Math.PI / 180;

/** Degrees to the plane: x to the east, y down. One unit is the radius of the globe. */
export function project(lon, lat) {
  const l = lon * radian, p = lat * radian, p2 = p * p, p4 = p2 * p2;
  return [
    l * (0.8707 - 0.131979 * p2 + p4 * (-0.013791 + p4 * (0.003971 * p2 - 0.001529 * p4))),
    -p * (1.007226 + p2 * (0.015085 + p4 * (-0.044475 + 0.028874 * p2 - 0.005916 * p4))),
  ];
}

/** The part of the plane with people in it: Antarctica and the far north are left out. */
export const bounds = (() => {
  const [right] = project(180, 10), [, top] = project(0, 78), [, bottom] = project(0, -56);
  return { left: -right, right, top, bottom };
})();

const steps = 14;

/**
 * Adds a line between two points to a path: the shorter way round, bent towards the nearer pole like a great circle, but never over a pole, where lines only run along the
 * edge of the map. In two parts where it crosses that edge.
 */
export function curve(path, from, to) {
  let span = to.lon - from.lon;
  if (Math.abs(span) > 180) span -= Math.sign(span) * 360;
  const bend = Math.sign(from.lat + to.lat || 1) * Math.min(16, 0.14 * Math.hypot(span, to.lat - from.lat));
  let before = null;
  for (let s = 0; s <= steps; s++) {
    const t = s / steps, along = from.lon + span * t, lon = ((along + 540) % 360) - 180;
    const [x, y] = project(lon, Math.min(76, Math.max(-56, from.lat + (to.lat - from.lat) * t + bend * Math.sin(Math.PI * t))));
    if (before === null || Math.abs(lon - before) > 180) path.moveTo(x, y);
    else path.lineTo(x, y);
    before = lon;
  }
}

/** The edge of the world. */
export function outline() {
  const path = new Path2D();
  for (let lat = -90; lat <= 90; lat += 2) path.lineTo(...project(-180, lat));
  for (let lat = 90; lat >= -90; lat -= 2) path.lineTo(...project(180, lat));
  path.closePath();
  return path;
}
