/** What a board says of itself, name by name, as a person would put it. A name that is not known here is shown as it came. */
import { make } from "../web/dom.js";
import { count, lasting, said } from "./words.js";

const labels: Readonly<Record<string, string>> = {
  id: "Id",
  schema: "Version of its settings",
  uptimeMs: "Up for",
  reset: "Last started by",
  windowS: "Bluetooth stays open for",
  network: "Wi-Fi",
  rssi: "Signal",
  samples: "Samples taken",
  late: "Taken late",
  missed: "Not taken",
  worstLateMs: "Late at worst by",
  readErrors: "Reading errors",
  published: "Messages published",
  acknowledged: "Confirmed by the broker",
  connects: "Connections to the broker",
  connectionFailures: "Connections that failed",
  networkFailures: "Wi-Fi failures",
  recorded: "Samples recorded",
  blocks: "Blocks written to flash",
  dropped: "Samples given up: flash was full",
  damaged: "Records that cannot be read",
  flashFailures: "Flash failures",
  waiting: "Records to be confirmed",
  strangeAcks: "Confirmations that made no sense",
};

const resets: Readonly<Record<string, string>> = {
  "power-on": "power",
  software: "a restart that was asked for",
  panic: "a crash",
  watchdog: "its watchdog: it hung",
  "brown-out": "power that was too weak",
  "deep-sleep": "deep sleep",
  unknown: "not known",
};

export function facts(list: HTMLElement, values: ReadonlyMap<string, string>): void {
  const rows = Array.from(values, ([name, value]) =>
    make("div", {}, make("dt", {}, labels[name] ?? said(name)), make("dd", {}, factText(name, value))),
  );
  list.replaceChildren(...rows);
}

/** Names that end in a unit tell it. */
function factText(name: string, value: string): string {
  if (name === "reset") return resets[value] ?? value;
  if (name === "network") return value.replace(/^up /, "joined, address ");
  if (name === "broker") return value === "up" ? "connected" : "not connected";
  if (name === "rssi") return `${value} dBm`;
  if (value === "" || Number.isNaN(Number(value))) return value;
  if (name.endsWith("Ms")) return Number(value) < 1000 ? `${value} ms` : lasting(Number(value));
  if (/[a-z]S$/.test(name)) return Number(value) === 0 ? "closed" : lasting(Number(value) * 1000);
  return Number.isInteger(Number(value)) && name !== "schema" ? count(Number(value)) : value;
}
