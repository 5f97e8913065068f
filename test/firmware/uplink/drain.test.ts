/** The drain against a journal that only counts: what it sends, when it frees, what it believes. */
import { beforeEach, describe, expect, test } from "vitest";
import type { Bytes, Timer } from "../../../firmware/device.js";
import type { Journal } from "../../../firmware/journal/contract.js";
import { limits } from "../../../firmware/limits.js";
import { type Acknowledge, Drain } from "../../../firmware/uplink/drain.js";

const install = 77;

/** Records 0 … `given` − 1, one byte each: its number. */
class Counting {
  given = 0;
  done = 0;
  cursor = 0;
  readonly install = install;
  readonly boot = 3;

  get nextSeq(): number {
    return this.given;
  }

  get doneSeq(): number {
    return this.done;
  }

  get cursorSeq(): number {
    return this.cursor;
  }

  get lastSeq(): number {
    return this.cursor;
  }

  peek(): Bytes | undefined {
    return this.cursor < this.given ? Uint8Array.of(this.cursor) : undefined;
  }

  skip(): void {
    this.cursor++;
  }

  rewind(): void {
    this.cursor = this.done;
  }

  acknowledge(seq: number): boolean {
    if (seq >= this.given) return false;
    this.done = Math.max(this.done, seq + 1);
    this.cursor = Math.max(this.cursor, this.done);
    return true;
  }
}

let journal: Counting;
let sent: number[];
let room: boolean;
let nowMs: number;
let due: { atMs: number; callback: () => void } | undefined;

beforeEach(() => {
  journal = new Counting();
  sent = [];
  room = true;
  nowMs = 0;
  due = undefined;
});

function drain(acknowledge: Acknowledge): Drain {
  return new Drain({
    journal: journal as unknown as Journal,
    acknowledge,
    timers: {
      set: (callback, delayMs) => (due = { atMs: nowMs + delayMs, callback }) as unknown as Timer,
      clear: () => void (due = undefined),
    },
    // Tokens are numbers of sendings, from 1 on.
    send: (record) => (room ? sent.push(record[0]!) : 0),
    draw: () => 0,
  });
}

function wait(ms: number): void {
  nowMs += ms;
  if (due === undefined || due.atMs > nowMs) return;
  const { callback } = due;
  due = undefined;
  callback();
}

const bytes = (text: string): Bytes => new Uint8Array(Buffer.from(text));
const confirmation = (seq: unknown, of: unknown = install, boot: unknown = 3): Bytes => bytes(JSON.stringify({ install: of, boot, seq }));

describe("acknowledged by the broker", () => {
  test("records go out in order, a window of them at a time, and each is freed by its PUBACK and not before", () => {
    journal.given = 5;
    const made = drain("broker");
    made.pump();
    expect([sent, journal.done]).toEqual([[0, 1], 0]);
    made.taken(1);
    expect([sent, journal.done]).toEqual([[0, 1, 2], 1]);
    for (const token of [2, 3, 4, 5]) made.taken(token);
    expect([sent, journal.done]).toEqual([[0, 1, 2, 3, 4], 5]);
    expect(made.counts).toEqual({ sent: 5, strangeAcks: 0 });
  });

  test("an acknowledgement out of turn frees nothing before it", () => {
    journal.given = 2;
    const made = drain("broker");
    made.pump();
    made.taken(2);
    expect(journal.done).toBe(0);
    made.taken(1);
    expect(journal.done).toBe(2);
  });

  test("what the connection does not take now is taken later, and none is left out", () => {
    journal.given = 3;
    const made = drain("broker");
    room = false;
    made.pump();
    room = true;
    made.pump();
    made.taken(1);
    expect(sent).toEqual([0, 1, 2]);
  });

  test("a consumer's confirmation frees nothing, and messages that are not its own are no affair of it", () => {
    journal.given = 2;
    const made = drain("broker");
    made.pump();
    made.confirmed(confirmation(1));
    made.taken(99);
    expect([journal.done, made.counts.strangeAcks]).toEqual([0, 0]);
  });
});

describe("acknowledged by a consumer", () => {
  test("a PUBACK lets the next record out and frees none; the watermark frees all up to it", () => {
    journal.given = 4;
    const made = drain("consumer");
    made.pump();
    for (const token of [1, 2, 3, 4]) made.taken(token);
    expect([sent, journal.done]).toEqual([[0, 1, 2, 3], 0]);
    made.confirmed(confirmation(2));
    expect(journal.done).toBe(3);
  });

  test("what is not confirmed in its time is sent again from the first on, ever more rarely", () => {
    journal.given = 2;
    const made = drain("consumer");
    made.pump();
    made.taken(1);
    made.taken(2);
    wait(limits.consumerPatienceMs - 1);
    expect(sent).toEqual([0, 1]);
    wait(1);
    expect(sent).toEqual([0, 1, 0, 1]);
    made.taken(3);
    made.taken(4);
    wait(2 * limits.consumerPatienceMs - 1);
    expect(sent).toHaveLength(4);
    wait(1);
    expect(sent).toEqual([0, 1, 0, 1, 0, 1]);
  });

  test("it does not run further ahead than so many records while it may hope", () => {
    journal.given = 200;
    const made = drain("consumer");
    made.pump();
    for (let token = 1; token <= 300; token++) made.taken(token);
    expect(sent).toHaveLength(limits.drainAheadMax);
    made.confirmed(confirmation(9));
    for (let token = 1; token <= 300; token++) made.taken(token);
    expect(sent).toHaveLength(limits.drainAheadMax + 10);
  });

  test.each([
    ["of another install", confirmation(1, install + 1)],
    ["of a number never given", confirmation(2)],
    ["of a boot to come", confirmation(1, install, 4)],
    ["of half a number", confirmation(0.5)],
    ["of less than no number", confirmation(-1)],
    ["of a number in words", confirmation("1")],
    ["that is no JSON", bytes('{"install":')],
    ["that is null", bytes("null")],
    ["that is empty", bytes("")],
    ["that is too long", bytes(JSON.stringify({ install, boot: 3, seq: 1, more: "x".repeat(128) }))],
  ])("a confirmation %s is counted and changes nothing", (_, payload) => {
    journal.given = 2;
    const made = drain("consumer");
    made.pump();
    made.confirmed(payload);
    expect([journal.done, made.counts.strangeAcks]).toEqual([0, 1]);
  });

  test("its last one again, when it was overdue, has all sent again at once: but once only, until it is overdue again", () => {
    journal.given = 3;
    const made = drain("consumer");
    made.pump();
    made.taken(1);
    made.taken(2);
    made.taken(3);
    made.confirmed(confirmation(0));
    due!.callback();
    const before = sent.length;
    nowMs += 1.5 * limits.consumerPatienceMs;
    for (let times = 0; times < 100; times++) {
      made.confirmed(confirmation(0));
      for (let token = before; token <= sent.length; token++) made.taken(token);
    }
    expect(sent.length - before).toBeLessThanOrEqual(2 * 2);
    // What was sent again has its whole time to be confirmed.
    expect(due!.atMs - nowMs).toBeGreaterThanOrEqual(limits.consumerPatienceMs);
    due!.callback();
    for (let token = 0; token <= sent.length; token++) made.taken(token);
    const again = sent.length;
    made.confirmed(confirmation(0));
    for (let token = 0; token <= sent.length; token++) made.taken(token);
    expect(sent.length).toBeGreaterThan(again);
  });

  test("one that is lower than what is known changes nothing, and is nothing strange", () => {
    journal.given = 4;
    const made = drain("consumer");
    made.pump();
    made.confirmed(confirmation(3));
    made.confirmed(confirmation(1));
    expect([journal.done, made.counts.strangeAcks]).toEqual([4, 0]);
  });
});
