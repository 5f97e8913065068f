/** A life of settings on any engine, told as text: sets, cuts, flips and random contents. Nothing of Node is in it. */
import { openConfig, setConfig } from "../../../firmware/config/open.js";
import type { Bytes, Flash, FlashStorage } from "../../../firmware/device.js";
import type { PartialConfig } from "../../../firmware/settings.js";

const sector = 4096;

/** Two sectors of RAM. Operation `cutAt` throws halfway. */
export class RamFlash implements FlashStorage {
  readonly bytes = new Uint8Array(2 * sector).fill(0xff);
  operations = 0;
  cutAt = -1;

  open(): Flash {
    return {
      read: (into, at) => {
        into.set(this.bytes.subarray(at, at + into.length));
        return into.length;
      },
      write: (bytes, at) => {
        const share = this.#share();
        for (let done = 0; done < bytes.length * share; done++) this.bytes[at + done]! &= bytes[done]!;
        this.#end(share);
      },
      eraseBlock: (block) => {
        const share = this.#share();
        this.bytes.fill(0xff, block * sector, block * sector + sector * share);
        this.#end(share);
      },
      status: () => ({ size: 2 * sector, blockLength: sector, blocks: 2 }),
      close() {},
    };
  }

  #share(): number {
    return this.operations++ === this.cutAt ? 0.5 : 1;
  }

  #end(share: number): void {
    if (share < 1) throw new Error("cut");
  }
}

/** Whole numbers 0 … 2^16 − 1, the same on every engine. */
export function draws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) | 0;
    return state >>> 16;
  };
}

const changes: readonly PartialConfig[] = [
  { wifi: { ssid: "Dachböden 温度 🙂", password: "long enough" } },
  { broker: { host: "10.0.0.2", port: 1884, username: '"\\[{', password: "ü" } },
  { journal: { whenFull: "thin-out", acknowledge: "consumer", blockS: 3600 } },
  { checkpoints: { everyS: 60 }, counters: { everyS: 10 } },
  { broker: { port: 0 } },
  { wifi: { ssid: "ü".repeat(17) } },
  JSON.parse('{"__proto__":{"a":1}}') as PartialConfig,
  { wifi: { password: "hunter2" } },
];

/** Sets, each cut off and then done; a line each. */
export function tell(line: (text: string) => void): void {
  const flash = new RamFlash();
  for (let round = 0; round < 3; round++) {
    for (const change of changes) {
      for (let cut = 0; cut < 4; cut++) {
        flash.operations = 0;
        flash.cutAt = cut < 3 ? cut : -1;
        const set = setConfig(flash, change, round === 1 ? ["broker.port"] : []);
        const { stored, problems } = openConfig(flash, { broker: { host: "seed" } });
        line((set.ok ? "set " + set.value.written : set.error.message) + " " + problems + " " + JSON.stringify(stored));
      }
    }
  }
  line(JSON.stringify(openConfig(flash, {}).config));
}

/** So many random contents, most of them near to right ones; what they came to, counted. */
export function fuzzed(images: number): string[] {
  const next = draws(7);
  const flash = new RamFlash();
  setConfig(flash, changes[0]!);
  setConfig(flash, changes[1]!);
  const good = flash.bytes.slice(0, 192);
  const later = flash.bytes.slice(sector, sector + 192);
  const tally: string[] = [];
  const counts: number[] = [];
  for (let image = 0; image < images; image++) {
    spoil(flash.bytes, 0, good, next);
    spoil(flash.bytes, sector, later, next);
    const { stored, problems } = openConfig(flash, {});
    const what = problems + " " + JSON.stringify(stored);
    const index = tally.indexOf(what);
    if (index < 0) {
      tally.push(what);
      counts.push(1);
    } else counts[index]!++;
  }
  return tally.map((what, index) => counts[index] + " × " + what).sort();
}

function spoil(bytes: Bytes, at: number, right: Bytes, next: () => number): void {
  bytes.set(right, at);
  const kind = next() & 3;
  if (kind === 0) for (let byte = 0; byte < 64; byte++) bytes[at + byte] = next();
  else for (let change = 0; change < kind; change++) bytes[at + (next() % 192)] = next();
}
