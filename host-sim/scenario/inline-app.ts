/**
 * Apps that a scenario declares itself: as the firmware's own declaration, checked by the firmware's own
 * rules, and as a module that imports only "mote", for the XS engine. What is wrong is a message that
 * begins with the app, sensor or channel, as the firmware's do.
 */
import { failure, type Result } from "../../firmware/base/result.js";
import { channelFlows } from "../../firmware/channels.js";
import { checkApp } from "../../firmware/check.js";
import type { App, ChannelDeclaration, SensorDeclaration } from "../../firmware/declaration.js";
import { BME280, MPU6050, NTC, PulseCounter, SHT3x, type DriverClass, type Stage } from "../../firmware/mote.js";
import { either } from "./reader.js";
import type { InlineApp, InlineChannel, InlineSensor, StageCall } from "./plan.js";
import { builtStage, holdsStages, isStageName } from "./stage-form.js";

/** Each driver: its class, what it hangs on, and what can be read from it. */
export const drivers = {
  SHT3x: shipped(SHT3x),
  BME280: shipped(BME280),
  NTC: shipped(NTC),
  PulseCounter: shipped(PulseCounter),
  MPU6050: shipped(MPU6050),
} as const satisfies Record<InlineSensor["driver"], { readonly driver: DriverClass }>;

function shipped<On extends InlineSensor["on"]>(driver: DriverClass & { readonly on: On; readonly quantities: readonly string[] }) {
  return { driver, on: driver.on, quantities: driver.quantities };
}

export type AppMistake = "app" | "sensor" | "channel" | "stage";

export function inlineApp(app: InlineApp): Result<App, AppMistake> {
  const sensors: [string, SensorDeclaration][] = [];
  for (const [name, sensor] of Object.entries(app.sensors)) {
    const made = sensorOf(sensor);
    if (typeof made === "string") return failure("sensor", `sensor ${JSON.stringify(name)}: ${made}`);
    sensors.push([name, made]);
  }
  const channels: [string, ChannelDeclaration][] = [];
  for (const [name, channel] of Object.entries(app.channels)) {
    const made = channelOf(channel, app.sensors);
    if (typeof made === "string") return failure("channel", `channel ${JSON.stringify(name)}: ${made}`);
    channels.push([name, made]);
  }
  const declared = checkApp({ name: app.name, sensors: Object.fromEntries(sensors), channels: Object.fromEntries(channels) });
  if (!declared.ok) return declared;
  const flows = channelFlows(declared.value);
  return flows.ok ? declared : flows;
}

function sensorOf(sensor: InlineSensor): SensorDeclaration | string {
  if (!Object.hasOwn(drivers, sensor.driver)) return `driver must be ${either(Object.keys(drivers))}`;
  const { driver, on } = drivers[sensor.driver];
  if (sensor.on !== on) return `a ${sensor.driver} hangs on ${on}, not on ${sensor.on}`;
  const { everyMs, phaseMs, pin, address, options } = sensor;
  if (options !== undefined) {
    const wrong = optionsMistake(driver, { ...options });
    if (wrong !== undefined) return wrong;
  }
  return {
    driver,
    on,
    everyMs,
    ...(phaseMs === undefined ? {} : { phaseMs }),
    ...(pin === undefined ? {} : { pin }),
    ...(address === undefined ? {} : { address }),
    ...(options === undefined ? {} : { options: { ...options } }),
  };
}

/** What a driver would say of its options, told by one that hangs on nothing. */
function optionsMistake(driver: DriverClass, options: Record<string, unknown>): string | undefined {
  class Nothing {
    read(): number {
      return 1;
    }
    close(): void {}
  }
  try {
    const made = new driver({ sensor: { io: Nothing, clock: { nowMs: () => 0 } } } as never);
    made.configure?.(options);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : "its options are wrong";
  }
}

function channelOf(channel: InlineChannel, sensors: InlineApp["sensors"]): ChannelDeclaration | string {
  const [sensor = "", ...path] = typeof channel.from === "string" ? channel.from.split(".") : [];
  const driver = Object.hasOwn(sensors, sensor) ? sensors[sensor]!.driver : undefined;
  if (driver !== undefined && path.length === 2) {
    const known: readonly string[] = drivers[driver].quantities;
    if (!known.includes(path.join("."))) {
      return `a ${driver} has no ${path.join(".")}; from can be ${either(known.map((each) => `${sensor}.${each}`))}`;
    }
  }
  const stages: Stage[] = [];
  for (const call of channel.stages) {
    if (!isStageName(call[0])) return `there is no stage ${JSON.stringify(call[0])}; docs/stages.md and docs/esphome.md have them all`;
    stages.push(builtStage(call));
  }
  const { from, unit, resolution } = channel;
  return { from, ...(unit === undefined ? {} : { unit }), resolution, stages };
}

function calledText([name, ...values]: StageCall, used: Set<string>): string {
  used.add(name);
  const texts = values.map((value) => (holdsStages(name) ? calledText(value as StageCall, used) : JSON.stringify(value)));
  return `${name}(${texts.join(", ")})`;
}

/** The same as one ES module. `app` is one that `inlineApp` takes. */
export function inlineModule(app: InlineApp): string {
  const used = new Set<string>(["defineApp"]);
  const sensors = Object.entries(app.sensors).map(([name, { driver, options, ...rest }]) => {
    used.add(driver);
    const values = Object.entries(rest).flatMap(([key, value]) => (value === undefined ? [] : `${key}: ${JSON.stringify(value)}`));
    // As a computed key, "__proto__" is a name like any other.
    const given = Object.entries(options ?? {}).map(([key, value]) => `[${JSON.stringify(key)}]: ${JSON.stringify(value)}`);
    if (options !== undefined) values.push(`options: { ${given.join(", ")} }`);
    return `    ${JSON.stringify(name)}: { driver: ${driver}, ${values.join(", ")} },\n`;
  });
  const channels = Object.entries(app.channels).map(([name, { from, unit, resolution, stages }]) => {
    const calls = stages.map((stage) => calledText(stage, used));
    const values = [`from: ${JSON.stringify(from)}`, ...(unit === undefined ? [] : [`unit: ${JSON.stringify(unit)}`])];
    values.push(`resolution: ${resolution}`, `stages: [${calls.join(", ")}]`);
    return `    ${JSON.stringify(name)}: { ${values.join(", ")} },\n`;
  });
  return `import { ${[...used].sort().join(", ")} } from "mote";

export default defineApp({
  name: ${JSON.stringify(app.name)},
  sensors: {
${sensors.join("")}  },
  channels: {
${channels.join("")}  },
});
`;
}
