/**
 * The session against a model of everything around it: a wire that loses, reorders acknowledgements and breaks
 * at any moment, and a broker that remembers the session or does not. Whatever happens, each accepted publish
 * arrives at least once, first occurrences in order, no packet id stands for two at a time, and all is bounded.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { limits } from "../../../firmware/limits.js";
import { bench } from "./wire.js";

type Action =
  | { do: "publish"; bytes: number }
  | { do: "acknowledge"; which: number }
  | { do: "lose" }
  | { do: "open"; present: boolean; refused: boolean }
  | { do: "room"; bytes: number }
  | { do: "pass"; ms: number }
  | { do: "garbage" };

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 10, arbitrary: fc.integer({ min: 0, max: 900 }).map((bytes) => ({ do: "publish" as const, bytes })) },
  { weight: 8, arbitrary: fc.nat(20).map((which) => ({ do: "acknowledge" as const, which })) },
  { weight: 1, arbitrary: fc.constant({ do: "lose" as const }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("open" as const), present: fc.boolean(), refused: fc.boolean() }) },
  { weight: 3, arbitrary: fc.constantFrom(0, 100, 300, 700, limits.outgoingBytesMax).map((bytes) => ({ do: "room" as const, bytes })) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 40_000 }).map((ms) => ({ do: "pass" as const, ms })) },
  { weight: 1, arbitrary: fc.constant({ do: "garbage" as const }) },
);

function play(actions: Action[]): void {
  const b = bench();
  const accepted: string[] = [];
  const arrived: string[] = [];
  /** Ids of publishes on the wire of this connection that the broker has not acknowledged. */
  let unanswered: number[] = [];
  /** What each id in flight stands for. */
  const meaning = new Map<number, string>();
  let open = false;

  /** The broker takes what the session wrote. */
  function deliver(): void {
    for (const packet of b.written()) {
      if (packet.cmd === "pingreq") b.broker({ cmd: "pingresp" });
      if (packet.cmd !== "publish") continue;
      const text = packet.payload.toString().trimEnd();
      const id = packet.messageId!;
      expect(meaning.get(id) ?? text, "packet id " + id + " is in flight").toBe(text);
      expect(packet.dup, text).toBe(meaning.has(id));
      meaning.set(id, text);
      if (!arrived.includes(text)) arrived.push(text);
      unanswered.push(id);
    }
    if (b.ended.length > 0) lost();
  }

  function lost(): void {
    open = false;
    unanswered = [];
    b.ended.length = 0;
  }

  function acknowledge(which: number): void {
    const [id] = unanswered.splice(which % unanswered.length, 1);
    meaning.delete(id!);
    b.broker({ cmd: "puback", messageId: id! });
  }

  function connect(present: boolean, refused: boolean): void {
    // The connection's buffer is new, so there is room for CONNECT.
    b.room = limits.outgoingBytesMax;
    b.mqtt.open(b.nowMs + 5000);
    open = true;
    b.broker({ cmd: "connack", sessionPresent: present && !refused, returnCode: refused ? 3 : 0 });
  }

  for (const step of actions) {
    if (step.do === "publish") {
      const text = "#" + accepted.length;
      const result = b.mqtt.publish("t", text.padEnd(step.bytes), 1, false);
      if (result.ok) accepted.push(text);
      else expect(result.error.kind).toBe("full");
    } else if (step.do === "acknowledge" && unanswered.length > 0) acknowledge(step.which);
    else if (step.do === "lose" && open) {
      b.mqtt.lost();
      lost();
    } else if (step.do === "open" && !open) connect(step.present, step.refused);
    else if (step.do === "room") {
      b.room = step.bytes;
      b.mqtt.writable();
    } else if (step.do === "pass") {
      b.nowMs += step.ms;
      b.mqtt.tick();
    } else if (step.do === "garbage" && open) b.mqtt.receive(Uint8Array.of(0xff));
    deliver();
    expect(b.mqtt.unacknowledged).toBeLessThanOrEqual(limits.inflightMax);
    expect(b.acknowledged.length + b.mqtt.unacknowledged).toBe(accepted.length);
  }
  // Whatever happened before: with a broker that works, everything arrives.
  if (!open) connect(false, false);
  b.room = limits.outgoingBytesMax;
  b.mqtt.writable();
  deliver();
  while (unanswered.length > 0) {
    acknowledge(0);
    deliver();
  }
  expect(arrived).toEqual(accepted);
  expect(new Set(b.acknowledged).size).toBe(accepted.length);
  expect(b.mqtt.unacknowledged).toBe(0);
}

test("whatever is lost, every accepted publish arrives at least once and first occurrences are in order", () => {
  fc.assert(fc.property(fc.array(action, { maxLength: 120, size: "max" }), play), { seed: 75, numRuns: 400 });
});
