/**
 * Keeps the board on its Wi-Fi: joins, waits for an address, notices a loss, backs off and joins
 * again, for ever. Promises that nothing here blocks and that `onUp` and `onDown` alternate.
 */
import { backoff } from "../base/backoff.js";
import { limits } from "../limits.js";
import type { Device, Timer } from "../device.js";
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

export function joinNetwork(device: Device, wifi: Settings["wifi"], onUp: () => void, onDown: () => void): Network {
  const pause = backoff(limits.backoffShortestMs, limits.backoffLongestMs, () => {
    const bytes = new Uint8Array(2);
    device.random(bytes);
    return bytes[0]! * 256 + bytes[1]!;
  });
  let state: NetworkState = "waiting";
  let failures = 0;
  let timer: Timer;

  const radio = new device.WiFi({
    onChanged(property) {
      if (property !== "connection" || state === "stopped") return;
      if (radio.connection === up && state === "joining") cameUp();
      else if (radio.connection === idle && (state === "joining" || state === "up")) wentDown();
    },
  });

  function join(): void {
    state = "joining";
    timer = device.timers.set(giveUp, limits.joinTimeoutMs);
    try {
      radio.connect(wifi.password === "" ? { SSID: wifi.ssid } : { SSID: wifi.ssid, password: wifi.password });
    } catch {
      wentDown();
    }
  }

  /** An access point that never answers, or one without DHCP: the radio itself would wait for ever. */
  function giveUp(): void {
    radio.disconnect();
    if (state === "joining") wentDown();
  }

  function cameUp(): void {
    device.timers.clear(timer);
    state = "up";
    pause.reset();
    onUp();
  }

  function wentDown(): void {
    device.timers.clear(timer);
    const wasUp = state === "up";
    state = "waiting";
    failures++;
    timer = device.timers.set(join, pause.next());
    if (wasUp) onDown();
  }

  join();
  return {
    get state() {
      return state;
    },
    get failures() {
      return failures;
    },
    stop() {
      device.timers.clear(timer);
      state = "stopped";
      radio.disconnect();
      radio.close();
    },
  };
}
