/** The checker of histories, on a line and with flash that the test writes: it lets pass what is promised, and hears what is not. */
import { beforeEach, describe, expect, test } from "vitest";
import { crc32 } from "../../../firmware/base/crc32.js";
import { defaults } from "../../../firmware/config/schema.js";
import { limits } from "../../../firmware/limits.js";
import { Account } from "../../../host-sim/invariants/account.js";
import { History } from "../../../host-sim/invariants/history.js";
import { FlashPartition } from "../../../host-sim/world/flash-memory.js";
import { putU32, sealedBlock } from "../../firmware/journal/sealed.js";
import { Bench, connack, device, Line, puback } from "./scene.js";

const install = 9;
const data = `mote/${device}/data`;

class Meadow extends Bench {
  override readonly station: never;
  override journal: Bench["journal"];

  constructor(acknowledge: "broker" | "consumer", flash: FlashPartition) {
    super();
    this.station = { name: "board", device, powered: true, board: { flash: new Map([["journal", flash]]) } } as never;
    this.journal = { ...defaults().journal, acknowledge };
  }
}

let flash: FlashPartition;
let bench: Meadow;
let history: History;
let line: Line;
let packets: number;

function begin(acknowledge: "broker" | "consumer" = "broker"): void {
  flash = new FlashPartition(4 * 4096);
  bench = new Meadow(acknowledge, flash);
  history = new History(bench, new Account(bench));
  history.started();
  line = new Line(history).open().receive(connack);
  packets = 0;
}

beforeEach(() => begin());

/** A gap in the place of `count` numbers, as FORMAT.md has it. */
function gap(seq: number, count: number, reason = 4): Uint8Array {
  const bytes = new Uint8Array(64);
  bytes.set([0x47, 0x16, 64]);
  putU32(bytes, 4, install);
  putU32(bytes, 12, seq);
  putU32(bytes, 16, seq);
  putU32(bytes, 20, count);
  bytes[52] = reason;
  putU32(bytes, 60, crc32(bytes, 0, 60));
  return bytes;
}

function send(payload: Uint8Array): number {
  const messageId = ++packets;
  const bytes = Buffer.from(payload);
  history.published({ topic: "data", text: "", payload: bytes, fresh: true });
  line.send({ cmd: "publish", qos: 1, retain: false, dup: false, messageId, topic: data, payload: bytes });
  return messageId;
}

/** Decodes as a block of a channel without samples: `sealedBlock` fills a block with noise. */
function block(seq: number, of = install): Uint8Array {
  const bytes = sealedBlock({ install: of, boot: 0, seq }, 0, 26, 0);
  // Start 0, one channel 0 of resolution 1 without a period, and nothing of it.
  bytes.set([0, 1, 0, 0x10, 0], 16);
  const whole = bytes.slice(0, 25);
  whole[2] = 25;
  putU32(whole, 21, crc32(whole, 0, 21));
  return whole;
}

/** Writes a sector in use, its records done up to `done`. */
function inFlash(done: number, ...payloads: readonly Uint8Array[]): void {
  const header = new Uint8Array(48).fill(0xff);
  putU32(header, 0, 0x314a544d);
  putU32(header, 4, 1);
  putU32(header, 12, crc32(header, 0, 12));
  putU32(header, 16, install);
  putU32(header, 20, 0);
  putU32(header, 24, 0);
  putU32(header, 28, done);
  putU32(header, 36, 0);
  putU32(header, 44, crc32(header, 16, 44));
  flash.program(header, 0);
  let at = 48;
  for (const payload of payloads) {
    const record = new Uint8Array(16);
    record.set([0x52, payload[0] === 0x47 ? 0x47 : 0x42, payload.length]);
    putU32(record, 12, crc32(record, 0, 12));
    flash.program(record, at);
    flash.program(payload, at + 16);
    at += 16 + Math.ceil(payload.length / 16) * 16;
  }
}

test("records in their order, acknowledged or not when the power goes, pass", () => {
  const first = send(block(0));
  send(block(1));
  line.receive(puback(first));
  inFlash(1, block(0), block(1), block(2));
  history.powerLost();
  history.started();
  line.open().receive(connack);
  for (const seq of [1, 2]) line.receive(puback(send(block(seq))));
  send(gap(3, 4));
  send(block(7));
  expect(bench.said).toEqual([]);
});

test.each<[string, () => void, RegExp]>([
  ["what is no record", () => send(Uint8Array.of(1, 2, 3)), /neither a block nor a gap/],
  ["a block that does not decode", () => send(block(0).fill(7, 17, 20)), /record 0 does not decode/],
  ["another install", () => [send(block(0)), send(block(1, install + 1))], /record 1 is of install 10, and those before were of 9/],
  ["a record out of order", () => [send(block(1)), send(block(0))], /record 0 was sent when 1 had been sent/],
  [
    "a number given twice",
    () => [send(block(0)), history.powerLost(), history.started(), send(renamed(block(0)))],
    /number 0 was of a block of boot 0/,
  ],
  ["thinning out against the policy", () => send(gap(0, 2, 3)), /gap 0 tells of reason 3, and the policy is drop-oldest/],
  ["flash that failed and did not", () => send(gap(0, 2, 5)), /says that the flash failed, and it never did/],
  [
    "a record freed before its PUBACK",
    () => [send(block(0)), inFlash(1, block(0), block(1)), history.powerLost()],
    /below 1 are done, and only those below 0 were acknowledged/,
  ],
  [
    "a whole record told to be damaged",
    () => [inFlash(0, block(0)), history.powerLost(), history.started(), send(gap(0, 1))],
    /record 0 was whole in flash, and is told to be damaged/,
  ],
  [
    "a record that is gone",
    () => [inFlash(0, block(0), block(1)), history.powerLost(), flash.erase(0), inFlash(0, block(1)), history.powerLost()],
    /record 0 was whole in flash and is gone/,
  ],
])("it hears %s", (_, act, said) => {
  act();
  expect(bench.said[0]).toMatch(said);
});

/** The same number, and other bytes. */
function renamed(bytes: Uint8Array): Uint8Array {
  bytes[17] = 1;
  bytes[18] = 3;
  putU32(bytes, 21, crc32(bytes, 0, 21));
  return bytes;
}

describe("with a consumer", () => {
  const confirmation = (seq: number, of = install) => ({
    cmd: "publish",
    topic: `mote/${device}/ack`,
    payload: Buffer.from(JSON.stringify({ install: of, boot: 0, seq })),
  });

  test("the broker's acknowledgement frees nothing, nor does another install's confirmation", () => {
    begin("consumer");
    line.receive(puback(send(block(0)))).receive(confirmation(0, install + 1));
    inFlash(1, block(0), block(1));
    history.powerLost();
    expect(bench.said[0]).toMatch(/below 1 are done, and only those below 0 were acknowledged/);
    expect(bench.points).toContain("stray-ack");
  });

  test("its own does, and what it leaves unconfirmed comes again after its time and not before", () => {
    begin("consumer");
    for (const seq of [0, 1, 2]) line.receive(puback(send(block(seq))));
    line.receive(confirmation(0));
    inFlash(1, block(0), block(1), block(2));
    history.powerLost();
    history.started();
    send(block(1));
    bench.nowMs += limits.consumerPatienceMs;
    send(block(1));
    expect(bench.said).toEqual([]);
    bench.nowMs += 1_000;
    send(block(1));
    expect(bench.said[0]).toMatch(/record 1 was sent again 1000 ms after the last time/);
  });
});
