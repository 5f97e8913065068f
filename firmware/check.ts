/** Checks what an app declares before anything is built from it. Each failure names the sensor or channel, the value and the bound. */
import { resolutionNeed } from "./base/quantise.js";
import { failure, success, type Result } from "./base/result.js";
import type { App, ChannelDeclaration, SensorDeclaration } from "./declaration.js";
import { limits } from "./limits.js";
import { type Join, joinMistake } from "./pipeline/join.js";
import { joinFamilies } from "./pipeline/joins.js";

const nameForm = /^[a-z0-9][a-z0-9_-]{0,31}$/;
const nameRule = "lower-case letters, digits, - and _, at most 32, beginning with a letter or digit";
/** A unit goes out with every value, and the longest message has to fit a packet. */
const unitCharactersMax = 32;
/** Topics of the board itself (uplink/topics.ts). */
const reserved = ["status", "counters"];

export type AppError = "app" | "sensor" | "channel";

export function checkApp(app: App): Result<App, AppError> {
  if (!isTable(app)) return failure("app", "app: must be what defineApp returns, not " + quote(app));
  if (!isName(app.name)) return failure("app", "app: name " + quote(app.name) + " must be " + nameRule);
  if (!isTable(app.sensors) || !isTable(app.channels)) return failure("app", "app: sensors and channels must be objects, by name");
  const sensors = Object.keys(app.sensors);
  const channels = Object.keys(app.channels);
  if (sensors.length > limits.sensorsMax) {
    return failure("app", "app: " + sensors.length + " sensors, at most " + limits.sensorsMax + " are possible");
  }
  if (channels.length > limits.channelsMax) {
    return failure("app", "app: " + channels.length + " channels, at most " + limits.channelsMax + " are possible");
  }
  for (const name of sensors) {
    const wrong = wrongSensor(name, app.sensors[name]!);
    if (wrong !== undefined) return failure("sensor", "sensor " + quote(name) + ": " + wrong);
  }
  for (const name of channels) {
    const wrong = wrongChannel(name, app.channels[name]!, sensors, channels);
    if (wrong !== undefined) return failure("channel", "channel " + quote(name) + ": " + wrong);
  }
  for (const name of channels) {
    const circle = circleThrough(name, app.channels);
    if (circle !== undefined) {
      return failure(
        "channel",
        "channel " + quote(name) + ": it takes from itself: " + circle.map(quote).join(" from ") + "; break the circle",
      );
    }
  }
  return success(app);
}

function wrongSensor(name: string, sensor: SensorDeclaration): string | undefined {
  if (!isName(name)) return "its name must be " + nameRule;
  if (!isTable(sensor)) return 'must be an object such as { driver: SHT3x, on: "i2c", everyMs: 1000 }';
  if (typeof sensor.driver !== "function") return "driver must be a driver class, such as SHT3x";
  if (sensor.on !== "i2c" && sensor.on !== "analog" && sensor.on !== "digital") {
    return 'on must be "i2c", "analog" or "digital", not ' + quote(sensor.on);
  }
  if (!whole(sensor.everyMs, limits.periodMinMs, limits.periodMaxMs)) {
    return "everyMs must be a whole number from " + limits.periodMinMs + " to " + limits.periodMaxMs + ", not " + quote(sensor.everyMs);
  }
  const held = sensor.driver.bursts?.(sensor.options ?? {});
  // A board is busy now and then, and the chip's clock is not exact.
  const heldMs = held === undefined ? Infinity : Math.floor(held.countMax * held.periodMs * 0.95);
  if (sensor.everyMs > heldMs) {
    return "everyMs must be at most " + heldMs + ", or the chip collects more samples than it can hold, not " + quote(sensor.everyMs);
  }
  if (sensor.phaseMs !== undefined && !whole(sensor.phaseMs, 0, sensor.everyMs - 1)) {
    return "phaseMs must be a whole number from 0 to " + (sensor.everyMs - 1) + " (less than everyMs), not " + quote(sensor.phaseMs);
  }
  if (sensor.pin !== undefined && !whole(sensor.pin, 0, 48)) return "pin must be a GPIO number from 0 to 48, not " + quote(sensor.pin);
  if (sensor.address !== undefined && !whole(sensor.address, 0, 127)) {
    return "address must be a 7-bit I²C address from 0 to 127, not " + quote(sensor.address);
  }
  return undefined;
}

function wrongChannel(
  name: string,
  channel: ChannelDeclaration,
  sensors: readonly string[],
  channels: readonly string[],
): string | undefined {
  if (!isName(name)) return "its name must be " + nameRule;
  if (!isTable(channel)) return 'must be an object such as { from: "climate.thermometer.temperature", resolution: 0.01 }';
  if (reserved.indexOf(name) >= 0) return "this name is the board's own topic; choose another";
  const source = wrongSource(channel.from, sensors, channels);
  if (source !== undefined) return source;
  if (channel.unit !== undefined && !(typeof channel.unit === "string" && channel.unit.length <= unitCharactersMax)) {
    return "unit must be a text of at most " + unitCharactersMax + " characters, not " + quote(channel.unit);
  }
  const need = resolutionNeed(channel.resolution);
  return need === undefined ? undefined : "resolution must be " + need + ", not " + quote(channel.resolution);
}

function wrongSource(from: unknown, sensors: readonly string[], channels: readonly string[]): string | undefined {
  if (isTable(from)) {
    const wrong = joinMistake(from as Readonly<Record<string, unknown>>, joinFamilies);
    if (wrong !== undefined) return "from: " + wrong;
    for (const each of (from as Join).of) if (channels.indexOf(each) < 0) return unknownChannel(each, channels);
    return undefined;
  }
  const path = typeof from === "string" ? from.split(".") : [];
  if (path.length === 1 && path[0] !== "") return channels.indexOf(path[0]!) < 0 ? unknownChannel(path[0]!, channels) : undefined;
  if (path.length !== 3 || path.indexOf("") >= 0) {
    return (
      'from must be "sensor.kind.quantity", such as "climate.thermometer.temperature", a channel\'s name, or a join of channels, not ' +
      quote(from)
    );
  }
  if (sensors.indexOf(path[0]!) >= 0) return undefined;
  return "from names the sensor " + quote(path[0]) + ", which is not declared; declared: " + (sensors.join(", ") || "none");
}

function unknownChannel(name: string, channels: readonly string[]): string {
  return "from names the channel " + quote(name) + ", which is not declared; declared: " + channels.join(", ");
}

/** The shortest way from a channel back to itself, or undefined when there is none. Looks at each channel once: ways there may be billions. */
function circleThrough(name: string, channels: App["channels"]): string[] | undefined {
  const reached = [name];
  const cameFrom = [-1];
  for (let at = 0; at < reached.length; at++) {
    for (const source of sourcesOf(channels[reached[at]!]!.from)) {
      if (source === name) {
        const way = [name];
        for (let back = at; back >= 0; back = cameFrom[back]!) way.unshift(reached[back]!);
        return way;
      }
      if (reached.indexOf(source) < 0) {
        reached.push(source);
        cameFrom.push(at);
      }
    }
  }
  return undefined;
}

/** Names of the channels that a channel takes from. */
export function sourcesOf(from: string | Join): readonly string[] {
  if (typeof from !== "string") return from.of;
  return from.indexOf(".") < 0 ? [from] : [];
}

function isName(value: unknown): boolean {
  return typeof value === "string" && nameForm.test(value);
}

function isTable(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function whole(value: unknown, least: number, most: number): boolean {
  return typeof value === "number" && Math.floor(value) === value && value >= least && value <= most;
}

/** As a person would write it, bounded; undefined and functions too. */
function quote(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 60);
}
