/**
 * An access point, and the SDK's Wi-Fi class as a board sees it.
 *
 * Fault model: the access point may be away or out of this board's reach (joining then fails after a scan),
 * have another password (joining fails), give no address, or vanish while joined, which the board learns at
 * once. Signal strength is a constant.
 */
import type { WiFi, WiFiConstructor } from "../../firmware/device.js";
import { boundClass } from "./bound-class.js";
import { costs } from "./costs.js";
import type { Cpu } from "./cpu.js";
import type { Link, Station } from "./link.js";
import type { Event, Scheduler } from "./scheduler.js";
import type { Trace } from "./trace.js";

/** Scan, authentication and association with a known access point; then DHCP. */
const associateUs = 250_000;
const addressUs = 150_000;

export class AccessPoint {
  readonly ssid: string;
  readonly password: string;
  readonly #stations = new Set<Station>();
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

  joined(station: Station): () => void {
    this.#stations.add(station);
    return () => this.#stations.delete(station);
  }
}

export interface Radio {
  readonly mac: string;
  readonly address: string;
  /** Learns whether the board has an address, and says whether the access point is in reach. */
  readonly link: Link;
}

interface WiFiOptions {
  onChanged?: (property: "connection" | "address") => void;
}

/** What all radios of one board's boot share. */
interface Surroundings {
  readonly point: AccessPoint;
  readonly radio: Radio;
  readonly scheduler: Scheduler;
  readonly cpu: Cpu;
  readonly trace: Trace;
}

class SimulatedWiFi implements WiFi {
  readonly MAC: string;
  readonly #of: Surroundings;
  #connection = 200;
  #closed = false;
  #step: Event | undefined;
  #leave: (() => void) | undefined;
  readonly #onChanged: ((property: "connection" | "address") => void) | undefined;

  constructor(of: Surroundings, options: WiFiOptions) {
    this.#of = of;
    this.MAC = of.radio.mac;
    this.#onChanged = options.onChanged;
    this.#of.cpu.onStopped(() => this.close());
  }

  get connection(): number {
    return this.#connection;
  }

  get address(): string | undefined {
    return this.#connection === 500 ? this.#of.radio.address : undefined;
  }

  get RSSI(): number | undefined {
    return this.#connection >= 400 ? -61 : undefined;
  }

  connect(options: { SSID: string; password?: string }): void {
    if (this.#connection === 300) throw new Error("already connecting");
    this.#of.cpu.charge(costs.wifiCallUs);
    this.#drop();
    this.#of.trace.record(this.#of.cpu.nowUs, "wifi.connect", `"ssid":${JSON.stringify(options.SSID)}`);
    this.#connection = 300;
    this.#step = this.#of.scheduler.at(this.#of.cpu.nowUs + associateUs, () => {
      if (
        !this.#of.point.present ||
        !this.#of.radio.link.inReach ||
        options.SSID !== this.#of.point.ssid ||
        (options.password ?? "") !== this.#of.point.password
      ) {
        this.#change(200);
        return;
      }
      const station: Station = {
        dropped: () => {
          this.#drop();
          this.#change(200);
        },
      };
      const leave = this.#of.point.joined(station);
      this.#of.radio.link.stations.add(station);
      this.#leave = () => {
        leave();
        this.#of.radio.link.stations.delete(station);
      };
      this.#change(400);
      if (!this.#of.point.dhcp) return;
      this.#step = this.#of.scheduler.at(this.#of.scheduler.nowUs + addressUs, () => this.#change(500));
    });
  }

  disconnect(): void {
    this.#of.cpu.charge(costs.wifiCallUs);
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
    if (this.#step !== undefined) this.#of.scheduler.cancel(this.#step);
    this.#leave?.();
    this.#leave = undefined;
    if (this.#connection === 500) this.#of.radio.link.up = false;
  }

  #change(connection: number): void {
    this.#connection = connection;
    this.#of.trace.record(this.#of.scheduler.nowUs, "wifi", `"connection":${connection}`);
    if (connection === 500) this.#of.radio.link.up = true;
    const heard = this.#onChanged;
    if (heard === undefined) return;
    this.#of.cpu.post(() => {
      if (!this.#closed) heard("connection");
      if (connection === 500 && !this.#closed) heard("address");
    });
  }
}

export function wifiClass(point: AccessPoint, radio: Radio, scheduler: Scheduler, cpu: Cpu, trace: Trace): WiFiConstructor {
  const of: Surroundings = { point, radio, scheduler, cpu, trace };
  return boundClass(SimulatedWiFi, of);
}
