/**
 * The SDK's Wi-Fi class as a board sees it, and the access points (access-point.ts) through it.
 *
 * Fault model: an access point may be away or out of this board's reach (joining then fails after a scan),
 * have another password (joining fails), give no address, lead nowhere, or vanish while joined, which the board
 * learns at once. Signal strength is a constant of each.
 */
import type { WiFi, WiFiConstructor } from "../../firmware/device.js";
import { AccessPoint } from "./access-point.js";
import { boundClass } from "./bound-class.js";
import { costs } from "./costs.js";
import type { Cpu } from "./cpu.js";
import type { Link, Station } from "./link.js";
import type { Event, Scheduler } from "./scheduler.js";
import type { Trace } from "./trace.js";
import { scan, type ScanGround, type ScanOptions, type Scanner } from "./wifi-scan.js";

export { AccessPoint };

/** Scan, authentication and association with a known access point; then DHCP. */
const associateUs = 250_000;
const addressUs = 150_000;

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
interface Surroundings extends ScanGround {
  readonly radio: Radio;
}

class SimulatedWiFi implements WiFi, Scanner {
  readonly MAC: string;
  readonly #of: Surroundings;
  #connection = 200;
  #closed = false;
  #step: Event | undefined;
  #leave: (() => void) | undefined;
  /** What it has joined. */
  #point: AccessPoint | undefined;
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
    return this.#connection >= 400 ? this.#point?.rssi : undefined;
  }

  connect(options: { SSID: string; password?: string }): void {
    if (this.#connection === 300) throw new Error("already connecting");
    this.#of.cpu.charge(costs.wifiCallUs);
    this.#drop();
    this.#of.trace.record(this.#of.cpu.nowUs, "wifi.connect", `"ssid":${JSON.stringify(options.SSID)}`);
    this.#connection = 300;
    this.#step = this.#of.scheduler.at(this.#of.cpu.nowUs + associateUs, () => {
      const point = this.#of.point.named(options.SSID);
      if (!point?.present || !this.#of.radio.link.inReach || (options.password ?? "") !== point.password) {
        this.#change(200);
        return;
      }
      this.#point = point;
      const station: Station = {
        dropped: () => {
          this.#drop();
          this.#change(200);
        },
      };
      const leave = point.joined(station);
      this.#of.radio.link.stations.add(station);
      this.#leave = () => {
        leave();
        this.#of.radio.link.stations.delete(station);
      };
      this.#change(400);
      if (!point.dhcp) return;
      this.#step = this.#of.scheduler.at(this.#of.scheduler.nowUs + addressUs, () => this.#change(500));
    });
  }

  disconnect(): void {
    this.#of.cpu.charge(costs.wifiCallUs);
    this.#drop();
    this.#connection = 200;
  }

  scan(options: ScanOptions): void {
    if (this.#connection === 300) throw new Error("scan failed");
    scan(this.#of, this, options);
  }

  configure(options: { hostname: string }): void {
    this.#of.cpu.charge(costs.wifiCallUs);
    this.#of.trace.record(this.#of.cpu.nowUs, "wifi.configure", `"hostname":${JSON.stringify(options.hostname)}`);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Nothing is called after it. */
  close(): void {
    // A scan that is under way is not completed.
    if (this.#of.scanner === this) this.#of.scanner = undefined;
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
    if (connection === 500 && this.#point?.routed === true) this.#of.radio.link.up = true;
    const heard = this.#onChanged;
    if (heard === undefined) return;
    this.#of.cpu.post(() => {
      if (!this.#closed) heard("connection");
      if (connection === 500 && !this.#closed) heard("address");
    });
  }
}

export function wifiClass(point: AccessPoint, radio: Radio, scheduler: Scheduler, cpu: Cpu, trace: Trace): WiFiConstructor {
  const of: Surroundings = { point, radio, scheduler, cpu, trace, scanner: undefined };
  return boundClass(SimulatedWiFi, of);
}
