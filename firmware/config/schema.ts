/**
 * All settings of a board, in one table. From it come defaults, validation, the JSON form, docs/config.md and the
 * command `mote config`. Frozen, so that none of it takes RAM on a board.
 */
import type { Config } from "../settings.js";
import type { ChoiceField, Field, TextField, WholeField } from "./field.js";

type FieldOf<Of> = [Of] extends [number] ? WholeField : [Of] extends [string] ? (string extends Of ? TextField : ChoiceField<Of>) : never;

type Schema = { readonly [Group in keyof Config]: { readonly [Name in keyof Config[Group]]: FieldOf<Config[Group][Name]> } };

/** Of the document in flash. Raised whenever an older one could be misread; migrate.ts then brings the older ones here. */
export const schemaVersion = 2;

/** A document longer than this, bytes of JSON, is refused. All settings at their longest take less. */
export const documentBytesMax = 3072;

const secret = true;
const open = false;
const restart = true;
const trial = true;

export const schema: Schema = frozen({
  wifi: {
    ssid: {
      type: "text",
      form: "any",
      bytesMax: 32,
      default: "",
      secret: open,
      restart: false,
      trial,
      about: "The Wi-Fi network that the board joins.",
    },
    password: {
      type: "text",
      form: "passphrase",
      bytesMax: 63,
      default: "",
      secret,
      restart: false,
      trial,
      about: "Its password; empty for an open network.",
    },
  },
  broker: {
    host: { type: "text", form: "host", bytesMax: 128, default: "", secret: open, restart: false, trial, about: "The MQTT broker." },
    port: { type: "whole", min: 1, max: 65535, unit: "", default: 1883, secret: open, restart: false, trial, about: "The broker's port." },
    username: {
      type: "text",
      form: "any",
      bytesMax: 64,
      default: "",
      secret: open,
      restart: false,
      trial,
      about: "The name that the board gives the broker; empty for none.",
    },
    password: {
      type: "text",
      form: "any",
      bytesMax: 64,
      default: "",
      secret,
      restart: false,
      trial,
      about: "The password that goes with the name.",
    },
  },
  journal: {
    whenFull: {
      type: "choice",
      choices: ["drop-oldest", "drop-newest", "thin-out"],
      default: "drop-oldest",
      secret: open,
      restart,
      trial: false,
      about: "What goes when the journal is full of samples that nobody has acknowledged: the oldest, the newest, or every second block.",
    },
    acknowledge: {
      type: "choice",
      choices: ["broker", "consumer"],
      default: "broker",
      secret: open,
      restart,
      trial: false,
      about: "Who must confirm samples before the journal may forget them: the broker, or a consumer such as `mote collect`.",
    },
    blockS: {
      type: "whole",
      min: 1,
      max: 3600,
      unit: "s",
      default: 60,
      secret: open,
      restart,
      trial: false,
      about: "How long samples may wait in RAM before they are written down, which is what a power cut can cost.",
    },
  },
  checkpoints: {
    everyS: {
      type: "whole",
      min: 60,
      max: 86_400,
      unit: "s",
      default: 300,
      secret: open,
      restart,
      trial: false,
      about: "How often the state of stages that outlives restarts is saved.",
    },
  },
  counters: {
    everyS: {
      type: "whole",
      min: 10,
      max: 3600,
      unit: "s",
      default: 60,
      secret: open,
      restart,
      trial: false,
      about: "How often the board publishes its counters.",
    },
  },
  device: {
    name: {
      type: "text",
      form: "any",
      bytesMax: 26,
      default: "",
      secret: open,
      restart: false,
      trial: false,
      about: "What the board is called over Bluetooth; empty for its name in topics.",
    },
    hostname: {
      type: "text",
      form: "hostname",
      bytesMax: 63,
      default: "",
      secret: open,
      restart,
      trial: false,
      about: "What the board calls itself in its network; empty for mote- and the last digits of its id.",
    },
    url: {
      type: "text",
      form: "any",
      bytesMax: 96,
      default: "",
      secret: open,
      restart: false,
      trial: false,
      about: "Where a person finds its readings, as http://homeassistant.local:8123; told by Improv.",
    },
  },
  calibration: {
    points: {
      type: "text",
      form: "calibration",
      bytesMax: 384,
      default: "",
      secret: open,
      restart: false,
      trial: false,
      about: "Two points a channel, reading and truth, as temperature=20.5:20,81:80; several parted by semicolons.",
    },
  },
  trial: {
    forS: {
      type: "whole",
      min: 30,
      max: 3600,
      unit: "s",
      default: 300,
      secret: open,
      restart: false,
      trial: false,
      about: "How long settings that could cut the board off are tried before they are undone.",
    },
  },
});

/** With all that is in it. */
function frozen<Of extends object>(table: Of): Of {
  for (const part of Object.values(table)) if (typeof part === "object" && part !== null) frozen(part);
  return Object.freeze(table);
}

/** As `broker.port`. */
export function settingNames(): string[] {
  const names: string[] = [];
  for (const group of Object.keys(schema)) for (const name of Object.keys(groupNamed(group)!)) names.push(group + "." + name);
  return names;
}

/** By its own name only: nothing that objects inherit. */
export function groupNamed(group: string): Readonly<Record<string, Field>> | undefined {
  return Object.keys(schema).includes(group) ? (schema[group as keyof Schema] as Readonly<Record<string, Field>>) : undefined;
}

/** `name` as `broker.port`. */
export function fieldNamed(name: string): Field | undefined {
  // Not by parting it: what comes from outside may be nothing but dots.
  const dot = name.indexOf(".");
  if (dot < 1) return undefined;
  const last = name.slice(dot + 1);
  const fields = groupNamed(name.slice(0, dot));
  return fields !== undefined && Object.keys(fields).includes(last) ? fields[last] : undefined;
}

export function defaults(): Config {
  const config: Record<string, Record<string, unknown>> = {};
  for (const group of Object.keys(schema)) {
    const values: Record<string, unknown> = {};
    const fields = groupNamed(group)!;
    for (const name of Object.keys(fields)) values[name] = fields[name]!.default;
    config[group] = values;
  }
  return config as unknown as Config;
}
