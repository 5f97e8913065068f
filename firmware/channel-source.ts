/** Checks what a channel takes its values from: a quantity of a sensor, another channel, or a join of several. */
import { nearest } from "./base/nearest.js";
import { quote } from "./base/quote.js";
import type { App } from "./declaration.js";
import { needed } from "./declared-keys.js";
import { type Join, joinMistake } from "./pipeline/join.js";
import { joinFamilies } from "./pipeline/joins.js";
import type { DriverClass } from "./sensing/driver.js";

const sourceForm = '"sensor.kind.quantity", such as "climate.thermometer.temperature", a channel\'s name, or a join of channels';

/** What is wrong with the `from` of that channel, but for circles and units; undefined when nothing is. The app's sensors were checked. */
export function wrongSource(name: string, from: unknown, app: App): string | undefined {
  if (typeof from === "object" && from !== null) {
    const wrong = joinMistake(from as Readonly<Record<string, unknown>>, joinFamilies);
    if (wrong !== undefined) return "from: " + wrong;
    for (const each of (from as Join).of) {
      const unknown = wrongChannel(each, name, app);
      if (unknown !== undefined) return unknown;
    }
    return undefined;
  }
  const path = typeof from === "string" ? from.split(".") : [];
  if (path.length === 1 && path[0] !== "") return wrongChannel(path[0]!, name, app);
  if (path.length !== 3 || path.indexOf("") >= 0) return needed("from", sourceForm, from);
  const sensors = Object.keys(app.sensors);
  const sensor = path[0]!;
  if (sensors.indexOf(sensor) < 0) return unknownName("sensor", sensor, sensors);
  return wrongQuantity(sensor, path[1]! + "." + path[2]!, app.sensors[sensor]!.driver);
}

/** Names of the channels that a channel takes from. */
export function sourcesOf(from: string | Join): readonly string[] {
  if (typeof from !== "string") return from.of;
  return from.indexOf(".") < 0 ? [from] : [];
}

/** How messages name a driver: a board may not know what its classes are called. */
export function driverName(driver: DriverClass): string {
  return driver.name || "its driver";
}

function wrongQuantity(sensor: string, quantity: string, driver: DriverClass): string | undefined {
  const { quantities } = driver;
  if (!Array.isArray(quantities) || quantities.indexOf(quantity) >= 0) return undefined;
  const near = nearest(quantity, quantities);
  const meant = near === undefined ? "" : ", did you mean " + quote(sensor + "." + near) + "?";
  return "from: " + driverName(driver) + " gives " + listed(quantities) + ", not " + quantity.slice(0, 60) + meant;
}

function listed(names: readonly string[]): string {
  const last = names.length - 1;
  return last < 1 ? names.join("") : names.slice(0, last).join(", ") + " and " + names[last];
}

function wrongChannel(given: string, name: string, app: App): string | undefined {
  const channels = Object.keys(app.channels);
  if (channels.indexOf(given) >= 0) return undefined;
  if (Object.keys(app.sensors).indexOf(given) >= 0) {
    const { quantities } = app.sensors[given]!.driver;
    const path = given + "." + (Array.isArray(quantities) && quantities.length > 0 ? quantities[0] : "kind.quantity");
    return "from names the sensor " + quote(given) + ": say what of it, such as " + quote(path) + " (a join takes channels only)";
  }
  return unknownName(
    "channel",
    given,
    channels.filter((each) => each !== name),
  );
}

function unknownName(what: string, given: string, names: readonly string[]): string {
  const near = nearest(given, names);
  const meant = near === undefined ? "" : "; did you mean " + quote(near) + "?";
  return "from names the " + what + " " + quote(given) + ", which is not declared; declared: " + (names.join(", ") || "none") + meant;
}
