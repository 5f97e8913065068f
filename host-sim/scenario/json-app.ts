/**
 * An app as JSON: what app.ts declares, with its drivers by name. It goes through the firmware's own checks, so
 * what compiles as one compiles as the other; only a function (`lambda`, `joined`) has no JSON.
 */
import { failure, success, type Result } from "../../firmware/base/result.js";
import { nearest } from "../../firmware/base/nearest.js";
import { channelFlows } from "../../firmware/channels.js";
import { checkApp } from "../../firmware/check.js";
import type { App, SensorDeclaration } from "../../firmware/declaration.js";
import { keyMistake, needed } from "../../firmware/declared-keys.js";
import { drivers } from "./inline-app.js";
import { jsonMistake } from "./json-place.js";

const driverNames = Object.keys(drivers) as (keyof typeof drivers)[];

const appForm = 'it must be an app such as {"name": "porch", "sensors": {…}, "channels": {…}}';

/** Failures name the sensor, or the channel, its stage and the bound; or where the text is no JSON, by line and column. */
export function appOfJson(text: string): Result<App> {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (thrown) {
    const place = jsonMistake(text);
    if (place?.what === "the file is empty") return failure("app", `${place.what}; ${appForm}`);
    const what = place === undefined ? String(thrown) : `line ${place.line}, column ${place.column}: ${place.what}`;
    return failure("app", `it is no JSON: ${what}`);
  }
  if (!isTable(given) || !isTable(given["sensors"])) {
    const misnamed = isTable(given) ? keyMistake("app", given) : undefined;
    return failure("app", misnamed === undefined ? appForm : `app: ${misnamed}`);
  }
  const sensors: [string, SensorDeclaration][] = [];
  for (const [name, sensor] of Object.entries(given["sensors"])) {
    const place = `sensor ${JSON.stringify(name)}: `;
    if (!isTable(sensor)) return failure("sensor", `${place}must be an object such as {"driver": "SHT3x", "on": "i2c", "everyMs": 1000}`);
    const unknown = keyMistake("sensor", sensor);
    if (unknown !== undefined) return failure("sensor", place + unknown);
    const { driver } = sensor;
    if (typeof driver !== "string" || !Object.hasOwn(drivers, driver)) {
      const near = typeof driver === "string" ? nearest(driver, driverNames) : undefined;
      const hint = near === undefined ? "" : `, did you mean ${near}?`;
      return failure("sensor", place + needed("driver", `one of ${driverNames.join(", ")}`, driver, hint));
    }
    sensors.push([name, { ...(sensor as unknown as SensorDeclaration), driver: drivers[driver as keyof typeof drivers].driver }]);
  }
  const app = { ...given, sensors: Object.fromEntries(sensors) } as unknown as App;
  const checked = checkApp(app);
  if (!checked.ok) return checked;
  const flows = channelFlows(app);
  return flows.ok ? success(app) : flows;
}

/** The same app as one ES module for the XS engine, which knows its drivers from "mote". */
export function jsonModule(text: string): string {
  return `import * as mote from "mote";

const given = ${JSON.stringify(JSON.parse(text))};
for (const name of Object.keys(given.sensors)) given.sensors[name].driver = mote[given.sensors[name].driver];
export default mote.defineApp(given);
`;
}

/** What `appOfJson` reads back as the same app; a function in it, or a driver of its own, is what it cannot hold. */
export function jsonOfApp(app: App): Result<string> {
  const sensors: [string, unknown][] = [];
  for (const [name, sensor] of Object.entries(app.sensors)) {
    const driver = driverNames.find((each) => drivers[each].driver === sensor.driver);
    if (driver === undefined) return failure("sensor", `sensor ${JSON.stringify(name)}: a driver of your own has no JSON`);
    sensors.push([name, { ...sensor, driver }]);
  }
  for (const [name, channel] of Object.entries(app.channels)) {
    if (holdsFunction(channel)) {
      return failure("channel", `channel ${JSON.stringify(name)}: a function has no JSON, it can only stand in app.ts`);
    }
  }
  return success(JSON.stringify({ name: app.name, sensors: Object.fromEntries(sensors), channels: app.channels }, undefined, 2));
}

function holdsFunction(value: unknown): boolean {
  if (typeof value === "function") return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsFunction);
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
