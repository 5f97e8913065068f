/** Settings that are tried on a flash in which a later Mote has left some: they hold, are kept, are undone as anywhere. */
import { expect, test } from "vitest";
import { crc32 } from "../../../firmware/base/crc32.js";
import { openConfig } from "../../../firmware/config/open.js";
import { schemaVersion } from "../../../firmware/config/schema.js";
import { headerBytes, writeHeader } from "../../../firmware/config/slot.js";
import { Trial } from "../../../firmware/config/trial.js";
import { flashOf, memory, put } from "./flash-rig.js";

function later() {
  const flash = memory();
  const text = new TextEncoder().encode('{"x":1}');
  const bytes = new Uint8Array(headerBytes + 16).fill(0xff);
  const header = { format: 1, schema: schemaVersion + 1, generation: 5, length: text.length, textCrc: crc32(text, 0, text.length) };
  bytes.set(writeHeader({ ...header, onTrial: false }));
  bytes.set(text, headerBytes);
  put(flash, 0, bytes);
  const device = { flash: flashOf(flash), clock: { nowMs: () => 0 }, timers: { set: () => 0, clear() {} } };
  const trial = new Trial(
    device,
    {},
    () => {},
    () => {},
  );
  trial.opened();
  expect(trial.set({ wifi: { ssid: "home", password: "12345678" } })).toMatchObject({ ok: true, value: { onTrial: true } });
  return { trial, now: () => openConfig(flashOf(flash), {}) };
}

test("they are in force while they are tried, and for good once they are kept", () => {
  const { trial, now } = later();
  expect(now()).toMatchObject({ config: { wifi: { ssid: "home" } }, trialBoots: 0, problem: undefined });
  expect([trial.keep(), trial.state]).toEqual([undefined, "kept"]);
  expect(now()).toMatchObject({ config: { wifi: { ssid: "home" } }, trialBoots: undefined, problem: undefined });
});

test("they are over when they are undone, and the later ones are left alone", () => {
  const { trial, now } = later();
  expect([trial.undo("hand"), trial.state]).toEqual([undefined, "undone"]);
  expect(now()).toMatchObject({ config: { wifi: { ssid: "" } }, undone: "hand", problem: { kind: "newer" } });
});
