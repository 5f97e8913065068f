/**
 * An access point, and the SDK's Wi-Fi class as a board sees it.
 *
 * Fault model: the access point may be away (joining then fails after a scan), have another password
 * (joining fails), give no address, or vanish while joined. Signal strength is a constant.
 */
import type { WiFi, WiFiConstructor } from "../../firmware/device.js";
import { costs } from "./costs.js";
import type { Cpu } from "./cpu.js";
import type { Event, Scheduler } from "./scheduler.js";
import type { Trace } from "./trace.js";

/** Scan, authentication and association with a known access point; then DHCP. */
const associateUs = 250_000;
const addressUs = 150_000;

export class AccessPoint {
  readonly ssid: string;
  readonly password: string;
  readonly #stations = new Set<{ dropped(): void }>();
  #present = true;
  /** Whether a station is given an address. */
  dhcp = true;

  constructor(ssid: string, password: string) {
    this.ssid = ssid;
    this.password = password;
  }

  get present(): boolean {
    return this.#present;
  }

  /** Takes the access point away, or brings it back. */
  set present(present: boolean) {
    this.#present = present;
    if (!present) for (const station of [...this.#stations]) station.dropped();
  }

  joined(station: { dropped(): void }): () => void {
    this.#stations.add(station);
    return () => this.#stations.delete(station);
  }
}

export interface Radio {
  readonly mac: string;
  readonly address: string;
  /** Tells the rest of the board's network whether it has an address. */
  onAddress(up: boolean): void;
}

export function wifiClass(point: AccessPoint, radio: Radio, scheduler: Scheduler, cpu: Cpu, trace: Trace): WiFiConstructor {
  return class SimulatedWiFi implements WiFi {
    readonly MAC = radio.mac;
    #connection = 200;
    #closed = false;
    #step: Event | undefined;
    #leave: (() => void) | undefined;
    readonly #onChanged: ((property: "connection" | "address") => void) | undefined;

    constructor(options: { onChanged?: (property: "connection" | "address") => void }) {
      this.#onChanged = options.onChanged;
      cpu.onStopped(() => this.close());
    }

    get connection(): number {
      return this.#connection;
    }

    get address(): string | undefined {
      return this.#connection === 500 ? radio.address : undefined;
    }

    get RSSI(): number | undefined {
      return this.#connection >= 400 ? -61 : undefined;
    }

    connect(options: { SSID: string; password?: string }): void {
      if (this.#connection === 300) throw new Error("already connecting");
      cpu.charge(costs.wifiCallUs);
      this.#drop();
      trace.record(cpu.nowUs, "wifi.connect", `"ssid":${JSON.stringify(options.SSID)}`);
      this.#connection = 300;
      this.#step = scheduler.at(cpu.nowUs + associateUs, () => {
        if (!point.present || options.SSID !== point.ssid || (options.password ?? "") !== point.password) {
          this.#change(200);
          return;
        }
        this.#leave = point.joined({
          dropped: () => {
            this.#drop();
            this.#change(200);
          },
        });
        this.#change(400);
        if (!point.dhcp) return;
        this.#step = scheduler.at(scheduler.nowUs + addressUs, () => this.#change(500));
      });
    }

    disconnect(): void {
      cpu.charge(costs.wifiCallUs);
      this.#drop();
      this.#connection = 200;
    }

    /** Nothing is called after it. */
    close(): void {
      this.#closed = true;
      this.#drop();
      this.#connection = 200;
    }

    #drop(): void {
      if (this.#step !== undefined) scheduler.cancel(this.#step);
      this.#leave?.();
      this.#leave = undefined;
      if (this.#connection === 500) radio.onAddress(false);
    }

    #change(connection: number): void {
      this.#connection = connection;
      trace.record(scheduler.nowUs, "wifi", `"connection":${connection}`);
      if (connection === 500) radio.onAddress(true);
      const heard = this.#onChanged;
      if (heard === undefined) return;
      cpu.post(() => {
        if (!this.#closed) heard("connection");
        if (connection === 500 && !this.#closed) heard("address");
      });
    }
  };
}
