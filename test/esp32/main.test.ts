/** The board's root, run against stand-ins for the SDK's modules: which Device it makes of them, and what it does when the app cannot start. */
import { runInNewContext } from "node:vm";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import { beforeAll, describe, expect, test } from "vitest";
import type { Device } from "../../firmware/device.js";
import type { PartialConfig } from "../../firmware/settings.js";

const entry = fileURLToPath(new URL("../../firmware/main.ts", import.meta.url));
const given = { moteBoard: "esp32c3", moteSSID: "home", motePassword: "long enough", moteBrokerHost: "10.0.0.2", moteBrokerPort: "1884" };

/** Whatever is not the firmware's comes from `sdk`; so does `start`, which is tested elsewhere. */
const standIns: Plugin = {
  name: "stand-ins",
  setup(bundle) {
    bundle.onResolve({ filter: /^[^.]|\.\/(start|app)\.js$/ }, ({ path, kind }) =>
      kind === "entry-point" ? undefined : { path, namespace: "sdk" },
    );
    bundle.onLoad({ filter: /.*/, namespace: "sdk" }, ({ path }) => ({
      contents: `const it = sdk[${JSON.stringify(path)}]; export default it.default; export const { start, BlockCipher, Digest, GATTServer } = it;`,
    }));
  },
};

interface Run {
  device: Device | undefined;
  seed: PartialConfig | undefined;
  traced: string;
  timers: { callback: () => void; delayMs: number }[];
  restarts: number;
  asked: string[];
}

let code: string;

beforeAll(async () => {
  const bundle = await build({ entryPoints: [entry], bundle: true, write: false, format: "iife", plugins: [standIns] });
  code = bundle.outputFiles[0]!.text;
});

function boot(
  config: object,
  start: () => unknown = () => ({ ok: true, value: { notes: [] } }),
  parts: { MAC?: string | undefined; ticks?: number[] } = {},
): Run {
  const run: Run = { device: undefined, seed: undefined, traced: "", timers: [], restarts: 0, asked: [] };
  class Part {}
  class Radio {}
  class WiFi {
    readonly MAC = "MAC" in parts ? parts.MAC : "24:0A:c4:00:be:ef".toLowerCase();
    close(): void {}
  }
  const ticks = parts.ticks ?? [0];
  const sdk: Record<string, unknown> = {
    "embedded:io/analog": { default: Part },
    "embedded:io/bluetoothle/peripheral": { GATTServer: Radio },
    "embedded:io/digital": { default: Part },
    "embedded:io/i2c": { default: Part },
    "embedded:io/socket/tcp": { default: Part },
    "embedded:network/interface/wifi": { default: WiFi },
    "embedded:storage/flash": { default: { open: () => new Part() } },
    "embedded:storage/key-value": { default: { open: (options: object) => ({ opened: options }) } },
    "mc/config": { default: config },
    resetReason: { default: () => ({ reason: 9, string: "Brownout" }) },
    time: {
      default: {
        get ticks() {
          return ticks.length > 1 ? ticks.shift() : ticks[0];
        },
      },
    },
    timer: { default: { set: (callback: () => void, delayMs: number) => run.timers.push({ callback, delayMs }), clear() {} } },
    crypt: { BlockCipher: Part, Digest: Part },
    curve: { default: Part },
    gcm: { default: Part },
    hmac: { default: Part },
    "./app.js": { default: {} },
    "./start.js": {
      start(device: Device, _: unknown, seed: PartialConfig) {
        run.device = device;
        run.seed = seed;
        return start();
      },
    },
  };
  const system = {
    restart: () => run.restarts++,
    resolve(name: string, callback: (name: string, address: string | undefined) => void) {
      run.asked.push(name);
      callback(name, name === "broker.lan" ? "10.0.0.9" : undefined);
    },
  };
  runInNewContext(code, { sdk, System: system, trace: (text: string) => (run.traced += text) });
  return run;
}

describe("the board's root", () => {
  test("makes a Device of its board, with the radio's address for an id", () => {
    const { device, traced, timers } = boot(given);
    expect(device?.board.platform).toBe("esp32/esp32c3");
    expect(device?.id).toBe("240ac400beef");
    expect(device?.power.resetReason).toBe("brown-out");
    expect(device?.GATTServer.name).toBe("Radio");
    expect({ traced, timers }).toEqual({ traced: "", timers: [] });
  });

  test("hands the settings of build time over", () => {
    expect(boot(given).seed).toEqual({ wifi: { ssid: "home", password: "long enough" }, broker: { host: "10.0.0.2", port: 1884 } });
  });

  test("without credentials starts all the same, and says what the firmware has to say", () => {
    const run = boot({ moteBoard: "esp32" }, () => ({ ok: true, value: { notes: ["wifi.ssid is not set: …", "another"] } }));
    expect(run.seed).toEqual({ wifi: {}, broker: {} });
    expect(run.traced).toBe("mote: wifi.ssid is not set: …\nmote: another\n");
    expect(run.timers).toEqual([]);
  });

  test("has a clock that goes on where the SDK's 32 bits turn over", () => {
    const { device } = boot(given, undefined, { ticks: [0x7fff_fff0, 0x7fff_fff0, -0x8000_0000 + 4] });
    expect([device?.clock.nowMs(), device?.clock.nowMs()]).toEqual([0, 20]);
  });

  test("looks names up and says when there is no answer", () => {
    const { device, asked } = boot(given);
    const found: (string | undefined)[] = [];
    device?.resolve("broker.lan", (address) => found.push(address));
    device?.resolve("gone.lan", (address) => found.push(address));
    expect({ asked, found }).toEqual({ asked: ["broker.lan", "gone.lan"], found: ["10.0.0.9", undefined] });
  });

  test("hands the SDK's key-value storage over as it is", () => {
    expect(boot(given).device?.keyValue.open({ path: "mote" })).toEqual({ opened: { path: "mote" } });
  });

  test("fills all of an array with random bytes", () => {
    const bytes = new Uint8Array(4096);
    boot(given).device?.random(bytes);
    expect(new Set(bytes).size).toBe(256);
  });
});

describe("an app that cannot start", () => {
  test.each([
    ["is refused", () => ({ ok: false, error: { kind: "sensor", message: 'sensor "climate": no such pin' } }), "no such pin"],
    [
      "breaks an invariant",
      () => {
        throw new Error("broken invariant: one packet fits");
      },
      "one packet fits",
    ],
  ])("and %s is told, and the board restarts after a pause, once", (_, start, word) => {
    const run = boot(given, start);
    expect(run.traced).toContain(word);
    expect(run.timers).toHaveLength(1);
    expect(run.timers[0]?.delayMs).toBeGreaterThanOrEqual(10_000);
    expect(run.restarts).toBe(0);
    run.timers[0]?.callback();
    expect(run.restarts).toBe(1);
  });

  test("without a radio's address it says so", () => {
    expect(boot(given, undefined, { MAC: undefined }).traced).toContain("no address");
  });
});
