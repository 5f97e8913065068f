/** Wrong secrets at the actual firmware: how many there may be, whatever becomes of the board in between (docs/ble.md, "Handshake"). */
import { describe, expect, test } from "vitest";
import { place } from "./visitor.js";

describe("guesses", () => {
  const wrong = Uint8Array.from({ length: 15 }, (_, index) => index);

  test("are twenty through resets and power cuts, and only the button gives them back", async () => {
    const here = place({ builtIn: {} });
    const { visitor, station } = here;
    for (let guess = 1; guess <= 20; guess++) {
      expect(await visitor.enter(wrong)).toMatchObject({ ok: false, error: { kind: "secret" } });
      visitor.pass(100);
      if (guess === 10) expect((await visitor.awaits((await visitor.connect()).readInfo()))[2]).toBe(10);
      if (guess % 7 === 3) {
        station.powerOff();
        station.powerOn();
        visitor.pass(6_000);
      }
    }
    const locked = async () => {
      const link = await visitor.connect();
      const info = await visitor.awaits(link.readInfo());
      const frames: string[] = [];
      link.onFrame = (frame) => frames.push(Buffer.from(frame).toString("hex"));
      await visitor.awaits(link.write(Uint8Array.of(0x40, 1, 1, ...new Uint8Array(81))));
      visitor.pass(200);
      link.close();
      visitor.pass(200);
      return [info[1]! & 4, info[2], frames.at(-1)];
    };
    expect(await locked()).toEqual([4, 0, "c005"]);
    expect(await visitor.enter()).toMatchObject({ ok: false, error: { kind: "locked" } });
    station.powerOff();
    station.powerOn();
    visitor.pass(6_000);
    expect(await locked()).toEqual([4, 0, "c005"]);
    expect(await visitor.enter()).toMatchObject({ ok: false, error: { kind: "locked" } });
    visitor.press();
    expect(await visitor.enter()).toMatchObject({ ok: true });
  });

  test("that the power ends right after they were looked at are counted", async () => {
    const here = place({ builtIn: {} });
    const { visitor, station } = here;
    for (let guess = 0; guess < 20; guess++) {
      const link = await visitor.connect();
      await visitor.awaits(link.write(Uint8Array.of(0x40, 1, 1, ...new Uint8Array(81))));
      station.powerOff();
      station.powerOn();
      visitor.pass(6_000);
    }
    expect(await visitor.enter()).toMatchObject({ ok: false, error: { kind: "locked" } });
  });

  test("that are right cost nothing", async () => {
    const here = place({ builtIn: {} });
    for (let visit = 0; visit < 25; visit++) {
      const entered = await here.visitor.enter();
      expect(entered).toMatchObject({ ok: true, value: { info: { guessesLeft: 20 } } });
      if (entered.ok) entered.value.close();
      here.visitor.pass(200);
    }
  });
});
