/** Names and times as the page says them. */
export { count, lasting } from "../web/format.js";

const known: Readonly<Record<string, string>> = {
  wifi: "Wi-Fi",
  ssid: "Network name (SSID)",
  tls: "TLS",
  ca: "CA",
  url: "URL",
  whenFull: "When it is full",
  everyS: "Every",
  blockS: "Written down every",
  forS: "Undone after",
};

/** `journal` → Journal, `whenFull` → When it is full; a unit at the end is said elsewhere. */
export function said(name: string): string {
  const own = known[name];
  if (own !== undefined) return own;
  const parts = name
    .replace(/(?<=[a-z])(Ms|S|C)$/, "")
    .split(/(?=[A-Z])/)
    .map((each) => each.toLowerCase());
  const text = parts.join(" ");
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** `2:05`. */
export function countdown(s: number): string {
  const whole = Math.max(0, Math.ceil(s));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** A reading with the digits that the board sent: only the noise of binary fractions is left out. */
export function told(value: number): string {
  return String(Number(value.toPrecision(9)));
}

/** A reading with as many digits as are worth reading, and `more`. */
export function figure(value: number, more = 0): string {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e7 || size < 1e-4)) return value.toExponential(3);
  if (Number.isInteger(value)) return String(value);
  return String(Number(value.toFixed(Math.max(0, (size >= 100 ? 1 : size >= 10 ? 2 : 3) + more))));
}

/** Since boot. */
export function sinceBoot(ms: number): string {
  const s = Math.floor(ms / 1000);
  const two = (value: number): string => String(value).padStart(2, "0");
  const days = Math.floor(s / 86_400);
  return `${days > 0 ? `${days}d ` : ""}${two(Math.floor(s / 3600) % 24)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}
