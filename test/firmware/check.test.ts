import { expect, test } from "vitest";
import { checkApp } from "../../firmware/check.js";
import type { App } from "../../firmware/declaration.js";
import { limits } from "../../firmware/limits.js";
import { BME280 } from "../../firmware/sensing/drivers/bme280.js";
import { MPU6050 } from "../../firmware/sensing/drivers/mpu6050.js";
import { NTC } from "../../firmware/sensing/drivers/ntc.js";
import { SHT3x } from "../../firmware/sensing/drivers/sht3x.js";

const sensor = { driver: SHT3x, on: "i2c", everyMs: 1000 } as const;
const channel = { from: "climate.thermometer.temperature", resolution: 0.01 };
const good: App = { name: "mote", sensors: { climate: sensor }, channels: { warm: channel } };

/** What an app from anywhere may be, types or not. */
type Loose = Record<string, unknown>;
const withApp = (change: Loose): App => ({ ...good, ...change }) as App;
const withSensor = (change: Loose): App => withApp({ sensors: { climate: { ...sensor, ...change } } });
const withChannel = (change: Loose): App => withApp({ channels: { warm: { ...channel, ...change } } });
const many = (count: number, value: unknown): Loose =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => ["n" + index, value]));

test("a right app passes, and one at every bound", () => {
  expect(checkApp(good).ok).toBe(true);
  for (const change of [{ everyMs: 1 }, { everyMs: 86_400_000, phaseMs: 86_399_999 }, { phaseMs: 0 }, { pin: 48 }, { address: 127 }]) {
    expect(checkApp(withSensor(change))).toMatchObject({ ok: true });
  }
  for (const change of [{ unit: "x".repeat(32) }, { resolution: 1e9 }, { resolution: 1e-12 }]) {
    expect(checkApp(withChannel(change))).toMatchObject({ ok: true });
  }
  expect(checkApp(withApp({ sensors: { ...many(limits.sensorsMax - 1, sensor), climate: sensor } }))).toMatchObject({ ok: true });
  expect(checkApp(withApp({ channels: many(limits.channelsMax, channel) }))).toMatchObject({ ok: true });
  expect(checkApp(withApp({ name: "a".repeat(32), sensors: {}, channels: {} }))).toMatchObject({ ok: true });
});

const nameRule = "lower-case letters, digits, - and _, at most 32, beginning with a letter or digit";
const fromNeed = `from must be "sensor.kind.quantity", such as "climate.thermometer.temperature", a channel's name, or a join of channels`;

test.each([
  ["a name with a capital", withApp({ name: "Mote" }), `app: name "Mote" must be ${nameRule}`],
  ["a name that is too long", withApp({ name: "a".repeat(33) }), `app: name "${"a".repeat(33)}" must be ${nameRule}`],
  ["no name", withApp({ name: undefined }), `app: name is missing, it must be ${nameRule}`],
  ["no app", undefined as unknown as App, "app: must be what defineApp returns, not undefined"],
  ["no sensors", withApp({ sensors: undefined }), "app: sensors and channels must be objects, by name"],
  ["no channels", withApp({ channels: null }), "app: sensors and channels must be objects, by name"],
  ["17 sensors", withApp({ sensors: many(17, sensor) }), "app: 17 sensors, at most 16 are possible"],
  ["33 channels", withApp({ channels: many(33, channel) }), "app: 33 channels, at most 32 are possible"],
  ["a sensor's name with a slash", withApp({ sensors: { "a/b": sensor } }), `sensor "a/b": its name must be ${nameRule}`],
  [
    "a sensor that is none",
    withApp({ sensors: { climate: null } }),
    'sensor "climate": must be an object such as { driver: SHT3x, on: "i2c", everyMs: 1000 }',
  ],
  ["a driver that is no class", withSensor({ driver: "SHT3x" }), 'sensor "climate": driver must be a driver class, such as SHT3x'],
  [
    "an unknown bus",
    withSensor({ on: "spi" }),
    'sensor "climate": on must be "i2c", "analog" or "digital", not "spi": SHT3x hangs on "i2c"',
  ],
  ["period 0", withSensor({ everyMs: 0 }), 'sensor "climate": everyMs must be a whole number from 1 to 86400000, not 0'],
  [
    "a period that is too long",
    withSensor({ everyMs: 86_400_001 }),
    'sensor "climate": everyMs must be a whole number from 1 to 86400000, not 86400001',
  ],
  [
    "a period with a fraction",
    withSensor({ everyMs: 0.5 }),
    'sensor "climate": everyMs must be a whole number from 1 to 86400000, not 0.5',
  ],
  [
    "a period as text",
    withSensor({ everyMs: "1000" }),
    'sensor "climate": everyMs must be a whole number from 1 to 86400000, not "1000": write 1000 (ms)',
  ],
  [
    "a phase of a period",
    withSensor({ phaseMs: 1000 }),
    'sensor "climate": phaseMs must be a whole number from 0 to 999 (less than everyMs), not 1000',
  ],
  [
    "a phase before the start",
    withSensor({ phaseMs: -1 }),
    'sensor "climate": phaseMs must be a whole number from 0 to 999 (less than everyMs), not -1',
  ],
  ["a pin that no board has", withSensor({ pin: 49 }), 'sensor "climate": pin must be a GPIO number from 0 to 48, not 49'],
  ["an 8-bit address", withSensor({ address: 0x88 }), 'sensor "climate": address must be a 7-bit I²C address from 0 to 127, not 136'],
  [
    "a chip that collects more than it can hold",
    withSensor({ driver: MPU6050, everyMs: 200 }),
    'sensor "climate": everyMs must be at most 161, or the chip collects more samples than it can hold, not 200',
  ],
  [
    "a channel's name that is the board's",
    withApp({ channels: { status: channel } }),
    'channel "status": this name is the board\'s own topic; choose another',
  ],
  ["a channel's empty name", withApp({ channels: { "": channel } }), `channel "": its name must be ${nameRule}`],
  [
    "a channel that is none",
    withApp({ channels: { warm: 7 } }),
    'channel "warm": must be an object such as { from: "climate.thermometer.temperature", resolution: 0.01 }',
  ],
  ["from without a quantity", withChannel({ from: "climate.thermometer" }), `channel "warm": ${fromNeed}, not "climate.thermometer"`],
  ["from with an empty part", withChannel({ from: "climate..temperature" }), `channel "warm": ${fromNeed}, not "climate..temperature"`],
  ["no from", withChannel({ from: undefined }), `channel "warm": from is missing, it must be ${fromNeed.slice(13)}`],
  [
    "an unknown sensor in from",
    withChannel({ from: "attic.a.b" }),
    'channel "warm": from names the sensor "attic", which is not declared; declared: climate',
  ],
  [
    "a sensor in from where there is none",
    withApp({ sensors: {} }),
    'channel "warm": from names the sensor "climate", which is not declared; declared: none',
  ],
  [
    "an unknown channel in from",
    withChannel({ from: "attic" }),
    'channel "warm": from names the channel "attic", which is not declared; declared: none',
  ],
  ["itself in from", withChannel({ from: "warm" }), 'channel "warm": it takes from itself: "warm" from "warm"; break the circle'],
  [
    "a circle of channels",
    withApp({ channels: { a: { ...channel, from: "b" }, b: { ...channel, from: { join: "mean_of", of: ["c", "a"] } }, c: channel } }),
    'channel "a": it takes from itself: "a" from "b" from "a"; break the circle',
  ],
  [
    "a join of one",
    withChannel({ from: { join: "mean_of", of: ["warm"] } }),
    'channel "warm": from: mean_of: of must be the names of 2 to 8 channels (any of one unit), not 1 of them',
  ],
  [
    "a resolution of a third",
    withChannel({ resolution: 1 / 3 }),
    'channel "warm": resolution must be a decimal above 0, at most 1000000000, with at most 12 decimals, such as 0.01, not 0.3333333333333333',
  ],
  [
    "a resolution of 0",
    withChannel({ resolution: 0 }),
    'channel "warm": resolution must be a decimal above 0, at most 1000000000, with at most 12 decimals, such as 0.01, not 0',
  ],
  [
    "no resolution",
    withChannel({ resolution: undefined }),
    'channel "warm": resolution is missing, it must be a decimal above 0, at most 1000000000, with at most 12 decimals, such as 0.01',
  ],
  [
    "a unit that would fill a packet",
    withChannel({ unit: "x".repeat(33) }),
    `channel "warm": unit must be a text of at most 32 characters, not "${"x".repeat(33)}"`,
  ],
  ["a unit that is no text", withChannel({ unit: 5 }), 'channel "warm": unit must be a text of at most 32 characters, not 5'],
] as const)("%s is refused, with the place and what would be right", (_, app, message) => {
  expect(checkApp(app)).toMatchObject({ ok: false, error: { message } });
});

const gives = "SHT3x gives thermometer.temperature and hygrometer.humidity";

test.each([
  ["of the app", withApp({ sensor: {} }), 'app: unknown key "sensor", did you mean "sensors"?'],
  ["of the app, like none", withApp({ wifi: {} }), 'app: unknown key "wifi", an app has name, sensors, channels'],
  ["of a sensor", withSensor({ evryMs: 5 }), 'sensor "climate": unknown key "evryMs", did you mean "everyMs"?'],
  ["of a sensor, an address", withSensor({ adress: 0x45 }), 'sensor "climate": unknown key "adress", did you mean "address"?'],
  [
    "ESPHome's for a period",
    withSensor({ update_interval: 60 }),
    'sensor "climate": unknown key "update_interval", did you mean "everyMs"?',
  ],
  ["ESPHome's for a driver", withSensor({ platform: "sht3xd" }), 'sensor "climate": unknown key "platform", did you mean "driver"?'],
  [
    "that belongs to a channel",
    withSensor({ filters: [] }),
    'sensor "climate": unknown key "filters", did you mean a channel\'s "stages"?',
  ],
  ["ESPHome's for stages", withChannel({ filters: [] }), 'channel "warm": unknown key "filters", did you mean "stages"?'],
  [
    "ESPHome's for a resolution",
    withChannel({ accuracy_decimals: 1 }),
    'channel "warm": unknown key "accuracy_decimals", did you mean "resolution"?',
  ],
  [
    "ESPHome's for a unit",
    withChannel({ unit_of_measurement: "°C" }),
    'channel "warm": unknown key "unit_of_measurement", did you mean "unit"?',
  ],
  [
    "that is nothing's",
    withChannel({ toString: 1 }),
    'channel "warm": unknown key "toString", a channel has from, unit, resolution, stages, keep',
  ],
] as const)("a key %s that nobody reads is refused, with the one that was meant", (_, app, message) => {
  expect(checkApp(app)).toMatchObject({ ok: false, error: { message } });
});

class Deaf extends SHT3x {
  static override readonly quantities = ["thermometer.temperature"];
}
class Own {
  sample() {
    return {};
  }
  close() {}
}

test.each([
  [
    "a mistyped quantity",
    withChannel({ from: "climate.thermometer.temprature" }),
    `channel "warm": from: ${gives}, not thermometer.temprature, did you mean "climate.thermometer.temperature"?`,
  ],
  [
    "a quantity that the driver does not have",
    withChannel({ from: "climate.barometer.pressure" }),
    `channel "warm": from: ${gives}, not barometer.pressure`,
  ],
  [
    "a quantity that a subclass does not have any more",
    withApp({ sensors: { climate: { ...sensor, driver: Deaf } }, channels: { warm: { ...channel, from: "climate.hygrometer.humidity" } } }),
    'channel "warm": from: Deaf gives thermometer.temperature, not hygrometer.humidity',
  ],
  ["the wrong bus", withSensor({ on: "analog" }), 'sensor "climate": on must be "i2c", where SHT3x hangs, not "analog"'],
  ["a thermistor on the bus", withSensor({ driver: NTC }), 'sensor "climate": on must be "analog", where NTC hangs, not "i2c"'],
] as const)("%s is refused, with what the driver has", (_, app, message) => {
  expect(checkApp(app)).toMatchObject({ ok: false, error: { message } });
});

test("of a driver that says nothing of itself, anything may be read, on anything", () => {
  expect(checkApp(withSensor({ driver: Own, on: "digital" }))).toMatchObject({ ok: true });
  expect(checkApp({ ...good, sensors: { climate: { ...sensor, driver: BME280 } } })).toMatchObject({ ok: true });
});

test.each([
  ["everyMs", withSensor({ everyMs: undefined }), "everyMs is missing, it must be a whole number from 1 to 86400000"],
  ["driver", withSensor({ driver: undefined }), "driver is missing, it must be a driver class, such as SHT3x"],
  ["on", withSensor({ on: undefined }), 'on is missing, it must be "i2c", "analog" or "digital": SHT3x hangs on "i2c"'],
  ["seconds", withSensor({ everyMs: "60s" }), 'not "60s": write 60000 (ms)'],
  ["half a minute", withSensor({ everyMs: "0.5min" }), 'not "0.5min": write 30000 (ms)'],
  ["a phase", withSensor({ phaseMs: "250 ms" }), 'not "250 ms": write 250 (ms)'],
  ["no time", withSensor({ everyMs: "often" }), 'not "often"'],
  ["a resolution in quotes", withChannel({ resolution: "0.1" }), 'not "0.1": write 0.1'],
] as const)("missing or as a text (%s), it says what to write", (_, app, message) => {
  const checked = checkApp(app);
  expect(checked.ok ? "" : checked.error.message).toMatch(new RegExp(message.replace(/[.*+?^${}()|[\]\\]/g, "\\$&") + "$"));
});

test("an unknown name in from is answered with the nearest that there is, never with the channel itself", () => {
  const from = (from: unknown) => withApp({ channels: { warm: channel, humidity: channel, warn: { ...channel, from } } });
  const message = (app: App): string => {
    const checked = checkApp(app);
    return checked.ok ? "" : checked.error.message;
  };
  expect(message(from("humidty"))).toBe(
    'channel "warn": from names the channel "humidty", which is not declared; declared: warm, humidity; did you mean "humidity"?',
  );
  expect(message(from("warnn"))).toContain('did you mean "warm"?');
  expect(message(from("climat.thermometer.temperature"))).toContain('declared: climate; did you mean "climate"?');
  expect(message(from("climate"))).toContain('names the sensor "climate": say what of it, such as "climate.thermometer.temperature"');
});

test("what a message quotes is cut, however long it was", () => {
  const checked = checkApp(withChannel({ from: "x".repeat(10_000) }));
  expect(checked.ok ? "" : checked.error.message).toHaveLength(138);
});
