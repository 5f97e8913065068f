/** A board that is given away: what it forgets and what it keeps, whenever its power goes meanwhile (docs/ble.md, verb 15). */
import { describe, expect, test } from "vitest";
import ownApp from "../../../firmware/app.js";
import { namespace as statesNamespace } from "../../../firmware/checkpoints/states.js";
import { namespace as totalsNamespace } from "../../../firmware/checkpoints/totals.js";
import type { App } from "../../../firmware/declaration.js";
import { cusum, integral } from "../../../firmware/mote.js";
import { place, type Place, rightOnes } from "./visitor.js";

/** With a total and a state that outlive restarts. */
const app: App = {
  ...ownApp,
  channels: {
    ...ownApp.channels,
    heat: { from: "climate.thermometer.temperature", resolution: 0.01, stages: [integral()] },
    drift: { from: "climate.thermometer.temperature", resolution: 0.01, stages: [cusum()] },
  },
};

interface Given extends Place {
  /** Asks for it; the answer may get lost with the power. */
  readonly erase: () => Promise<void>;
  /** Sectors of the journal with something in them. */
  readonly journal: readonly string[];
  readonly secret: string;
}

const journalOf = ({ board }: Place) =>
  [...board.flash.get("journal")!.sectors.values()]
    // Behind the header, which an empty one has too.
    .map((bytes) => bytes.subarray(64, 192))
    .filter((bytes) => bytes.some((byte) => byte !== 0xff))
    .map((bytes) => Buffer.from(bytes).toString("hex"));

/** One that somebody has set, that has measured for a while, and at which somebody has guessed three times. */
async function lived(seconds: number): Promise<Given> {
  const here = place({ app, builtIn: { journal: { blockS: 2 } }, journalBytes: 65_536 });
  const { visitor, board } = here;
  for (let guess = 0; guess < 3; guess++) {
    await visitor.enter(new Uint8Array(15));
    visitor.pass(100);
  }
  const talk = await visitor.talk();
  const settings = [...rightOnes(here), ["device.name", "mine"], ["calibration.points", "outdoor=0:50,10:70"]];
  await talk.ask(4, "schema 2" + settings.map(([name, value]) => `\n${name}=${value}`).join(""));
  for (let left = seconds; left > 0; left -= 60) {
    visitor.pass(1_000 * Math.min(left, 60));
    await talk.ask(1);
  }
  const secret = Buffer.from(board.secret!).toString("hex");
  const erase = async () => {
    await talk.ask(15, "erase").catch(() => undefined);
  };
  return { ...here, erase, journal: journalOf(here), secret };
}

/** What is left of all that, by its names. */
function left(here: Given): string[] {
  const { board } = here;
  const found: string[] = [];
  const config = [...board.flash.get("config")!.sectors.values()].map((bytes) => Buffer.from(bytes).toString("latin1")).join("");
  if (config.includes("mine") || config.includes("simulated")) found.push("settings");
  if (journalOf(here).some((sector) => here.journal.includes(sector))) found.push("journal");
  const kept = board.keyValue.snapshot().items.map(({ at }) => at);
  if (kept.some((at) => at.startsWith(totalsNamespace) && at !== totalsNamespace)) found.push("totals");
  // Beside them, a list of which there are.
  if (kept.some((at) => at.startsWith(statesNamespace) && /\0s[0-9a-f]{8}$/.test(at))) found.push("states");
  return found;
}

function keeps({ board, secret }: Given): void {
  expect(Buffer.from(board.secret!).toString("hex")).toBe(secret);
  expect(board.keyValue.read("mote.ble", "guesses")).toEqual(Uint8Array.of(3));
}

describe("a factory reset", () => {
  test("forgets settings, samples, totals and states, and keeps the secret and the guesses at it", async () => {
    const here = await lived(400);
    const { visitor, station, board } = here;
    expect(here.journal.length).toBeGreaterThan(0);
    expect(left(here)).toEqual(["settings", "journal", "totals", "states"]);
    keeps(here);
    await here.erase();
    expect(visitor.passUntil(() => station.counts().boots === 2, 10_000)).toBe(true);
    visitor.pass(5_000);
    expect(left(here)).toEqual([]);
    keeps(here);
    expect(board.link.up).toBe(false);
    // Who asked for it can go on.
    const talk = await visitor.talk();
    const settings = (await talk.ask(2)).body + (await talk.ask(2, "9")).body;
    expect(settings).not.toMatch(/^s /m);
    expect((await talk.ask(1)).body).not.toContain("name mine");
    expect((await talk.ask(10)).body).toContain("all was forgotten: factory reset");
    expect((await talk.ask(5)).body).toBe("none");
    const restarted = station.counts().boots;
    station.powerOff();
    station.powerOn();
    visitor.pass(10_000);
    expect(station.counts().boots).toBe(restarted + 1);
    expect(board.bluetooth.advertisement).toBeDefined();
    expect((await (await visitor.talk()).ask(10)).body).not.toContain("forgotten");
  });

  test("that the power cuts off at any moment is done at the next boot, once, or was never asked for", async () => {
    let forgotten = 0;
    let untouched = 0;
    for (let ms = 0; ms <= 3_000; ms += 60) {
      const here = await lived(5);
      const { visitor, station, simulation, board } = here;
      const fromUs = simulation.scheduler.nowUs;
      const cutUs = fromUs + ms * 1000;
      station.cutPowerAt(cutUs);
      simulation.scheduler.at(cutUs + 500_000, () => station.powerOn());
      await here.erase();
      visitor.pass(Math.max(0, cutUs / 1000 + 500 - visitor.nowMs) + 8_000);
      const after = left(here);
      expect(station.powered).toBe(true);
      if (board.link.up) {
        untouched++;
        expect([ms, after.slice(0, 2)]).toEqual([ms, ["settings", "journal"]]);
      } else {
        forgotten++;
        expect([ms, after]).toEqual([ms, []]);
      }
      keeps(here);
      // The boot after it is an ordinary one.
      expect(board.keyValue.read("mote.ble", "reset")).toBeUndefined();
    }
    expect(untouched).toBeGreaterThan(0);
    expect(forgotten).toBeGreaterThan(40);
  }, 60_000);

  test("that a flash refuses is told by nothing being forgotten", async () => {
    const here = await lived(5);
    here.board.keyValue.failing = true;
    await here.erase();
    here.visitor.pass(10_000);
    here.board.keyValue.failing = false;
    expect(left(here)).toContain("settings");
    expect(here.board.link.up).toBe(true);
  });
});
