/**
 * Who may import whom. In the firmware: `base ← features ← start ← roots`, features apart from each
 * other but along the way of a sample. The host's parts know the firmware, never the other way round.
 */
import { finding, target, type Finding, type Source } from "./source.js";

/** Modules that everyone may import: bounds, the port, and the shapes of what an app declares. */
const contracts = [
  "firmware/limits.ts",
  "firmware/device.ts",
  "firmware/settings.ts",
  "firmware/declaration.ts",
  "firmware/sensing/driver.ts",
  "firmware/pipeline/join.ts",
  "firmware/pipeline/stage.ts",
];

/** Neighbours along the way of a sample may know each other (in one direction: no cycles), and provisioning knows config. */
const flow = ["sensing", "pipeline", "telemetry", "journal", "uplink"];
const pairs = [["provisioning", "config"]];

/** The part of the firmware that a module belongs to: a feature's folder, or the module itself at the top. */
export function part(path: string): string {
  const [, first = "", second] = path.split("/");
  return second === undefined ? first.replace(/\.ts$/, "") : first;
}

/** Top-level modules that build the whole, from the inside out; each may import all before it and every feature. */
const composition = [
  "channel-source",
  "check",
  "stage-clock",
  "channel",
  "relay",
  "junction",
  "channels",
  "kept-outlet",
  "history",
  "log",
  "runtime",
  "running-board",
  "remote",
  "start",
];
const declarationSide = ["mote", "app"];

export function firmwareImports(source: Source): Finding[] {
  const found: Finding[] = [];
  const own = part(source.path);
  for (const { from, line } of source.imports) {
    const say = (what: string) => found.push(finding(source, line, what));
    if (!from.startsWith(".")) {
      if (own !== "main" && own !== "esp32") say(`imports "${from}": only main.ts and esp32/ may import anything but the firmware itself`);
      continue;
    }
    if (!from.endsWith(".js")) say(`imports "${from}": names end in .js, as mcconfig and Node both want`);
    const path = target(source, from);
    if (!path.startsWith("firmware/")) say(`imports ${path}: firmware never imports what lies outside it`);
    else if (!mayImport(source.path, path)) say(`${own} imports ${path}: against the direction base ← features ← start ← roots`);
  }
  return found;
}

function mayImport(from: string, to: string): boolean {
  const own = part(from);
  const other = part(to);
  if (own === other) return true;
  if (other === "main" || (other === "esp32" && own !== "main")) return false;
  if (own === "main") return true;
  if (other === "base") return true;
  if (own === "base") return false;
  if (contracts.includes(to)) return own !== "limits";
  if (own === "app") return other === "mote" || isFeature(other);
  if (declarationSide.includes(other)) return false;
  if (own === "mote") return isFeature(other);
  if (composition.includes(own)) {
    return isFeature(other) || (composition.includes(other) && composition.indexOf(other) < composition.indexOf(own));
  }
  if (composition.includes(other)) return false;
  if (own === "device" || own === "esp32") return other === "boards";
  if (own === "boards") return false;
  const [here, there] = [flow.indexOf(own), flow.indexOf(other)];
  if (here >= 0 && there >= 0) return Math.abs(here - there) === 1;
  return pairs.some(([first, second]) => own === first && other === second);
}

function isFeature(name: string): boolean {
  return !composition.includes(name) && !declarationSide.includes(name) && name !== "main" && name !== "esp32";
}

/** What each part of host-sim may import within host-sim. The firmware is open to all of them. */
const hostParts: Record<string, readonly string[]> = {
  world: ["world"],
  blocks: ["blocks"],
  collector: ["collector", "blocks", "node"],
  journal: ["journal"],
  engine: [],
  apps: ["apps"],
  ecma419: ["ecma419", "world"],
  node: ["node", "ecma419", "world", "engine", "apps"],
  xs: ["xs", "node", "ecma419", "world", "engine"],
  station: ["world", "engine"],
  simulation: ["world", "node", "engine", "station"],
  faults: ["faults", "world", "station", "simulation"],
  visitor: ["visitor", "world"],
  chain: ["chain", "scenario"],
  explain: ["explain", "journal", "scenario", "simulation", "station", "node"],
  scenario: ["scenario", "journal", "faults", "visitor", "world", "station", "simulation"],
  invariants: ["invariants", "blocks", "journal", "faults", "visitor", "world", "station", "simulation"],
  swarm: ["swarm", "invariants", "scenario", "faults", "simulation", "station", "node", "world", "engine"],
  web: ["web"],
  pairing: ["pairing"],
  configurator: ["configurator", "pairing", "web"],
  dashboard: [
    "dashboard",
    "blocks",
    "journal",
    "explain",
    "web",
    "pairing",
    "scenario",
    "faults",
    "simulation",
    "station",
    "node",
    "world",
    "engine",
  ],
  bench: [
    "bench",
    "blocks",
    "collector",
    "pairing",
    "swarm",
    "invariants",
    "dashboard",
    "scenario",
    "faults",
    "simulation",
    "station",
    "xs",
    "node",
    "world",
    "engine",
    "apps",
  ],
  cli: [
    "cli",
    "blocks",
    "collector",
    "journal",
    "chain",
    "explain",
    "swarm",
    "invariants",
    "scenario",
    "faults",
    "simulation",
    "station",
    "xs",
    "node",
    "ecma419",
    "world",
    "engine",
    "apps",
    "web",
    "pairing",
    "dashboard",
    "bench",
  ],
};

/** `node:crypto` is deterministic but for these names, and the world takes only its arithmetic. */
const worldPackages = ["mqtt-packet", "node:crypto", "node:buffer"];
const arithmetic = /^create(Hash|Hmac|Cipheriv|Decipheriv|ECDH)$|^timingSafeEqual$/;

export function hostImports(source: Source): Finding[] {
  const found: Finding[] = [];
  const own = part(source.path);
  const open = hostParts[own];
  if (open === undefined) return [finding(source, 1, `host-sim/${own} is not a part of the house: ${Object.keys(hostParts).join(", ")}`)];
  for (const { from, line, names } of source.imports) {
    const say = (what: string) => found.push(finding(source, line, what));
    if (from.startsWith(".")) {
      const path = target(source, from);
      if (path.startsWith("firmware/")) {
        if (part(path) === "main" || part(path) === "esp32") say(`imports ${path}: it exists on the board alone`);
      } else if (!path.startsWith("host-sim/")) say(`imports ${path}: host-sim imports the firmware and itself`);
      else if (!open.includes(part(path)))
        say(`host-sim/${own} imports ${path}: it may import ${open.join(", ") || "nothing of host-sim"}`);
    } else if (own === "world") {
      if (!worldPackages.includes(from)) say(`imports "${from}": the simulated world is pure; allowed are ${worldPackages.join(", ")}`);
      for (const name of from === "node:crypto" ? names : []) {
        if (!arithmetic.test(name)) say(`imports ${name} from node:crypto: the world draws its randomness from the seed`);
      }
    }
  }
  return found;
}

/** Cycles between parts of the firmware, each once, as `a → b → a`. */
export function partCycles(sources: readonly Source[]): Finding[] {
  const edges = new Map<string, Set<string>>();
  for (const source of sources) {
    for (const { from } of source.imports) {
      if (!from.startsWith(".")) continue;
      const path = target(source, from);
      if (contracts.includes(path) || contracts.includes(source.path) || part(path) === part(source.path)) continue;
      const own = part(source.path);
      if (!edges.has(own)) edges.set(own, new Set());
      edges.get(own)!.add(part(path));
    }
  }
  const found = new Set<string>();
  const visit = (name: string, trail: string[]): void => {
    const seen = trail.indexOf(name);
    if (seen >= 0) {
      const cycle = trail.slice(seen);
      const first = cycle.indexOf([...cycle].sort()[0]!);
      const turned = [...cycle.slice(first), ...cycle.slice(0, first)];
      found.add([...turned, turned[0]].join(" → "));
      return;
    }
    for (const next of edges.get(name) ?? []) visit(next, [...trail, name]);
  };
  for (const name of edges.keys()) visit(name, []);
  return [...found].sort();
}
