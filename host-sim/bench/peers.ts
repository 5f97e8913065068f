/**
 * P1 in other languages beside XS, in turns in one run: the same samples and work as a loop by hand and as
 * a closure for each stage, checksums compared. Peers run where they are installed; nothing is asked of them.
 * What cannot be had from Debian is quoted from another run, which says what XS took there.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { failure, success, type Result } from "../../firmware/base/result.js";
import { root } from "../xs/modules.js";
import { runInXs } from "../xs/run.js";
import { type Benchmark, median, medianRatio, type Row } from "./benchmark.js";
import { type Checksums, fused, sampleCount, signal } from "./p1.js";

export interface Timed {
  readonly us: number;
  readonly checksums: Checksums;
}

/** What a peer's program prints. */
export interface Printed {
  readonly loop: Timed;
  readonly closures: Timed;
}

interface Peer {
  readonly name: string;
  readonly command: string;
  readonly program: string;
  readonly remedy: string;
}

/** The rounds of one engine; XS has the product's channel too. */
interface Rounds {
  readonly name: string;
  readonly rounds: readonly (Printed & { readonly channel?: Timed })[];
}

const folder = join(root, "host-sim", "bench", "peers");
const rounds = 3;
/** Passes over the signal, as both programs have it; other checksums would tell. */
export const peerPasses = 4;
const roundMaxMs = 60_000;

export const peersKnown: readonly Peer[] = [
  { name: "Lua 5.4", command: "lua5.4", program: "p1.lua", remedy: "apt install lua5.4" },
  { name: "QuickJS", command: "qjs", program: "p1.js", remedy: "apt install quickjs, from Debian 13 on" },
  { name: "Duktape", command: "duk", program: "p1.js", remedy: "apt install duktape" },
];

const quoted: readonly Row[] = [
  { what: "ESPHome's C++ filters, quoted", measured: "93–116 ns, where XS's loop took 424" },
  { what: "MicroPython's bytecode, loop by hand, quoted", measured: "616 ns, where XS's loop took 424" },
];

/** A round of `peer`; `absent` when there is no such command. */
export function runPeer({ name, command, program }: Peer): Result<Printed, "absent" | "peer"> {
  const ran = spawnSync(command, [join(folder, program)], { encoding: "utf8", timeout: roundMaxMs, killSignal: "SIGKILL" });
  if (ran.error !== undefined && (ran.error as NodeJS.ErrnoException).code === "ENOENT") return failure("absent", `no ${command}`);
  if (ran.status !== 0) return failure("peer", `${name} ended with ${ran.status ?? ran.signal}: ${ran.stderr.trim()}`);
  return success(JSON.parse(ran.stdout) as Printed);
}

/** The same program on XS, and then the product's compiled channel. */
function runXs(): Result<Printed & { channel: Timed }> {
  const program = readFileSync(join(folder, "p1.js"), "utf8");
  const product = `
    import { channel, signal } from "host-sim/bench/p1";
    const samples = signal(), product = channel(), start = nowUs();
    for (let pass = 0; pass < ${peerPasses}; pass++) product.run(samples);
    report({ us: nowUs() - start, checksums: product.checksums() });`;
  const ran = runInXs({ source: program + product, preload: ["firmware/pipeline/compile", "firmware/pipeline/builders"] });
  if (!ran.ok) return failure(ran.error.kind, ran.error.message);
  return success({ ...(JSON.parse(ran.value.printed[0]!) as Printed), channel: ran.value.value as Timed });
}

export const peers: Benchmark = {
  name: "peers",
  run() {
    const xs: (Printed & { channel: Timed })[] = [];
    const others = new Map<Peer, Printed[]>(peersKnown.map((peer) => [peer, []]));
    const absent: Row[] = [];
    for (let round = 0; round < rounds; round++) {
      const own = runXs();
      if (!own.ok) return own;
      xs.push(own.value);
      for (const [peer, printed] of others) {
        const ran = runPeer(peer);
        if (ran.ok) printed.push(ran.value);
        else if (ran.error.kind === "peer") return failure(ran.error.kind, ran.error.message);
        else {
          others.delete(peer);
          absent.push({ what: `${peer.name} (${peer.remedy})`, measured: "not installed" });
        }
      }
    }
    const all: Rounds[] = [{ name: "XS", rounds: xs }, ...[...others].map(([{ name }, printed]) => ({ name, rounds: printed }))];
    return success([...rows(all), ...absent, ...quoted]);
  },
};

function rows(all: readonly Rounds[]): Row[] {
  const xs = all[0]!.rounds;
  const row = (name: string, shape: "loop" | "closures" | "channel", each: Rounds["rounds"]): Row => {
    const us = each.map((round) => round[shape]!.us);
    const ns = (median(us) * 1000) / (peerPasses * sampleCount);
    const ratio = medianRatio(
      us,
      xs.map(({ loop }) => loop.us),
    );
    return { what: `P1 on ${name}, ${shapes[shape]}`, measured: `${Math.round(ns)} ns, ${ratio.toFixed(2)} × XS's loop` };
  };
  return [
    ...all.map(({ name, rounds: each }) => row(name, "loop", each)),
    ...all.map(({ name, rounds: each }) => row(name, "closures", each)),
    row("XS", "channel", xs),
    { what: "engines with other checksums than Node", measured: odd(all), limit: { equal: "none" } },
  ];
}

const shapes = { loop: "loop by hand", closures: "a closure a stage", channel: "the product's channel" };

/** Names of those of which any round differs from what `fused` gives here. */
function odd(all: readonly Rounds[]): string {
  const right = fused(signal(), peerPasses);
  const wrong = (timed?: Timed): boolean => timed !== undefined && !isDeepStrictEqual(timed.checksums, right);
  const names = all
    .filter(({ rounds: each }) => each.some(({ loop, closures, channel }) => [loop, closures, channel].some(wrong)))
    .map(({ name }) => name);
  return names.length === 0 ? "none" : names.join(", ");
}
