/**
 * A socket through which no PUBACK goes but those asked for. MQTT.js confirms a message as soon as it was handed over, and hands over
 * the next one only then; a store needs both the other way round: many at once, and each confirmed when it is on disk. So
 * what MQTT.js writes passes packet by packet, its own PUBACKs are left out, and `acknowledge` writes them when it is time.
 */
import type { Socket } from "node:net";
import { Duplex } from "node:stream";

/** MQTT 3.1.1, 2.2.1. */
const puback = 4;

export class Gate extends Duplex {
  readonly #socket: Socket;
  #rest: Buffer = Buffer.alloc(0);

  constructor(socket: Socket) {
    super({ allowHalfOpen: false });
    this.#socket = socket;
    socket.on("data", (bytes) => {
      if (!this.push(bytes)) socket.pause();
    });
    socket.once("end", () => this.push(null));
    socket.once("close", () => this.destroy());
    socket.once("error", (error) => this.destroy(error));
  }

  /** Nothing happens when the connection is gone: the broker then sends the message again. */
  acknowledge(messageIds: readonly number[]): void {
    if (this.destroyed || this.#socket.destroyed || !this.#socket.writable) return;
    const bytes = Buffer.alloc(4 * messageIds.length);
    for (const [index, id] of messageIds.entries()) {
      bytes.writeUInt16BE((puback << 12) | 2, 4 * index);
      bytes.writeUInt16BE(id, 4 * index + 2);
    }
    this.#socket.write(bytes);
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(bytes: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    let end = 0;
    const passing: Buffer[] = [];
    for (let next = packetEnd(this.#rest, end); next !== undefined; next = packetEnd(this.#rest, end)) {
      if (this.#rest[end]! >> 4 !== puback) passing.push(this.#rest.subarray(end, next));
      end = next;
    }
    this.#rest = this.#rest.subarray(end);
    if (passing.length === 0) done();
    else if (this.#socket.destroyed) done(new Error("the connection is closed"));
    else this.#socket.write(Buffer.concat(passing), done);
  }

  override _final(done: () => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}

/** Where the packet that begins at `at` ends; undefined when not all of it is there. */
function packetEnd(bytes: Buffer, at: number): number | undefined {
  let length = 0;
  for (let index = 1; index <= 4; index++) {
    const byte = bytes[at + index];
    if (byte === undefined) return undefined;
    length += (byte & 127) * 128 ** (index - 1);
    if (byte < 128) return at + index + 1 + length <= bytes.length ? at + index + 1 + length : undefined;
  }
  throw new Error("MQTT.js wrote a packet whose length has more than four bytes");
}
