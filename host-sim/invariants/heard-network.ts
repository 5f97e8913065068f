/** A board's network as the firmware gets it, heard: when it joins its Wi-Fi and leaves it, and when it asks for its broker's name. */
import type { Device, TCP, TCPOptions, WiFi, WiFiConstructor } from "../../firmware/device.js";

export interface NetworkEvents {
  /** The radio is told to join. */
  joining(ssid: string, password: string): void;
  /** The board has its address. */
  joined(): void;
  /** The board hears that it is not joined, or lets go by itself. */
  apart(): void;
  asked(name: string): void;
  /** What was asked last has no answer. */
  unresolved(): void;
  /** A connection is opened to that `address:port`. */
  dialled(address: string): void;
}

export function heardNetwork(device: Device, events: NetworkEvents): Pick<Device, "resolve" | "WiFi" | "TCP"> {
  let asked = 0;
  const resolve: Device["resolve"] = (name, onResolved) => {
    const asking = ++asked;
    events.asked(name);
    device.resolve(name, (address) => {
      if (address === undefined && asking === asked) events.unresolved();
      onResolved(address);
    });
  };
  return { resolve, WiFi: heardRadio(device.WiFi, events), TCP: heardSocket(device.TCP, events) };
}

function heardSocket(Inner: new (options: TCPOptions) => TCP, events: NetworkEvents): new (options: TCPOptions) => TCP {
  return function (options: TCPOptions) {
    events.dialled(`${options.address}:${options.port}`);
    return new Inner(options);
  } as unknown as new (options: TCPOptions) => TCP;
}

// `connection` of firmware/device.ts.
const idle = 200;
const up = 500;

function heardRadio(Inner: WiFiConstructor, events: NetworkEvents): WiFiConstructor {
  return class Heard implements WiFi {
    readonly #inner: WiFi;

    constructor({ onChanged }: { onChanged?: (property: "connection" | "address") => void }) {
      this.#inner = new Inner({
        onChanged: (property) => {
          const { connection } = this.#inner;
          if (property === "connection" && connection === up) events.joined();
          if (property === "connection" && connection === idle) events.apart();
          onChanged?.(property);
        },
      });
    }

    connect(options: { SSID: string; password?: string }): void {
      events.joining(options.SSID, options.password ?? "");
      this.#inner.connect(options);
    }

    disconnect(): void {
      events.apart();
      this.#inner.disconnect();
    }

    scan(options: Parameters<WiFi["scan"]>[0]): void {
      this.#inner.scan(options);
    }

    configure(options: { hostname: string }): void {
      this.#inner.configure(options);
    }

    close(): void {
      this.#inner.close();
    }

    get connection(): number {
      return this.#inner.connection;
    }

    get address(): string | undefined {
      return this.#inner.address;
    }

    get MAC(): string | undefined {
      return this.#inner.MAC;
    }

    get RSSI(): number | undefined {
      return this.#inner.RSSI;
    }
  };
}
