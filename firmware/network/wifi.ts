/**
 * Keeps the board on its Wi-Fi: joins, waits for an address, notices a loss, backs off and joins
 * again, for ever. Promises that nothing here blocks and that `onUp` and `onDown` alternate.
 */
import { type Backoff, backoff } from "../base/backoff.js";
import { limits } from "../limits.js";
import type { Device, Timer, WiFi } from "../device.js";
import type { Settings } from "../settings.js";

/** The SDK's `connection` figures (embedded:network/interface/wifi). */
const idle = 200;
const up = 500;

export type NetworkState =
  /** Asked to join; the access point or its DHCP server has not answered yet. */
  | "joining"
  | "up"
  /** Not joined: the next attempt waits for the back-off. */
  | "waiting"
  | "stopped";

export interface Network {
  readonly state: NetworkState;
  /** Times the network was lost or could not be joined. */
  readonly failures: number;
  /** Leaves the access point; nothing is called afterwards. */
  stop(): void;
}

/** A class, since its methods stay in flash: as closures they would take RAM. */
class Joined implements Network {
  state: NetworkState = "waiting";
  failures = 0;
  private readonly device: Device;
  private readonly wifi: Settings["wifi"];
  private readonly onUp: () => void;
  private readonly onDown: () => void;
  private readonly pause: Backoff;
  private readonly radio: WiFi;
  private timer: Timer;

  constructor(device: Device, wifi: Settings["wifi"], onUp: () => void, onDown: () => void) {
    this.device = device;
    this.wifi = wifi;
    this.onUp = onUp;
    this.onDown = onDown;
    this.pause = backoff(limits.backoffShortestMs, limits.backoffLongestMs, limits.returnSpreadMs, () => {
      const bytes = new Uint8Array(2);
      device.random(bytes);
      return bytes[0]! * 256 + bytes[1]!;
    });
    this.radio = new device.WiFi({ onChanged: (property) => this.changed(property) });
    this.join();
  }

  stop(): void {
    this.device.timers.clear(this.timer);
    this.state = "stopped";
    this.radio.disconnect();
    this.radio.close();
  }

  private changed(property: string): void {
    const { state } = this;
    if (property !== "connection" || state === "stopped") return;
    const { connection } = this.radio;
    if (connection === up && state === "joining") this.cameUp();
    else if (connection === idle && (state === "joining" || state === "up")) this.wentDown();
  }

  private join(): void {
    const { device, wifi, radio } = this;
    this.state = "joining";
    this.timer = device.timers.set(() => this.giveUp(), limits.joinTimeoutMs);
    try {
      radio.connect(wifi.password === "" ? { SSID: wifi.ssid } : { SSID: wifi.ssid, password: wifi.password });
    } catch {
      this.wentDown();
    }
  }

  /** An access point that never answers, or one without DHCP: the radio itself would wait for ever. */
  private giveUp(): void {
    this.radio.disconnect();
    if (this.state === "joining") this.wentDown();
  }

  private cameUp(): void {
    this.device.timers.clear(this.timer);
    this.state = "up";
    this.pause.reset();
    this.onUp();
  }

  private wentDown(): void {
    const { timers } = this.device;
    timers.clear(this.timer);
    const wasUp = this.state === "up";
    this.state = "waiting";
    this.failures++;
    this.timer = timers.set(() => this.join(), wasUp ? this.pause.lost() : this.pause.next());
    if (wasUp) this.onDown();
  }
}

/** Joins at once, and again after a back-off whenever that fails or ends. Throws when the radio does not start. */
export function joinNetwork(device: Device, wifi: Settings["wifi"], onUp: () => void, onDown: () => void): Network {
  return new Joined(device, wifi, onUp, onDown);
}
