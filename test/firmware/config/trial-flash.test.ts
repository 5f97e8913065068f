/** Settings on trial in a flash that fails: what the board says and runs on is what its next boot will find there. */
import { expect, test } from "vitest";
import { openConfig, setConfig } from "../../../firmware/config/open.js";
import type { Flash, FlashStorage } from "../../../firmware/device.js";
import type { PartialConfig } from "../../../firmware/settings.js";
import { flashOf, memory } from "./flash-rig.js";
import { trialBoard } from "./trial-rig.js";

const home: PartialConfig = { wifi: { ssid: "home" } };
const shed: PartialConfig = { wifi: { ssid: "shed" } };

/** At home, with the shed on trial. `fail`: how much is done of each write that fails from now on; undefined: it works. */
function onTrial() {
  const partition = memory();
  const whole = flashOf(partition);
  setConfig(whole, home);
  let shareOf: () => number | undefined = () => undefined;
  const flash: FlashStorage = {
    open(options) {
      const inner: Flash = whole.open(options);
      return {
        ...inner,
        write(bytes, at) {
          const share = shareOf();
          if (share === undefined) return inner.write(bytes, at);
          partition.program(bytes, at, share);
          throw new Error("ESP_ERR_FLASH_OP_FAIL");
        },
      };
    },
  };
  const { trial, applied, pass } = trialBoard(flash);
  trial.set(shed);
  pass(1_000);
  const running = (): string | undefined => applied.at(-1)?.wifi.ssid;
  return {
    trial,
    pass,
    running,
    next: () => openConfig(flash, {}).config.wifi.ssid,
    fail: (of: () => number | undefined) => void (shareOf = of),
  };
}

test("what could not be written over a trial has ended it: the board goes back at once", () => {
  const { trial, pass, running, next, fail } = onTrial();
  fail(() => 0.5);
  expect(trial.set({ wifi: { ssid: "attic" } })).toMatchObject({ ok: false, error: { kind: "flash" } });
  expect(trial.state).toBe("undone");
  pass(1_000);
  expect([running(), next()]).toEqual(["home", "home"]);
  // It was told so: it is not kept by what the broker says afterwards.
  trial.keep();
  expect(trial.state).toBe("undone");
});

test("a mark that stands, though the flash has complained, counts", () => {
  const kept = onTrial();
  kept.fail(() => 1);
  expect(kept.trial.keep()).toBeUndefined();
  expect([kept.trial.state, kept.next()]).toEqual(["kept", "shed"]);
  const undone = onTrial();
  undone.fail(() => 1);
  expect(undone.trial.undo("hand")).toBeUndefined();
  undone.pass(1_000);
  expect([undone.trial.state, undone.trial.reason, undone.running(), undone.next()]).toEqual(["undone", "hand", "home", "home"]);
});

test("what could not be undone by hand is undone a little later, and by hand still", () => {
  const { trial, pass, running, fail } = onTrial();
  fail(() => 0.1);
  expect(trial.undo("hand")).toMatchObject({ kind: "flash" });
  fail(() => undefined);
  pass(9_000);
  expect(trial.state).toBe("trial");
  pass(2_000);
  expect([trial.state, trial.reason, running()]).toEqual(["undone", "hand", "home"]);
});

test("marks that the flash spoils count as restarts, and with the fourth the board goes back and says so", () => {
  const { trial, pass, running, next, fail } = onTrial();
  fail(() => 0.1);
  for (let attempt = 1; attempt <= 3; attempt++) expect([trial.keep()?.kind, trial.state]).toEqual(["flash", "trial"]);
  expect(trial.keep()).toBeUndefined();
  expect([trial.state, trial.reason]).toEqual(["undone", "restarts"]);
  pass(1_000);
  expect([running(), next()]).toEqual(["home", "home"]);
});

test("a change whose header stands, though the flash has complained, is on trial", () => {
  const { trial, next, fail } = onTrial();
  trial.undo("hand");
  let writes = 0;
  fail(() => (++writes === 2 ? 1 : undefined));
  expect(trial.set({ wifi: { ssid: "attic" } })).toMatchObject({ ok: true, value: { onTrial: true } });
  expect([trial.state, next()]).toEqual(["trial", "attic"]);
});

test("a refused change leaves what is on trial as it is", () => {
  const { trial, next } = onTrial();
  expect(trial.set({ broker: { port: 70_000 } })).toMatchObject({ ok: false, error: { kind: "settings" } });
  expect([trial.state, next()]).toEqual(["trial", "shed"]);
});
