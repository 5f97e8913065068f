/**
 * Settings from build time: what `npm run flash` hands to mcconfig as `mote…=value`, found again in
 * `mc/config`. The SDK's own `ssid` and `password` are left alone: they would make its start-up wait
 * for Wi-Fi before anything samples.
 */
import { failure, success, type Result } from "../base/result.js";
import type { Settings } from "../settings.js";

/** A missing Wi-Fi name or broker is refused, with the command that gives it; values are never repeated in a message. */
export function buildSettings(config: Readonly<Record<string, unknown>>): Result<Settings, "settings"> {
  const ssid = text(config.moteSSID);
  const host = text(config.moteBrokerHost);
  if (ssid === undefined)
    return failure("settings", "no Wi-Fi was given at build time: npm run flash -- --wifi-ssid NAME --wifi-password …");
  if (host === undefined) return failure("settings", "no broker was given at build time: npm run flash -- --broker mqtt://host:1883");
  const port = Number(text(config.moteBrokerPort) ?? 1883);
  if (!(Math.floor(port) === port && port >= 1 && port <= 65535)) {
    return failure("settings", "the broker's port must be 1 to 65535: npm run flash -- --broker mqtt://host:1883");
  }
  const username = text(config.moteBrokerUsername);
  const password = text(config.moteBrokerPassword);
  return success({
    wifi: { ssid, password: text(config.motePassword) ?? "" },
    broker: { host, port, ...(username === undefined ? {} : { username }), ...(password === undefined ? {} : { password }) },
  });
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
