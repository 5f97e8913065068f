/** Requests of somebody who has the code and means ill, on the board's own engine: refused, and the board has memory left. */
import { afterAll, expect, test } from "vitest";
import { schemaVersion } from "../../../firmware/config/schema.js";
import { onXs, withoutXs } from "../../host-sim/xs/available.js";
import { bytesOf, place, type Place } from "./visitor.js";

const head = `schema ${schemaVersion}`;
const bodies: Record<string, string> = {
  "line breaks": head + "\n".repeat(1_370),
  dots: `${head}\n${".".repeat(1_370)}`,
  "a long name": `${head}\n${"x".repeat(1_300)}`,
  "semicolons, as many as fit the setting": `${head}\ncalibration.points=${";".repeat(384)}`,
  "semicolons, more than fit": `${head}\ncalibration.points=${";".repeat(1_300)}`,
  commas: `${head}\ncalibration.points=a=${",".repeat(1_300)}`,
  "characters of four bytes": `${head}\ndevice.name=${"😀".repeat(320)}`,
  "one setting again and again": head + "\ncounters.everyS=20".repeat(70),
};

let here: Place | undefined;
afterAll(() => here?.simulation.close());

test.skipIf(withoutXs)(
  onXs("bodies of nothing but separators take no memory to speak of, and change nothing"),
  async () => {
    here = place({ arenaBytes: 81_920 });
    const { visitor, station } = here;
    visitor.pass(5_000);
    visitor.press();
    const talk = await visitor.talk();
    const before = bytesOf(here, "config");
    for (const [name, body] of Object.entries(bodies)) {
      expect([name, (await talk.ask(4, body)).status]).toEqual([name, expect.toBeOneOf([17, 18])]);
    }
    expect(station.powered).toBe(true);
    expect(station.memory()!.arenaPeakBytes).toBeLessThan(75_000 * (station.memory()!.slotBytes / 16));
    expect(bytesOf(here, "config")).toBe(before);
  },
  60_000,
);
