/**
 * The root for ESP32: the Moddable SDK's modules become a `Device`, and the app starts on it. The board, and the
 * settings that hold where nobody set others, come from build time (manifest.json, `npm run flash`). When the app cannot
 * start, the board says why and restarts after a pause, so that a passing fault heals and a lasting one does not spin.
 */
import Analog from "embedded:io/analog";
import { GATTServer } from "embedded:io/bluetoothle/peripheral";
import Digital from "embedded:io/digital";
import I2C from "embedded:io/i2c";
import TCP from "embedded:io/socket/tcp";
import WiFi from "embedded:network/interface/wifi";
import flash from "embedded:storage/flash";
import keyValue from "embedded:storage/key-value";
import config from "mc/config";
import resetReason from "resetReason";
import Time from "time";
import Timer from "timer";
import app from "./app.js";
import { unwrapTicks } from "./base/ticks.js";
import { boards } from "./boards/board.js";
import { seedOfBuild } from "./config/migrate.js";
import type { Device } from "./device.js";
import { makeCrypto } from "./esp32/crypto.js";
import { resetReasonOf } from "./esp32/reset-reason.js";
import { start } from "./start.js";

/** Long enough to read the message, short enough to be back soon. */
const restartPauseMs = 30_000;

/** The chip's noise: true randomness only while the radio is on, and it is, from `readId` on. */
function random(into: Uint8Array): void {
  for (let index = 0; index < into.length; index++) into[index] = Math.floor(Math.random() * 256);
}

/** Twelve hex digits of the radio's address. Making a WiFi also turns the radio on, for good. */
function readId(): string {
  const radio = new WiFi({});
  const address = radio.MAC;
  radio.close();
  if (address === undefined) throw new Error("the radio has no address, and without one boards cannot be told apart");
  return address.replaceAll(":", "");
}

function makeDevice(): Device {
  return {
    board: boards[config.moteBoard as keyof typeof boards],
    id: readId(),
    // The SDK's typings leave out what its code has: `close`, `timeout`, the buffer format's result, `security` of what a scan finds.
    I2C: I2C as unknown as Device["I2C"],
    Analog: Analog as unknown as Device["Analog"],
    TCP: TCP as unknown as Device["TCP"],
    Digital: Digital as Device["Digital"],
    WiFi: WiFi as unknown as Device["WiFi"],
    GATTServer: GATTServer as unknown as Device["GATTServer"],
    flash: flash as Device["flash"],
    keyValue: keyValue as Device["keyValue"],
    resolve: (name, onResolved) => System.resolve(name, (_, address) => onResolved(address)),
    clock: { nowMs: unwrapTicks(() => Time.ticks) },
    timers: {
      set: (callback, delayMs) => Timer.set(callback, delayMs),
      clear: (timer) => Timer.clear(timer as Timer),
    },
    random,
    crypto: makeCrypto(random),
    power: { restart: () => System.restart(), resetReason: resetReasonOf(resetReason().reason) },
  };
}

function run(): string | undefined {
  try {
    const started = start(makeDevice(), app, seedOfBuild(config));
    if (!started.ok) return started.error.message;
    for (const note of started.value.notes) trace("mote: " + note + "\n");
    return undefined;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

const refusal = run();
if (refusal !== undefined) {
  trace("mote: " + refusal + "\nmote: restarts in " + restartPauseMs / 1000 + " s\n");
  Timer.set(() => System.restart(), restartPauseMs);
}
