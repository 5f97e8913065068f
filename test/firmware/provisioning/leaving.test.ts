/** What is still asked for while a board is about to restart, and centrals that neither go nor stay. */
import { describe, expect, test } from "vitest";
import { place } from "./visitor.js";

async function talking() {
  const here = place();
  here.visitor.pass(4_000);
  here.visitor.press();
  const talk = await here.visitor.talk();
  await talk.ask(1);
  return { ...here, talk };
}

describe("between the answer and the restart", () => {
  test.each([
    ["another restart", [14, "", 14, ""]],
    ["a factory reset", [14, "", 15, "erase"]],
    ["a restart behind a factory reset", [15, "erase", 14, ""]],
  ] as const)("%s is answered, and the board restarts once", async (_, [first, firstBody, second, secondBody]) => {
    const { talk, station, visitor } = await talking();
    expect((await talk.ask(first, firstBody)).status).toBe(0);
    visitor.pass(200);
    expect((await talk.ask(second, secondBody)).status).toBe(0);
    visitor.pass(20_000);
    expect(station.counts().boots).toBe(2);
    expect(station.powered).toBe(true);
  });

  test("all other verbs are answered too, up to the end, and settings that were kept are there afterwards", async () => {
    const here = await talking();
    const { talk, station, visitor } = here;
    await talk.ask(14);
    const set = await talk.ask(4, "schema 2\ndevice.name=late\nbroker.port=1884");
    expect(set.status).toBe(0);
    let asked = 0;
    try {
      for (; asked < 200; asked++) {
        const verb = [1, 2, 3, 5, 9, 10, 11, 12, 13, 16][asked % 10]!;
        expect((await talk.ask(verb, verb === 9 ? "on" : "")).status).toBe(0);
      }
    } catch (thrown) {
      expect(String(thrown)).toContain("lost");
    }
    expect(asked).toBeGreaterThan(3);
    visitor.pass(20_000);
    expect(station.counts().boots).toBe(2);
    visitor.press();
    expect((await (await visitor.talk()).ask(1)).body).toContain("name late");
  });

  test.each([14, 15])("a power cut changes nothing for verb %i", async (verb) => {
    const { talk, station, visitor } = await talking();
    await talk.ask(verb, verb === 15 ? "erase" : "");
    visitor.pass(550);
    station.powerOff();
    station.powerOn();
    visitor.pass(20_000);
    expect([station.counts().boots, station.powered]).toEqual([2, true]);
  });
});

test("a board whose LED's pin is taken says that it cannot blink, and goes on", async () => {
  const { talk, board, station, ...here } = await talking();
  const { Digital } = board.device;
  const taken = class extends Digital {
    constructor(options: ConstructorParameters<typeof Digital>[0]) {
      if (options.pin === board.model.led) throw new Error("in use");
      super(options);
    }
  };
  Object.defineProperty(board.device, "Digital", { value: taken });
  expect((await talk.ask(13)).status).toBe(21);
  expect((await talk.ask(1)).status).toBe(0);
  here.visitor.pass(1_000);
  expect(station.counts().boots).toBe(1);
});
