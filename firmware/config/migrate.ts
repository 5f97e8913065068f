/**
 * Settings of older versions: each entry of the list makes of a document of one version a document of the next. Pure
 * functions over whatever JSON may hold; what they leave wrong, the schema's check tells afterwards.
 *
 * Version 1: what Mote 0.1 took at build time, flat keys with texts, as mcconfig hands them on in `mc/config`.
 * Version 2: groups, as in schema.ts. Build settings still come as version 1: they take the same way.
 */
import type { PartialConfig } from "../settings.js";
import { schemaVersion } from "./schema.js";

/** Brings a document of version `from`, 1 … `schemaVersion`, to the present one. */
export function migrate(document: unknown, from: number): unknown {
  let migrated = document;
  for (let version = from; version < schemaVersion; version++) migrated = migrations[version - 1]!(migrated);
  return migrated;
}

/** The settings of build time (`mc/config`), yet to be checked: `openConfig` does. */
export function seedOfBuild(config: Readonly<Record<string, unknown>>): PartialConfig {
  return migrate(config, 1) as PartialConfig;
}

const migrations: readonly ((document: unknown) => unknown)[] = Object.freeze([grouped]);

/** 1 → 2. Keys that are not ours are the SDK's. An empty text was one that had not been given. */
function grouped(document: unknown): unknown {
  if (typeof document !== "object" || document === null) return document;
  const flat = document as Readonly<Record<string, unknown>>;
  const wifi: Record<string, unknown> = {};
  const broker: Record<string, unknown> = {};
  move(flat, "moteSSID", wifi, "ssid");
  move(flat, "motePassword", wifi, "password");
  move(flat, "moteBrokerHost", broker, "host");
  move(flat, "moteBrokerPort", broker, "port");
  move(flat, "moteBrokerUsername", broker, "username");
  move(flat, "moteBrokerPassword", broker, "password");
  const { port } = broker;
  if (typeof port === "string" && /^\d+$/.test(port)) broker.port = Number(port);
  return { wifi, broker };
}

function move(from: Readonly<Record<string, unknown>>, key: string, into: Record<string, unknown>, name: string): void {
  if (Object.hasOwn(from, key) && from[key] !== "" && from[key] !== undefined) into[name] = from[key];
}
