/** Settings on trial, in flash: what holds after every restart, power cut and mark, and that a trial always ends. */
import { describe, expect, test } from "vitest";
import { namesOnTrial, openConfig, setConfig } from "../../../firmware/config/open.js";
import { trialBootsMax } from "../../../firmware/config/marks.js";
import { markTrial, readStore } from "../../../firmware/config/store.js";
import type { FlashStorage } from "../../../firmware/device.js";
import type { PartialConfig } from "../../../firmware/settings.js";
import { flashOf, memory } from "./flash-rig.js";
import { trialBoard } from "./trial-rig.js";

const home: PartialConfig = { wifi: { ssid: "home", password: "swordfish" }, broker: { host: "10.0.0.2" } };
const wrong: PartialConfig = { wifi: { ssid: "hoem" } };

function atHome() {
  const flash = memory();
  setConfig(flashOf(flash), home);
  return flash;
}

describe("a trial", () => {
  test("holds from the set on, is put to work once an answer can have left, and is undone when its time is up", () => {
    const flash = atHome();
    const { trial, applied, pass, states } = trialBoard(flashOf(flash));
    expect(trial.set(wrong)).toMatchObject({ ok: true, value: { onTrial: true, changed: ["wifi.ssid"] } });
    expect([trial.state, trial.leftS, applied.length]).toEqual(["trial", 300, 0]);
    pass(1_000);
    expect(applied.map(({ wifi }) => wifi.ssid)).toEqual(["hoem"]);
    expect(namesOnTrial(flashOf(flash))).toEqual(["wifi.ssid"]);
    pass(298_000);
    expect([trial.state, trial.leftS]).toEqual(["trial", 1]);
    pass(2_000);
    expect([trial.state, trial.reason, trial.leftS]).toEqual(["undone", "time", 0]);
    expect(applied.map(({ wifi }) => wifi.ssid)).toEqual(["hoem", "home"]);
    expect(states).toEqual(["trial", "undone"]);
    expect(openConfig(flashOf(flash), {})).toMatchObject({ config: home, stored: home, undone: "time", problems: 0 });
  });

  test("that is kept holds for good, and no timer undoes it", () => {
    const flash = atHome();
    const { trial, applied, pass } = trialBoard(flashOf(flash));
    trial.set({ broker: { host: "10.0.0.3" } });
    pass(1_000);
    expect(trial.keep()).toBeUndefined();
    pass(10_000_000);
    expect([trial.state, applied.length]).toEqual(["kept", 1]);
    expect(trialBoard(flashOf(flash))).toMatchObject({ opened: { config: { broker: { host: "10.0.0.3" } }, trialBoots: undefined } });
  });

  test("is as long as the settings on trial say", () => {
    const { trial, pass } = trialBoard(flashOf(atHome()));
    trial.set({ ...wrong, trial: { forS: 30 } });
    pass(29_900);
    expect(trial.state).toBe("trial");
    pass(200);
    expect(trial.state).toBe("undone");
  });

  test("is none for what cannot cut a board off, nor for what holds already", () => {
    const { trial, applied, pass } = trialBoard(flashOf(atHome()), { broker: { port: 1884 } });
    expect(trial.set({ counters: { everyS: 20 } })).toMatchObject({ ok: true, value: { onTrial: false, written: true } });
    // Written for good, though it is what was built in.
    expect(trial.set({ broker: { port: 1884 } })).toMatchObject({ ok: true, value: { onTrial: false, written: true } });
    expect(trial.set({ broker: { port: 1884 } })).toMatchObject({ ok: true, value: { onTrial: false, written: false } });
    pass(1_000_000);
    expect([trial.state, applied.length]).toEqual(["none", 1]);
  });

  test("takes on what comes on top, with its time anew, and all of it is undone together", () => {
    const flash = atHome();
    const { trial, pass } = trialBoard(flashOf(flash));
    trial.set(wrong);
    pass(200_000);
    expect(trial.set({ counters: { everyS: 20 } })).toMatchObject({ ok: true, value: { onTrial: true } });
    pass(200_000);
    expect(trial.state).toBe("trial");
    expect(trial.set({ wifi: { ssid: "shed" } })).toMatchObject({ ok: true, value: { onTrial: true } });
    pass(301_000);
    expect(trial.state).toBe("undone");
    expect(openConfig(flashOf(flash), {}).stored).toEqual(home);
  });

  test("begins from nothing as well, and leaves nothing", () => {
    const flash = memory();
    const { trial, pass } = trialBoard(flashOf(flash));
    expect(trial.set(home)).toMatchObject({ ok: true, value: { onTrial: true } });
    pass(301_000);
    expect(openConfig(flashOf(flash), {})).toMatchObject({ stored: {}, undone: "time" });
    expect(trial.set(home)).toMatchObject({ ok: true, value: { onTrial: true, written: true } });
    trial.keep();
    expect(openConfig(flashOf(flash), {})).toMatchObject({ stored: home, undone: undefined });
  });

  test("by hand: undone at once, and again there is nothing to undo", () => {
    const flash = atHome();
    const { trial, pass, applied } = trialBoard(flashOf(flash));
    trial.set(wrong);
    expect(trial.undo("hand")).toBeUndefined();
    pass(1_000);
    expect([trial.state, trial.reason]).toEqual(["undone", "hand"]);
    expect(applied.at(-1)?.wifi.ssid).toBe("home");
    expect(trial.undo("time")).toBeUndefined();
    expect(trial.reason).toBe("hand");
  });
});

describe("over restarts", () => {
  test("it goes on, each time anew, and with the fourth it is over", () => {
    const flash = atHome();
    trialBoard(flashOf(flash)).trial.set(wrong);
    for (let boot = 1; boot <= trialBootsMax; boot++) {
      const { opened, trial, pass } = trialBoard(flashOf(flash));
      expect(opened).toMatchObject({ config: { wifi: { ssid: "hoem" } }, trialBoots: boot });
      pass(290_000);
      expect(trial.state).toBe("trial");
    }
    const { opened, trial } = trialBoard(flashOf(flash));
    expect(opened).toMatchObject({ config: { wifi: { ssid: "home" } }, trialBoots: undefined, undone: "restarts" });
    expect([trial.state, trial.reason]).toEqual(["undone", "restarts"]);
    expect(trialBoard(flashOf(flash)).opened).toMatchObject({ config: { wifi: { ssid: "home" } }, undone: "restarts" });
  });

  test("it can be kept in a later boot", () => {
    const flash = atHome();
    trialBoard(flashOf(flash)).trial.set({ wifi: { ssid: "new" } });
    trialBoard(flashOf(flash));
    expect(trialBoard(flashOf(flash)).trial.keep()).toBeUndefined();
    expect(trialBoard(flashOf(flash))).toMatchObject({
      opened: { config: { wifi: { ssid: "new" } }, trialBoots: undefined, undone: undefined },
    });
  });

  test("that it was undone is told until something is set", () => {
    const flash = atHome();
    const first = trialBoard(flashOf(flash));
    first.trial.set(wrong);
    first.trial.undo("time");
    expect(trialBoard(flashOf(flash)).trial).toMatchObject({ state: "undone", reason: "time" });
    trialBoard(flashOf(flash)).trial.set({ counters: { everyS: 30 } });
    expect(trialBoard(flashOf(flash)).trial).toMatchObject({ state: "none", reason: undefined });
  });
});

/** What any power cut may leave: all of one of these. */
const outcomes = [home.wifi!.ssid, wrong.wifi!.ssid, "new"];

test("the power may go at any operation of a trial's life: all of the old holds or all of the new, and it ends", () => {
  type Step = (flash: FlashStorage) => unknown;
  const steps: Step[] = [
    (flash) => setConfig(flash, { wifi: { ssid: "hoem" }, broker: { host: "10.0.0.9" } }, [], {}),
    (flash) => markTrial(flash, readStore(flash), "boot"),
    (flash) => setConfig(flash, { wifi: { ssid: "new" }, broker: { host: "10.0.0.7" } }, [], {}),
    (flash) => markTrial(flash, readStore(flash), "boot"),
    (flash) => markTrial(flash, readStore(flash), "kept"),
    (flash) => setConfig(flash, { wifi: { ssid: "hoem" }, broker: { host: "10.0.0.9" } }, [], {}),
    (flash) => markTrial(flash, readStore(flash), "time"),
  ];
  const hosts: Record<string, string> = { home: "10.0.0.2", hoem: "10.0.0.9", new: "10.0.0.7" };
  let cuts = 0;
  for (let last = 0; last < steps.length; last++) {
    for (const share of [0, 0.3, 0.7, 1]) {
      for (let operation = 0; ; operation++) {
        const flash = atHome();
        for (const step of steps.slice(0, last)) step(flashOf(flash));
        const before = openConfig(flashOf(flash), {}).config;
        const rig = flashOf(flash, { operation, share });
        steps[last]!(rig);
        if (rig.operations.length <= operation) break;
        cuts++;
        const { config, problems, trialBoots } = openConfig(flashOf(flash), {});
        expect(outcomes).toContain(config.wifi.ssid);
        expect(config.broker.host).toBe(hosts[config.wifi.ssid]);
        expect(config.wifi.password).toBe("swordfish");
        if (before.wifi.ssid === "home" && last === 0) expect(["home", "hoem"]).toContain(config.wifi.ssid);
        // A damaged slot is told once and not counted as settings.
        expect(problems).toBeLessThanOrEqual(1);
        // Whatever was left: after a few restarts without a word from anybody, nothing is on trial.
        if (trialBoots !== undefined) for (let boot = 0; boot <= trialBootsMax; boot++) trialBoard(flashOf(flash));
        expect(openConfig(flashOf(flash), {}).trialBoots).toBeUndefined();
        // And it can be set again.
        expect(setConfig(flashOf(flash), { counters: { everyS: 77 } })).toMatchObject({ ok: true });
        expect(openConfig(flashOf(flash), {}).config.counters.everyS).toBe(77);
      }
    }
  }
  expect(cuts).toBeGreaterThan(50);
});
