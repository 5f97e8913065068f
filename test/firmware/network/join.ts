/** A board's network that joins at once, as most tests want it. */
import type { Device } from "../../../firmware/device.js";
import { network, type Network } from "../../../firmware/network/wifi.js";
import type { Settings } from "../../../firmware/settings.js";

export function joinNetwork(
  device: Device,
  wifi: Settings["wifi"],
  onUp: () => void,
  onDown: () => void,
  onRefused = (): void => {},
): Network {
  const made = network(device, "mote-test", { onUp, onDown, onRefused });
  made.rejoin(wifi);
  return made;
}
