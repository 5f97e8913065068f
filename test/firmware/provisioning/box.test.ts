/** From the box to the first reading: a board that knows nothing, a person with its code, the actual firmware. */
import { expect, test } from "vitest";
import { place, rightOnes } from "./visitor.js";

test("a board out of its box is paired, joins the Wi-Fi, reaches its broker, and keeps what it was told", async () => {
  const box = place({ builtIn: {} });
  const { station, visitor } = box;
  const entered = await visitor.enter();
  if (!entered.ok) throw new Error(entered.error.message);
  const client = entered.value;
  expect(await visitor.awaits(client.schema())).toMatchObject({ ok: true });
  const found = await visitor.awaits(client.scan());
  expect(found.ok && found.value.map(({ ssid }) => ssid)).toContain("mote");
  expect(await visitor.awaits(client.set(rightOnes(box)))).toMatchObject({ ok: true, value: { state: "trial" } });
  const setMs = visitor.nowMs;
  expect(visitor.passUntil(() => station.counts().published > 0, 5_000)).toBe(true);
  expect(visitor.nowMs - setMs).toBeLessThan(1_500);
  visitor.pass(500);
  expect(await visitor.awaits(client.trial())).toMatchObject({ ok: true, value: { state: "kept" } });
});
