/** Cuts a stream of bytes into MQTT packets (MQTT 3.1.1, 2.2), in whatever pieces they come. */

/** The longest packet that is put together, bytes: far beyond what a board sends or takes. */
const packetBytesMax = 1 << 20;

export class MqttFrames {
  readonly #onPacket: (packet: Uint8Array, bodyAt: number) => void;
  readonly #onBroken: () => void;
  /** The beginning of a packet that has not come whole. */
  #kept: Uint8Array | undefined;
  #broken = false;

  /** `onPacket` gets views that are good until it returns. `onBroken` is called once, when what comes cannot be MQTT. */
  constructor(onPacket: (packet: Uint8Array, bodyAt: number) => void, onBroken: () => void = () => {}) {
    this.#onPacket = onPacket;
    this.#onBroken = onBroken;
  }

  push(piece: Uint8Array): void {
    if (this.#broken) return;
    const bytes = this.#kept === undefined ? piece : joined(this.#kept, piece);
    this.#kept = undefined;
    let at = 0;
    while (at < bytes.length) {
      let length = 0;
      let bodyAt = at + 1;
      let shift = 0;
      let whole = false;
      while (bodyAt < bytes.length) {
        const byte = bytes[bodyAt++]!;
        length += (byte & 127) << shift;
        shift += 7;
        if (byte < 128) {
          whole = true;
          break;
        }
        if (shift > 21) return this.#break();
      }
      if (length > packetBytesMax) return this.#break();
      if (!whole || bodyAt + length > bytes.length) {
        this.#kept = bytes.slice(at);
        return;
      }
      const end = bodyAt + length;
      // Most often it is all there is: a view of its own costs more than the rest.
      this.#onPacket(at === 0 && end === bytes.length ? bytes : bytes.subarray(at, end), bodyAt - at);
      if (this.#broken) return;
      at = end;
    }
  }

  /** Nothing more is cut. */
  stop(): void {
    this.#broken = true;
    this.#kept = undefined;
  }

  #break(): void {
    this.stop();
    this.#onBroken();
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
