/** A board on a real broker, on the dashboard: what can be done to it, and how it is run again in virtual time. */
import { afterEach, expect, test } from "vitest";
import type { LiveSession } from "../../../host-sim/dashboard/live-session.js";
import { openDashboard } from "../../../host-sim/dashboard/server.js";
import { sketched } from "../../../host-sim/dashboard/sketch.js";
import { VirtualSession } from "../../../host-sim/dashboard/virtual-session.js";
import { openBoard } from "../../../host-sim/pairing/client.js";
import { connect, pressButton } from "../../../host-sim/pairing/socket-link.js";
import { nodeSocket } from "./air-rig.js";
import { live } from "./live-rig.js";
import { app, dashboard, until } from "./rig.js";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

test("it is shown and broken like any other, but its time is not ours", async () => {
  const { session, station, failures } = await live(cleanups);
  await until("acknowledged values", () => station.publishes.acknowledged > 5);
  expect(session.boards[0]!.channels.find(({ name }) => name === "temperature")!.out.total).toBeGreaterThan(0);
  for (const refused of [session.pause(), session.run(), session.step(), session.go()]) {
    expect(refused).toMatchObject({ ok: false, error: { message: expect.stringContaining("replay it in virtual time") } });
  }
  expect(session.strike({ do: "break", kind: "broker-down", parameters: {} })).toMatchObject({ ok: false });
  expect(session.strike({ do: "break", kind: "power-cut", board: "board", parameters: {} }).ok).toBe(true);
  await until("the power is off", () => !station.powered);
  expect(session.heal(session.marks()[0]!.key).ok).toBe(true);
  await until("the power is back", () => station.powered);
  expect(session.marks()[0]!.toMs).toBeDefined();
  expect(failures).toEqual([]);
});

test("it can be set over its Bluetooth, as one in virtual time", async () => {
  const { session, station, failures } = await live(cleanups);
  const shown = await dashboard(session);
  cleanups.push(() => shown.close());
  const air = { url: `ws://127.0.0.1:${shown.port}/ble`, makeSocket: nodeSocket };
  expect(await pressButton(air, "board")).toMatchObject({ ok: true });
  await until("its window is open", () => station.board.bluetooth.advertisement !== undefined);
  const link = await connect(air, "board");
  const client = link.ok ? await openBoard(link.value, station.board.secret!) : link;
  if (!client.ok) throw new Error(client.error.message);
  expect(await client.value.set(new Map([["device.name", "porch"]]))).toMatchObject({ ok: true, value: { state: "kept" } });
  client.value.close();
  expect(failures).toEqual([]);
});

test("it is run again in virtual time, with its faults at their times, while it goes on", async () => {
  const { session, station, failures } = await live(cleanups);
  await until("two seconds", () => session.nowMs > 2000);
  session.strike({ do: "break", kind: "power-cut", board: "board", forMs: 1000, parameters: {} });
  await until("it has booted again", () => station.counts().boots === 2);
  let replayed: VirtualSession | undefined;
  const shown = await openDashboard({
    session,
    broker: "a real broker",
    port: 0,
    write: () => "",
    replay: (plan) => (replayed = new VirtualSession({ recipe: sketched({ app, seed: plan.seed, faults: plan.faults }) })),
  });
  cleanups.push(() => shown.close());
  const answer = await fetch(shown.url + "command", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"do":"replay"}',
  });
  expect(await answer.json()).toEqual({ ok: true });
  const reachedMs = session.nowMs;
  await until("the replay is there", () => replayed!.state === "paused");
  expect(replayed!.boards[0]!.station.counts().boots).toBe(2);
  expect(replayed!.marks()).toMatchObject([{ kind: "power-cut", fromMs: session.marks()[0]!.fromMs }]);
  expect(Math.abs(replayed!.nowMs - reachedMs)).toBeLessThan(20_000);
  // What its sensors felt is the same: the raw readings of the first second, which no network delays.
  const raw = (of: LiveSession | VirtualSession): unknown => of.boards[0]!.channels[0]!.raw.since(0).values.slice(0, 2);
  expect(raw(replayed!)).toEqual(raw(session));
  expect(failures).toEqual([]);
  const text = await (await fetch(shown.url + "events?run=virtual", { signal: AbortSignal.timeout(5000) })).body!.getReader().read();
  expect(new TextDecoder().decode(text.value)).toContain('"runs":["live","virtual"]');
});
