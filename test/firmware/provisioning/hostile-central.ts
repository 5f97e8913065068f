/**
 * A central without the secret that does whatever a radio lets it do to a board: random bytes, frames and hellos that are
 * nearly right, a recorded hello, Improv frames, long writes, reads, subscriptions, bonds, connections that end in the middle.
 */
import { Initiator } from "../../../host-sim/pairing/noise.js";
import type { Central } from "../../../host-sim/world/ble-central.js";
import { random, type Random } from "../../../host-sim/world/random.js";
import { fromBoard, infoUuid, type Place, toBoard } from "./visitor.js";

const improv = [1, 2, 3, 4, 5].map((digit) => "00467768-6228-2272-4663-27747826800" + digit);
const command = improv[2]!;
const all = [infoUuid, toBoard, fromBoard, ...improv];
/** Hellos to draw from. */
const hellosMade = 12;

export interface Hostilities {
  writes: number;
  connections: number;
  presses: number;
  /** Refusals heard, by code. */
  readonly refusals: Record<number, number>;
  welcomes: number;
  /** Data frames heard. */
  data: number;
  improvErrors: number;
}

export class HostileCentral {
  readonly done: Hostilities = { writes: 0, connections: 0, presses: 0, refusals: {}, welcomes: 0, data: 0, improvErrors: 0 };
  /** A session counted as open at some time. */
  sessions = 0;
  private readonly here: Place;
  private readonly draws: Random;
  private hellos: readonly Uint8Array[] = [];
  private central: Central | undefined;
  /** Writes that are on their way. */
  private under = 0;
  /** The next frame's number, as far as it knows. */
  private number = 0;

  constructor(here: Place, seed: number) {
    this.here = here;
    this.draws = random(seed).split("hostile");
  }

  /** The first half with the right secret: somebody has recorded them. */
  async prepare(): Promise<void> {
    const id = Uint8Array.from(Buffer.from(this.here.board.id, "hex"));
    const hellos: Uint8Array[] = [];
    for (let index = 0; index < hellosMade; index++) {
      const secret = index < hellosMade / 2 ? this.here.board.secret! : new Uint8Array(15).fill(index);
      hellos.push(await (await Initiator.begin(secret, id)).hello());
    }
    this.hellos = hellos;
  }

  /** Until so many writes more have been sent. */
  go(writes: number): void {
    const until = this.done.writes + writes;
    while (this.done.writes < until) {
      if (this.central?.connected !== true && !this.connect()) continue;
      for (let acts = 1 + this.below(this.below(8) === 0 ? 20 : 3); acts > 0 && this.central?.connected === true; acts--)
        this.act(this.central);
      const most = this.below(40);
      while (this.under > most && this.central?.connected === true) this.here.visitor.pass(7.5);
      this.here.visitor.pass(this.below(300) === 0 ? this.below(20_000) : this.below(40));
      if (this.below(60) === 0) this.look();
      if (this.below(400) === 0) this.press();
    }
  }

  /** Leaves, and the board is as it was: its window closed. */
  leave(): void {
    this.central?.disconnect();
    this.here.visitor.pass(400_000);
  }

  private below(count: number): number {
    return Math.floor(this.draws.fraction() * count);
  }

  private any(most: number): Uint8Array {
    return Uint8Array.from({ length: this.below(most + 1) }, () => this.below(256));
  }

  private connect(): boolean {
    const { visitor, board } = this.here;
    if (board.bluetooth.advertisement === undefined) visitor.pass(5_000);
    if (board.bluetooth.advertisement === undefined) this.press();
    let found: Central | undefined;
    const mtu = [23, 23, 185, 517, 23 + this.below(495)][this.below(5)]!;
    const sought = board.bluetooth.connect(
      { name: "hostile " + this.below(4), mtu, intervalMs: 7.5, timeoutMs: 3_000 },
      { onConnected: (central) => (found = central), onDisconnected: () => (this.central = undefined) },
    );
    if (!visitor.passUntil(() => found !== undefined, 4_000)) {
      sought.disconnect();
      return false;
    }
    this.done.connections++;
    this.number = 0;
    this.central = found;
    if (this.below(10) > 0) found!.subscribe(fromBoard, (frame) => this.heard(frame));
    if (this.below(3) === 0) for (const uuid of [improv[0]!, improv[1]!, improv[3]!]) this.subscribe(found!, uuid);
    visitor.pass(100);
    return true;
  }

  /** Somebody else does. */
  private press(): void {
    this.done.presses++;
    this.here.visitor.press(60);
  }

  private subscribe(central: Central, uuid: string): void {
    if (uuid === fromBoard) return central.subscribe(uuid, (frame) => this.heard(frame));
    central.subscribe(uuid, (value) => {
      if (uuid === improv[1] && value[0] !== 0) this.done.improvErrors++;
    });
  }

  private heard(frame: Uint8Array): void {
    const { done } = this;
    const header = frame[0]!;
    if (header < 0x80) {
      done.data++;
      if (frame[1] === 2) done.welcomes++;
    } else if (header < 0xc0) this.number = header % 64;
    else {
      this.number = 0;
      done.refusals[frame[1]!] = (done.refusals[frame[1]!] ?? 0) + 1;
    }
  }

  private act(central: Central): void {
    const what = this.below(1_000);
    if (what < 300) this.write(central, toBoard, this.frame(central));
    else if (what < 520) this.message(central, this.nearly());
    else if (what < 620) this.write(central, toBoard, this.any(what < 600 ? 30 : 700));
    else if (what < 820) this.write(central, command, this.improvWrite());
    else if (what < 860) this.write(central, all[this.below(all.length)]!, this.any(40));
    else if (what < 940) central.read(all[this.below(all.length)]!, () => undefined);
    else if (what < 970) this.subscribe(central, all[this.below(all.length)]!);
    else if (what < 990) central.unsubscribe(all[this.below(all.length)]!);
    else if (what < 992) central.pair();
    else if (what < 993) central.loseAfterWrites(1 + this.below(10));
    else if (what < 994) this.here.board.bluetooth.lose();
    else if (what < 996) central.disconnect();
    else this.recorded(central);
  }

  /** A hello as it was; mostly with the time that an answer takes, and what may follow it. */
  private recorded(central: Central): void {
    const { visitor } = this.here;
    visitor.pass(100);
    this.message(central, this.hellos[this.below(hellosMade)]!, true);
    if (this.below(4) === 0) return;
    visitor.pass(3_000);
    this.look();
    visitor.pass(100);
    if (central.connected) this.message(central, Uint8Array.from([3, ...this.any(60)]), true);
    if (this.below(3) === 0) visitor.pass(16_000);
  }

  private write(central: Central, uuid: string, bytes: Uint8Array): void {
    this.under++;
    central.write(uuid, bytes, this.below(6) === 0, (outcome) => {
      this.under--;
      // Those count that the board has got.
      if (outcome.ok) this.done.writes++;
    });
  }

  /** A frame that is nearly right. */
  private frame(central: Central): Uint8Array {
    const bytes = this.any(Math.min(central.mtu - 3, 40));
    if (bytes.length === 0) return bytes;
    const kind = this.below(12);
    if (kind < 9) bytes[0] = (this.below(3) === 0 ? 0x40 : 0) + (this.below(10) === 0 ? this.below(64) : this.number++ % 64);
    else if (kind < 11) bytes[0] = 0x80 + this.below(64);
    else bytes[0] = 0xc0;
    if (bytes.length > 1 && kind < 9 && this.below(3) > 0) bytes[1] = 1 + this.below(3);
    return kind === 10 ? bytes.subarray(0, 1) : kind === 11 ? bytes.subarray(0, 2) : bytes;
  }

  /** A hello with some of its bytes changed, cut or prolonged; or a record. */
  private nearly(): Uint8Array {
    const bytes = Uint8Array.from(this.hellos[this.below(hellosMade)]!);
    if (this.below(4) === 0) return Uint8Array.from([3, ...this.any(1_500)]);
    if (this.below(3) === 0) return Uint8Array.from([...bytes, ...this.any(60)]);
    if (this.below(3) === 0) return bytes.subarray(0, 1 + this.below(bytes.length));
    for (let count = 1 + this.below(3); count > 0; count--) bytes[this.below(bytes.length)]! ^= 1 << this.below(8);
    return bytes;
  }

  /** In frames, of which now and then one is left out or comes twice. */
  private message(central: Central, bytes: Uint8Array, whole = false): void {
    const room = Math.min(central.mtu - 4, 511);
    const least = Math.min(room, Math.ceil(bytes.length / 30));
    const size = whole || this.below(3) > 0 ? room : least + this.below(room + 1 - least);
    for (let at = 0; at < bytes.length; at += size) {
      if (!whole && this.below(60) === 0) continue;
      const last = at + size >= bytes.length;
      const frame = Uint8Array.of((last ? 0x40 : 0) + (this.number++ % 64), ...bytes.subarray(at, at + size));
      this.write(central, toBoard, frame);
      if (!whole && this.below(60) === 0) this.write(central, toBoard, frame);
    }
  }

  /** Whole commands, right and wrong, and parts of them. */
  private improvWrite(): Uint8Array {
    const data = this.any(this.below(3) === 0 ? 250 : 12);
    if (data.length > 2 && this.below(2) === 0) {
      data[0] = this.below(data.length);
      const second = 1 + data[0];
      if (second < data.length) data[second] = data.length - second - 1;
    }
    const frame = [this.below(10), data.length, ...data];
    const sum = frame.reduce((total, byte) => total + byte, 0) & 0xff;
    const whole = Uint8Array.from([...frame, this.below(8) === 0 ? this.below(256) : sum]);
    return this.below(3) > 0 ? whole : whole.subarray(this.below(whole.length), 1 + this.below(whole.length));
  }

  /** The info characteristic, as anybody may read it. */
  private look(): void {
    this.central?.read(infoUuid, (outcome) => {
      if (outcome.ok && (outcome.value[1]! & 8) !== 0) this.sessions++;
    });
  }
}
