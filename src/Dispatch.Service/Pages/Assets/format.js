// Numbers as people read them. Rates come in Mbit/s, round trips in microseconds, money in micro-USD an hour.

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const one = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const two = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });

export const count = (n) => whole.format(n);

/** 850 Mbit/s, 13.8 Gbit/s, 1.25 Tbit/s. */
export function rate(mbps) {
  const size = Math.abs(mbps);
  if (size < 1000) return `${whole.format(mbps)} Mbit/s`;
  if (size < 1e6) return `${one.format(mbps / 1000)} Gbit/s`;
  return `${two.format(mbps / 1e6)} Tbit/s`;
}

/** The same without the unit, in Gbit/s, for columns. */
export const gbps = (mbps) => (Math.abs(mbps) < 10000 ? two : one).format(mbps / 1000);

export const signedRate = (mbps) => (mbps > 0 ? "+" : mbps < 0 ? "−" : "±") + rate(Math.abs(mbps));

export const ms = (us) => `${one.format(us / 1000)} ms`;

export const msBare = (us) => one.format(us / 1000);

export const usd = (micro) => `${(Math.abs(micro) < 1e9 ? two : whole).format(micro / 1e6)} USD`;

export const usdBare = (micro) => (Math.abs(micro) < 1e8 ? two : whole).format(micro / 1e6);

/** A price of one Mbit/s and hour, told for one Gbit/s. */
export const perGbps = (microPerMbps) => `${two.format(microPerMbps / 1000)} USD per Gbit/s and hour`;

export const percent = (part) => (part > 0 && part < 0.001 ? "< 0.1 %" : `${(part < 0.0995 ? one : whole).format(part * 100)} %`);

export function age(seconds) {
  const s = Math.max(0, Math.round(seconds));
  if (s < 120) return `${s} s`;
  if (s < 7200) return `${Math.floor(s / 60)} min`;
  if (s < 172800) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
  return `${Math.floor(s / 86400)} days`;
}

/** 2026-03-04 10:30 UTC. */
export const moment = (iso) => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;

export const states = ["up", "down", "drained"];

/** What a part of a capacity that is used is called, and coloured. */
export function kindOf(use) {
  if (use === null) return "unknown";
  if (use < 0.005) return "idle";
  if (use < 0.6) return "ok";
  if (use < 0.9) return "warm";
  return "hot";
}
