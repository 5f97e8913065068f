import fc from "fast-check";
import { expect, test } from "vitest";
import { limits } from "../../../firmware/limits.js";
import { live } from "../../../firmware/uplink/live.js";

const channelCount = 5;
const names = ["a", "b", "c", "d", "e"];
const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: -limits.valueMax, max: limits.valueMax });

type Command =
  | { do: "value"; channel: number; x: number }
  | { do: "failed"; channel: number }
  | { do: "summary"; channel: number; x: number }
  | { do: "room"; messages: number };
const channel = fc.nat(channelCount - 1);
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("value" as const), channel, x: number }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("failed" as const), channel }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("summary" as const), channel, x: number }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("room" as const), messages: fc.nat(4) }) },
);

test("what was given out is sent, superseded or waiting; the newest of each slot waits; no slot waits two rounds", () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 120 }), (commands) => {
      /** The newest message of each slot that waits, and since how many sendings. */
      const waiting = new Map<string, { message: unknown; sendings: number }>();
      const numbers = new Map<string, number>();
      let room = 0;
      let sent = 0;
      let emitted = 0;
      const outlet = live("m", (topic, payload) => {
        if (room === 0) return false;
        room--;
        sent++;
        const slot = new TextDecoder().decode(topic).slice(7);
        // Longer than a slot's turn comes round nothing waits: at most each slot once in between.
        expect(waiting.get(slot)!.sendings).toBeLessThan(2 * channelCount);
        expect(JSON.parse(payload)).toEqual(waiting.get(slot)!.message);
        waiting.delete(slot);
        for (const each of waiting.values()) each.sendings++;
        return true;
      });
      const channels = names.map((name) => outlet.channel(name, name === "a" ? 'W"\n\u{1f600}' : undefined));
      const offered = (slot: string, message: object) => {
        const n = (numbers.get(slot) ?? 0) + 1;
        numbers.set(slot, n);
        emitted++;
        waiting.set(slot, { message: { ...message, n }, sendings: waiting.get(slot)?.sendings ?? 0 });
      };
      let ms = 0;
      for (const each of commands) {
        ms += 1000;
        if (each.do === "room") {
          room += each.messages;
          outlet.drain();
        } else {
          const name = names[each.channel]!;
          if (each.do === "failed") {
            offered(name, { error: "bus", ms });
            channels[each.channel]!.failed("bus", ms);
          } else if (each.do === "value") {
            // JSON has no −0.
            offered(name, { value: each.x + 0, ...(name === "a" ? { unit: 'W"\n\u{1f600}' } : {}), ms });
            channels[each.channel]!.value(each.x, ms);
          } else {
            offered(name + "/summary", { min: each.x + 0, max: each.x + 0, mean: each.x + 0, std: 0, count: 3, ms });
            channels[each.channel]!.summary(each.x, each.x, each.x, 0, 3, ms);
          }
        }
        expect(outlet.counts.emitted).toBe(emitted);
        expect(sent + outlet.counts.superseded + waiting.size).toBe(emitted);
        if (room > 0) expect(waiting.size).toBe(0);
      }
    }),
    { seed: 1, numRuns: 300 },
  );
});
