/** What the board's root computes by itself: settings from build time, reset reasons, and which curve points are let through. */
import { createECDH } from "node:crypto";
import { describe, expect, test } from "vitest";
import { boards } from "../../firmware/boards/board.js";
import { seedOfBuild } from "../../firmware/config/migrate.js";
import { openConfig } from "../../firmware/config/open.js";
import { isOnCurve, isPrivateScalar } from "../../firmware/esp32/curve-point.js";
import { resetReasonOf } from "../../firmware/esp32/reset-reason.js";
import { parseOptions, platforms } from "../../scripts/esp32-options.js";
import { flashOf, memory } from "../firmware/config/flash-rig.js";

const given = { moteSSID: "home", motePassword: "long enough", moteBrokerHost: "broker.lan", moteBrokerPort: "1884" };

describe("settings from build time", () => {
  /** What a board that was flashed with `config` runs on, and what it says of it. */
  const boot = (config: Record<string, unknown>) => openConfig(flashOf(memory()), seedOfBuild(config));

  test("are what npm run flash hands over", () => {
    const url = "mqtt://me:pa%3Dss@broker.lan:1884";
    const { config } = parseOptions(["flash", "--wifi-ssid", "home", "--wifi-password", "long enough", "--broker", url]);
    expect(boot(config)).toMatchObject({
      config: {
        wifi: { ssid: "home", password: "long enough" },
        broker: { host: "broker.lan", port: 1884, username: "me", password: "pa=ss" },
      },
      problems: 0,
    });
  });

  test("have no password for an open network, and the broker's usual port", () => {
    expect(boot({ moteSSID: "cafe", moteBrokerHost: "10.0.0.2" })).toMatchObject({
      config: { wifi: { ssid: "cafe", password: "" }, broker: { host: "10.0.0.2", port: 1883, username: "", password: "" } },
      problems: 0,
    });
  });

  test.each([
    ["a port that is none", { ...given, moteBrokerPort: "65536" }, /built in: broker\.port must be .* 1 to 65535, not 65536/],
    ["a port that is no number", { ...given, moteBrokerPort: "mqtt" }, /1 to 65535, not "mqtt"/],
    ["a host with a port", { ...given, moteBrokerHost: "a:1" }, /built in: broker\.host must be/],
  ])("with %s are told, without repeating the password, and the others hold", (_, config, message) => {
    const opened = boot(config);
    expect(opened.problem?.message).toMatch(message);
    expect(opened.problem?.message).not.toContain("long enough");
    expect(opened.config.wifi.ssid).toBe("home");
  });
});

describe("reset reasons", () => {
  test.each([
    [0, "unknown"],
    [1, "power-on"],
    [3, "software"],
    [4, "panic"],
    [6, "watchdog"],
    [8, "deep-sleep"],
    [9, "brown-out"],
    [11, "unknown"],
    [99, "unknown"],
  ])("ESP-IDF's %i is %s", (code, reason) => {
    expect(resetReasonOf(code)).toBe(reason);
  });
});

describe("points of P-256", () => {
  const point = (hex: string): [bigint, bigint] => [BigInt("0x" + hex.slice(2, 66)), BigInt("0x" + hex.slice(66))];
  const prime = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
  // RFC 5903, 8.1.
  const known = point(
    "04d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf6356fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab",
  );

  test("the RFC's example and fresh keys lie on the curve", () => {
    expect(isOnCurve(...known)).toBe(true);
    for (let count = 0; count < 20; count++) expect(isOnCurve(...point(createECDH("prime256v1").generateKeys("hex")))).toBe(true);
  });

  test("a point one off, the origin, and coordinates outside the field do not", () => {
    const [x, y] = known;
    expect(isOnCurve(x, y ^ 1n)).toBe(false);
    expect(isOnCurve(x ^ 1n, y)).toBe(false);
    expect(isOnCurve(0n, 0n)).toBe(false);
    expect(isOnCurve(x + prime, y)).toBe(false);
    expect(isOnCurve(x, y + prime)).toBe(false);
    expect(isOnCurve(x, y - prime)).toBe(false);
  });

  test("the mirrored point does", () => {
    expect(isOnCurve(known[0], prime - known[1])).toBe(true);
  });

  test("private scalars run from 1 to the order less one", () => {
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
    expect([0n, 1n, order - 1n, order].map(isPrivateScalar)).toEqual([false, true, true, false]);
  });
});

test("every board can be built, on the platform that the build names", () => {
  expect(Object.fromEntries(Object.entries(boards).map(([name, board]) => [name, board.platform]))).toEqual(platforms);
});
