/**
 * Looking for access points: all channels in two seconds, one scan at a time for all of a board's Wi-Fi instances. What is
 * away is not found; of a board out of reach, nothing.
 */
import type { FoundAccessPoint } from "../../firmware/device.js";
import type { AccessPoint } from "./access-point.js";
import { costs } from "./costs.js";
import type { Cpu } from "./cpu.js";
import type { Link } from "./link.js";
import type { Scheduler } from "./scheduler.js";
import type { Trace } from "./trace.js";

/** 13 channels of some 120 ms active scan each, and back to the own one in between. */
const scanUs = 2_000_000;

export interface ScanGround {
  readonly point: AccessPoint;
  readonly radio: { readonly link: Link };
  readonly scheduler: Scheduler;
  readonly cpu: Cpu;
  readonly trace: Trace;
  /** Whose scan is under way. */
  scanner: Scanner | undefined;
}

export interface Scanner {
  readonly closed: boolean;
}

export interface ScanOptions {
  readonly onFound: (point: FoundAccessPoint) => void;
  readonly onComplete: () => void;
}

/** Throws while another is under way. */
export function scan(of: ScanGround, by: Scanner, options: ScanOptions): void {
  if (of.scanner !== undefined) throw new Error("already scanning");
  const { cpu, trace, scheduler } = of;
  cpu.charge(costs.wifiCallUs);
  trace.record(cpu.nowUs, "wifi.scan", "");
  of.scanner = by;
  scheduler.at(cpu.nowUs + scanUs, () => {
    if (of.scanner !== by) return;
    of.scanner = undefined;
    const heard = of.radio.link.inReach ? [of.point, ...of.point.others].filter(({ present }) => present) : [];
    const found = heard.toSorted((a, b) => b.rssi - a.rssi);
    cpu.post(() => {
      for (const { ssid, rssi, security } of found) if (!by.closed) options.onFound({ SSID: ssid, RSSI: rssi, security });
      if (!by.closed) options.onComplete();
    });
  });
}
