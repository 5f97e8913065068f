/**
 * An access point of the world, and others that can be heard beside it: neighbours' networks, which nobody here knows the
 * passwords of, or own ones that a board can move to.
 *
 * Fault model: one may be away, give no address, or lead nowhere: a station then has an address and reaches nothing.
 */
import type { Station } from "./link.js";

export interface AccessPointOptions {
  /** dBm. */
  readonly rssi?: number;
  /** In the SDK's words. Default: `none` with an empty password, `wpa2_psk` with any other. */
  readonly security?: string;
}

export class AccessPoint {
  readonly ssid: string;
  readonly password: string;
  readonly rssi: number;
  readonly security: string;
  readonly #stations = new Set<Station>();
  #present = true;
  #others: AccessPoint[] | undefined;
  /** Whether a station is given an address. */
  dhcp = true;
  /** Whether the world's network is behind it. */
  routed = true;

  constructor(ssid: string, password: string, options: AccessPointOptions = {}) {
    this.ssid = ssid;
    this.password = password;
    this.rssi = options.rssi ?? -61;
    this.security = options.security ?? (password === "" ? "none" : "wpa2_psk");
  }

  /** What can be heard beside it. One that is put in can be joined with its password. */
  get others(): AccessPoint[] {
    return (this.#others ??= neighbours());
  }

  /** Itself or one of the others, by name; itself first. */
  named(ssid: string): AccessPoint | undefined {
    return ssid === this.ssid ? this : this.others.find((each) => each.ssid === ssid);
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

function neighbours(): AccessPoint[] {
  return [
    new AccessPoint("Familie Öztürk", "not known to anybody here", { rssi: -72 }),
    new AccessPoint("guests", "", { rssi: -78 }),
    new AccessPoint("DIRECT-4B-printer", "not known to anybody here", { rssi: -85 }),
  ];
}
