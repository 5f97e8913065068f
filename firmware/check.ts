/** Checks what an app declares before anything is built from it. Each failure names the sensor or channel, the value and the bound. */
import { resolutionNeed } from "./base/quantise.js";
import { quote } from "./base/quote.js";
import { failure, success, type Result } from "./base/result.js";
import { driverName, sourcesOf, wrongSource } from "./channel-source.js";
import type { App, ChannelDeclaration, SensorDeclaration } from "./declaration.js";
import { keyMistake, needed, timeRemedy } from "./declared-keys.js";
import { limits } from "./limits.js";
import { unitMistake } from "./pipeline/join-units.js";
import { joinFamilies } from "./pipeline/joins.js";

const nameForm = /^[a-z0-9][a-z0-9_-]{0,31}$/;
const nameRule = "lower-case letters, digits, - and _, at most 32, beginning with a letter or digit";
/** A unit goes out with every value, and the longest message has to fit a packet. */
const unitCharactersMax = 32;
/** Topics of the board itself (uplink/topics.ts). */
const reserved = ["status", "counters", "data", "ack"];

export type AppError = "app" | "sensor" | "channel";

export function checkApp(app: App): Result<App, AppError> {
  if (!isTable(app)) return failure("app", "app: must be what defineApp returns, not " + quote(app));
  const unknown = keyMistake("app", app);
  if (unknown !== undefined) return failure("app", "app: " + unknown);
  if (app.name === undefined) return failure("app", "app: " + needed("name", nameRule, app.name));
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
    const wrong = wrongChannel(name, app.channels[name]!, app);
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
  for (const name of channels) {
    const wrong = wrongUnits(app.channels[name]!, app.channels);
    if (wrong !== undefined) return failure("channel", "channel " + quote(name) + ": from: " + wrong);
  }
  return success(app);
}

function wrongUnits(channel: ChannelDeclaration, channels: App["channels"]): string | undefined {
  const { from } = channel;
  if (typeof from === "string") return undefined;
  return unitMistake(
    from,
    channel,
    channels,
    joinFamilies.find(({ name }) => name === from.join)!,
  );
}

function wrongSensor(name: string, sensor: SensorDeclaration): string | undefined {
  if (!isName(name)) return "its name must be " + nameRule;
  if (!isTable(sensor)) return 'must be an object such as { driver: SHT3x, on: "i2c", everyMs: 1000 }';
  const unknown = keyMistake("sensor", sensor);
  if (unknown !== undefined) return unknown;
  const { driver, on, everyMs, phaseMs } = sensor;
  if (typeof driver !== "function") {
    return driver === undefined
      ? needed("driver", "a driver class, such as SHT3x", driver)
      : "driver must be a driver class, such as SHT3x";
  }
  if (on !== "i2c" && on !== "analog" && on !== "digital") {
    const own = typeof driver.on === "string" ? ": " + driverName(driver) + " hangs on " + quote(driver.on) : "";
    return needed("on", '"i2c", "analog" or "digital"', on) + own;
  }
  if (typeof driver.on === "string" && on !== driver.on)
    return "on must be " + quote(driver.on) + ", where " + driverName(driver) + " hangs, not " + quote(on);
  if (!whole(everyMs, limits.periodMinMs, limits.periodMaxMs)) {
    const need = "a whole number from " + limits.periodMinMs + " to " + limits.periodMaxMs;
    return needed("everyMs", need, everyMs, timeRemedy(everyMs));
  }
  const held = driver.bursts?.(sensor.options ?? {});
  // A board is busy now and then, and the chip's clock is not exact.
  const heldMs = held === undefined ? Infinity : Math.floor(held.countMax * held.periodMs * 0.95);
  if (everyMs > heldMs) {
    return "everyMs must be at most " + heldMs + ", or the chip collects more samples than it can hold, not " + quote(everyMs);
  }
  if (phaseMs !== undefined && !whole(phaseMs, 0, everyMs - 1)) {
    return needed("phaseMs", "a whole number from 0 to " + (everyMs - 1) + " (less than everyMs)", phaseMs, timeRemedy(phaseMs));
  }
  if (sensor.pin !== undefined && !whole(sensor.pin, 0, 48)) return "pin must be a GPIO number from 0 to 48, not " + quote(sensor.pin);
  if (sensor.address !== undefined && !whole(sensor.address, 0, 127)) {
    return "address must be a 7-bit I²C address from 0 to 127, not " + quote(sensor.address);
  }
  return undefined;
}

function wrongChannel(name: string, channel: ChannelDeclaration, app: App): string | undefined {
  if (!isName(name)) return "its name must be " + nameRule;
  if (!isTable(channel)) return 'must be an object such as { from: "climate.thermometer.temperature", resolution: 0.01 }';
  if (reserved.indexOf(name) >= 0) return "this name is the board's own topic; choose another";
  const unknown = keyMistake("channel", channel);
  if (unknown !== undefined) return unknown;
  const source = wrongSource(name, channel.from, app);
  if (source !== undefined) return source;
  if (channel.unit !== undefined && !(typeof channel.unit === "string" && channel.unit.length <= unitCharactersMax)) {
    return "unit must be a text of at most " + unitCharactersMax + " characters, not " + quote(channel.unit);
  }
  if (channel.keep !== undefined && typeof channel.keep !== "boolean") return "keep must be true or false, not " + quote(channel.keep);
  const { resolution } = channel;
  const need = resolutionNeed(resolution);
  if (need === undefined) return undefined;
  const meant = typeof resolution === "string" ? Number(resolution) : NaN;
  return needed("resolution", need, resolution, resolutionNeed(meant) === undefined ? ": write " + meant : "");
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

function isName(value: unknown): boolean {
  return typeof value === "string" && nameForm.test(value);
}

function isTable(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function whole(value: unknown, least: number, most: number): boolean {
  return typeof value === "number" && Math.floor(value) === value && value >= least && value <= most;
}
