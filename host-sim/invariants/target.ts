/** Where settings lead a board: its network, and its broker there. */
import type { Simulation } from "../simulation.js";
import type { SettingsText } from "../world/settings-image.js";

export interface Target {
  /** Name and password. */
  readonly network: string;
  /** Name; address and port; name and password there. */
  readonly host: string;
  readonly broker: string;
}

/** Of what somebody set, over what the boards of a simulation are built with. */
export function targetOf(set: SettingsText, { settings, lan }: Simulation): Target {
  const { wifi, broker } = settings;
  const { host: hostBuilt, port: portBuilt, username: userBuilt = "", password: passwordBuilt = "" } = broker;
  const text = (name: string, built: string): string => String(set[name] ?? built);
  const host = text("broker.host", hostBuilt);
  const address = `${lan.names.get(host) ?? host}:${String(set["broker.port"] ?? portBuilt)}`;
  return {
    network: networkText(text("wifi.ssid", wifi.ssid), text("wifi.password", wifi.password)),
    host,
    broker: brokerText(address, text("broker.username", userBuilt), text("broker.password", passwordBuilt)),
  };
}

export function networkText(ssid: string, password: string): string {
  return JSON.stringify([ssid, password]);
}

export function brokerText(address: string, username: string, password: string): string {
  return JSON.stringify([address, username, password]);
}
