/** The Device's Wi-Fi class inside XS. */
import type { WiFi } from "../../firmware/device.js";
import { drop, keep } from "./callbacks.js";
import { operation } from "./operations.js";

export class XsWiFi implements WiFi {
  declare private readonly handle: number;
  declare private readonly changed: number;
  /** Of a scan that is under way; none before the first. */
  declare private found: number;
  declare private complete: number;

  constructor(options: { onChanged?: (property: "connection" | "address") => void }) {
    this.changed = keep(options.onChanged);
    this.handle = hostCall(operation.wifiOpen, this.changed) as number;
  }

  get connection(): number {
    return hostCall(operation.wifiConnection, this.handle) as number;
  }

  get address(): string | undefined {
    return hostCall(operation.wifiAddress, this.handle) as string | undefined;
  }

  get MAC(): string | undefined {
    return hostCall(operation.wifiMac, this.handle) as string | undefined;
  }

  get RSSI(): number | undefined {
    return hostCall(operation.wifiRssi, this.handle) as number | undefined;
  }

  connect(options: { SSID: string; password?: string }): void {
    hostCall(operation.wifiConnect, this.handle, options.SSID, options.password);
  }

  scan({ onFound, onComplete }: Parameters<WiFi["scan"]>[0]): void {
    const found = keep((SSID: string, RSSI: number, security: string) => onFound({ SSID, RSSI, security }));
    const complete = keep(() => {
      drop(found);
      this.found = this.complete = -1;
      onComplete();
    });
    try {
      hostCall(operation.wifiScan, this.handle, found, complete);
    } catch (error) {
      drop(found);
      drop(complete);
      throw error;
    }
    this.found = found;
    this.complete = complete;
  }

  configure(options: { hostname: string }): void {
    hostCall(operation.wifiConfigure, this.handle, options.hostname);
  }

  disconnect(): void {
    hostCall(operation.wifiDisconnect, this.handle);
  }

  close(): void {
    if (hostCall(operation.wifiClose, this.handle) !== true) return;
    drop(this.changed);
    // Not called any more.
    drop(this.found);
    drop(this.complete);
  }
}
