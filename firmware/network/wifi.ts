/**
 * Keeps the board on its Wi-Fi: joins, waits for an address, notices a loss, backs off and joins
 * again, for ever. Promises that nothing here blocks and that `onUp` and `onDown` alternate.
 */
import { type Backoff, backoff } from "../base/backoff.js";
import { limits } from "../limits.js";
import type { Device, FoundAccessPoint, Timer, WiFi } from "../device.js";
import type { Settings } from "../settings.js";

/** The SDK's `connection` figures (embedded:network/interface/wifi). */
const idle = 200;
const up = 500;

export type NetworkState =
  /** It knows of no network. */
  | "off"
  /** Asked to join; the access point or its DHCP server has not answered yet. */
  | "joining"
  | "up"
  /** Not joined: the next attempt waits for the back-off. */
  | "waiting"
  /** Not joined, and looks what networks there are. */
  | "scanning"
  | "stopped";

export interface NetworkEvents {
  onUp(): void;
  onDown(): void;
  /** It could not be joined: the access point is away, the password is wrong, or nobody gives an address. */
  onRefused(): void;
}

export interface Network {
  readonly state: NetworkState;
  /** Times the network was lost or could not be joined. */
  readonly failures: number;
  /** Dotted; undefined while it is not up. */
  readonly address: string | undefined;
  /** dBm; undefined while it is not joined. */
  readonly rssi: number | undefined;
  /** Leaves the network and joins that one, at once. An empty SSID: none. */
  rejoin(wifi: Settings["wifi"]): void;
  /** Takes some 2 s; a join that is under way waits for it. False where the radio cannot scan just now: nothing is called then. */
  scan(onFound: (point: FoundAccessPoint) => void, onComplete: () => void): boolean;
  /** Leaves the access point; nothing is called afterwards. */
  stop(): void;
}

/** A class, since its methods stay in flash: as closures they would take RAM. */
class Joined implements Network {
  state: NetworkState = "off";
  failures = 0;
  private readonly device: Device;
  private wifi: Settings["wifi"] = { ssid: "", password: "" };
  private readonly hostname: string;
  private readonly events: NetworkEvents;
  private readonly pause: Backoff;
  private readonly radio: WiFi;
  private timer: Timer;
  private looking = false;

  constructor(device: Device, hostname: string, events: NetworkEvents) {
    this.device = device;
    this.hostname = hostname;
    this.events = events;
    this.pause = backoff(limits.backoffShortestMs, limits.backoffLongestMs, limits.returnSpreadMs, () => {
      const bytes = new Uint8Array(2);
      device.random(bytes);
      return bytes[0]! * 256 + bytes[1]!;
    });
    this.radio = new device.WiFi({ onChanged: (property) => this.changed(property) });
  }

  get address(): string | undefined {
    return this.state === "up" ? this.radio.address : undefined;
  }

  get rssi(): number | undefined {
    return this.state === "up" ? this.radio.RSSI : undefined;
  }

  rejoin(wifi: Settings["wifi"]): void {
    const { state } = this;
    if (state === "stopped") return;
    this.device.timers.clear(this.timer);
    this.wifi = wifi;
    if (state === "joining" || state === "up") this.radio.disconnect();
    this.state = this.looking && wifi.ssid !== "" ? "scanning" : "off";
    if (state === "up") this.events.onDown();
    this.pause.reset();
    if (this.state === "scanning" || wifi.ssid === "") return;
    // The radio tells its leaving later, in a way that looks as if the join that follows had failed.
    if (state === "joining" || state === "up") {
      this.state = "waiting";
      this.timer = this.device.timers.set(() => this.join(), limits.leaveMs);
    } else this.join();
  }

  scan(onFound: (point: FoundAccessPoint) => void, onComplete: () => void): boolean {
    const { state, radio } = this;
    if (this.looking || state === "stopped") return false;
    // The radio cannot look around while it connects, and a wrong password would keep it connecting for ever.
    if (state === "joining") radio.disconnect();
    if (state === "joining" || state === "waiting") {
      this.device.timers.clear(this.timer);
      this.state = "scanning";
    }
    this.looking = true;
    try {
      radio.scan({
        onFound,
        onComplete: () => {
          this.looked();
          onComplete();
        },
      });
      return true;
    } catch {
      this.looked();
      return false;
    }
  }

  stop(): void {
    this.device.timers.clear(this.timer);
    this.state = "stopped";
    this.radio.disconnect();
    this.radio.close();
  }

  private looked(): void {
    this.looking = false;
    if (this.state === "scanning") this.join();
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
      radio.configure({ hostname: this.hostname });
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
    this.events.onUp();
  }

  private wentDown(): void {
    const { timers } = this.device;
    timers.clear(this.timer);
    const wasUp = this.state === "up";
    this.state = "waiting";
    this.failures++;
    this.timer = timers.set(() => this.join(), wasUp ? this.pause.lost() : this.pause.next());
    if (wasUp) this.events.onDown();
    else this.events.onRefused();
  }
}

/** Joins nothing before `rejoin`; then at once, and again after a back-off whenever that fails or ends. Throws when the radio does not start. */
export function network(device: Device, hostname: string, events: NetworkEvents): Network {
  return new Joined(device, hostname, events);
}
