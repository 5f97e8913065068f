/**
 * Where things are published. `<device>` is the app's name and the last six digits of the board's id.
 *
 * | topic | what | QoS, retained |
 * |---|---|---|
 * | `mote/<device>/status` | `online`, or `offline` by will and at an orderly end | 1, yes |
 * | `mote/<device>/<channel>` | the latest value: `{"value":21.4,"unit":"°C","ms":61000,"n":57}` | 1, yes |
 * | `mote/<device>/<channel>/summary` | a window's `{"min":…,"max":…,"mean":…,"std":…,"count":…,"ms":…,"n":…}` | 1, yes |
 * | `mote/<device>/counters` | what the board counted since boot, each minute | 1, yes |
 * | `mote/<device>/settings` | what is with its settings: `{"state":"undone","reason":"time"}`; state: `none`, `trial`, `kept`, `undone` | 1, yes |
 * | `mote/<device>/data` | the journal's records: blocks of samples and gaps (journal/FORMAT.md) | 1, no |
 * | `mote/<device>/ack` | from a consumer: `{"install":…,"boot":…,"seq":…}`, what it has committed | 1, yes |
 *
 * `ms` is the sample's grid point, ms since boot; `n` numbers what the channel gave out since boot, so
 * a reader sees how many it did not get. A reading that failed is `{"error":"bus","ms":…,"n":…}`.
 */
const root = "mote/";

export function deviceName(appName: string, deviceId: string): string {
  return appName + "-" + deviceId.slice(-6);
}

export function statusTopic(device: string): string {
  return root + device + "/status";
}

export function channelTopic(device: string, channel: string): string {
  return root + device + "/" + channel;
}

export function summaryTopic(device: string, channel: string): string {
  return root + device + "/" + channel + "/summary";
}

export function countersTopic(device: string): string {
  return root + device + "/counters";
}

export function settingsTopic(device: string): string {
  return root + device + "/settings";
}

export function dataTopic(device: string): string {
  return root + device + "/data";
}

export function ackTopic(device: string): string {
  return root + device + "/ack";
}
