/**
 * One board's attachment to the network, over all its boots: whether it has an address now, when each of
 * its packets arrives, and the faults of its air.
 *
 * Fault model: a packet takes the LAN's latency and jitter. Faults add to that, each until it is healed, in
 * any number and order, as if they lay in a row: the access point is out of reach while any says so; each
 * loss drops its share of the packets, each slowness adds its own time; the narrowest of the narrow places
 * lets pass so many bytes a second each way, and drops what would wait there for more than 10 s (a router's
 * bounded buffer); no name server answers while any says so. Connections can be reset, or die unheard.
 * A fault draws from a stream of its own, and only while it lasts, so that it does not shift other draws.
 */
import type { Lan } from "./lan.js";
import type { Random } from "./random.js";

/** Which way a packet goes: from the board, or to it. */
export type Way = 0 | 1;
export const outward: Way = 0;
export const inward: Way = 1;

/** What a link can do to a connection that passes over it. */
export interface Conversation {
  /** Nothing passes any more, and nobody is told. */
  sever(): void;
  /** Both ends hear of its end now. */
  reset(): void;
}

export interface Station {
  /** The access point is gone. */
  dropped(): void;
}

interface Loss {
  readonly share: number;
  readonly draws: Random;
}

interface Slowness {
  readonly byUs: number;
  readonly jitterUs: number;
  readonly draws: Random;
}

/** How long a packet may wait at a narrow place, µs. */
const waitMaxUs = 10_000_000;

const none: readonly never[] = [];

export class Link {
  /** The board has an address. */
  up = false;
  /** Those that one end at least still knows. */
  readonly conversations = new Set<Conversation>();
  /** Of those that have joined: told when the access point comes out of reach. */
  readonly stations = new Set<Station>();
  readonly #lan: Lan;
  readonly #draws: Random;
  // Oldest first. Lists that are replaced: most boards never have any of it.
  #losses: readonly Loss[] = none;
  #slowness: readonly Slowness[] = none;
  /** Bytes a second. */
  #limits: readonly { readonly bytesPerS: number }[] = none;
  #narrowest = Infinity;
  /** When the narrow place has let pass what it has, each way, µs. */
  readonly #passedUs: [number, number] = [0, 0];
  #away = 0;
  #mute = 0;

  /** Draws of its own: another board's traffic does not shift this one's. */
  constructor(lan: Lan, draws: Random) {
    this.#lan = lan;
    this.#draws = draws;
  }

  /** The access point can be heard. */
  get inReach(): boolean {
    return this.#away === 0;
  }

  /** A name server answers. */
  get answersNames(): boolean {
    return this.#mute === 0;
  }

  /** No fault lasts. */
  get whole(): boolean {
    return this.#away + this.#mute + this.#losses.length + this.#slowness.length + this.#limits.length === 0;
  }

  /** When a packet that leaves at `fromUs` is through; Infinity: never. `spared` is not lost by chance. */
  arrivesUs(fromUs: number, bytes: number, way: Way, spared = false): number {
    const { latencyUs, jitterUs } = this.#lan;
    let us = fromUs + latencyUs + (jitterUs > 0 ? this.#draws.next() % jitterUs : 0);
    if (this.#losses.length > 0 && !spared) {
      let lost = false;
      for (const { share, draws } of this.#losses) if (draws.fraction() < share) lost = true;
      if (lost) return Infinity;
    }
    if (this.#slowness.length > 0) {
      for (const { byUs, jitterUs: upToUs, draws } of this.#slowness) us += byUs + (upToUs > 0 ? draws.next() % upToUs : 0);
    }
    return this.#narrowest === Infinity ? us : us + this.#squeezeUs(fromUs, bytes, way);
  }

  /** How long the narrow place holds up a packet. */
  #squeezeUs(fromUs: number, bytes: number, way: Way): number {
    const beginsUs = Math.max(fromUs, this.#passedUs[way]);
    if (beginsUs - fromUs > waitMaxUs) return Infinity;
    const throughUs = beginsUs + Math.ceil((bytes * 1e6) / this.#narrowest);
    this.#passedUs[way] = throughUs;
    return throughUs - fromUs;
  }

  // ---- faults: each returns what heals it

  leaveReach(): () => void {
    this.#away++;
    for (const station of [...this.stations]) station.dropped();
    return once(() => this.#away--);
  }

  /** `share` of all packets, 0 … 1, is lost. */
  lose(share: number, draws: Random): () => void {
    const loss = { share, draws };
    this.#losses = [...this.#losses, loss];
    return () => {
      this.#losses = this.#losses.filter((each) => each !== loss);
    };
  }

  /** Each packet takes `byUs` and less than `jitterUs` more. */
  slow(byUs: number, jitterUs: number, draws: Random): () => void {
    const slowness = { byUs, jitterUs, draws };
    this.#slowness = [...this.#slowness, slowness];
    return () => {
      this.#slowness = this.#slowness.filter((each) => each !== slowness);
    };
  }

  narrow(bytesPerS: number): () => void {
    const limit = { bytesPerS };
    this.#limits = [...this.#limits, limit];
    this.#measure();
    return () => {
      this.#limits = this.#limits.filter((each) => each !== limit);
      this.#measure();
    };
  }

  muteNames(): () => void {
    this.#mute++;
    return once(() => this.#mute--);
  }

  severConversations(): void {
    for (const each of [...this.conversations]) each.sever();
  }

  resetConversations(): void {
    for (const each of [...this.conversations]) each.reset();
  }

  #measure(): void {
    this.#narrowest = Infinity;
    for (const { bytesPerS } of this.#limits) if (bytesPerS < this.#narrowest) this.#narrowest = bytesPerS;
    if (this.#narrowest === Infinity) this.#passedUs.fill(0);
  }
}

function once(heal: () => void): () => void {
  let healed = false;
  return () => {
    if (!healed) heal();
    healed = true;
  };
}
