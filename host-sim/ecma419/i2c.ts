/**
 * `embedded:io/i2c` (ECMA-419 10.6) in the SDK's full shape, over the plainer one that the firmware
 * uses. Not modelled: a repeated start. `stop` is taken and has no effect, `writeRead` is two transfers
 * (30 µs more than one), and the bus is never kept between transfers.
 */
import type { Bytes, I2C as DeviceI2C, I2COptions } from "../../firmware/device.js";
import { board } from "./board.js";

export type ByteBuffer = ArrayBuffer | ArrayBufferView<ArrayBuffer>;

/** The SDK requires a clock; where a driver and its app give none, standard mode does. */
const defaultHz = 100_000;

export function bytesOf(buffer: ByteBuffer): Bytes {
  if (ArrayBuffer.isView(buffer)) return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  if (buffer instanceof ArrayBuffer) return new Uint8Array(buffer);
  throw new TypeError("an I2C transfer takes a buffer: an ArrayBuffer or a view of one");
}

export default class I2C {
  /** The SDK's asynchronous I²C, which ends in callbacks. */
  static get Async(): never {
    throw new Error("the simulator has no asynchronous I2C (io.Async): take the driver's synchronous form");
  }

  #io: DeviceI2C | undefined;

  constructor(options: I2COptions) {
    const { data, clock, hz = defaultHz, address, port, timeout } = options;
    const bus: I2COptions = { data, clock, hz, address };
    if (port !== undefined) bus.port = port;
    if (timeout !== undefined) bus.timeout = timeout;
    this.#io = new (board().device.I2C)(bus);
  }

  /** So many bytes as an ArrayBuffer, or into a buffer, whose length it returns. */
  read(into: number, stop?: boolean): ArrayBuffer;
  read(into: ByteBuffer, stop?: boolean): number;
  read(into: number | ByteBuffer): ArrayBuffer | number;
  read(into: number | ByteBuffer): ArrayBuffer | number {
    if (typeof into !== "number") return this.#opened.read(bytesOf(into));
    const bytes = new Uint8Array(into);
    this.#opened.read(bytes);
    return bytes.buffer;
  }

  write(buffer: ByteBuffer, _stop?: boolean): void {
    this.#opened.write(bytesOf(buffer));
  }

  writeRead(buffer: ByteBuffer, into: number, stop?: boolean): ArrayBuffer;
  writeRead(buffer: ByteBuffer, into: ByteBuffer, stop?: boolean): number;
  writeRead(buffer: ByteBuffer, into: number | ByteBuffer): ArrayBuffer | number {
    this.write(buffer);
    return this.read(into);
  }

  close(): void {
    this.#io?.close();
    this.#io = undefined;
  }

  get format(): string {
    return "buffer";
  }

  set format(format: string) {
    if (format !== "buffer") throw new RangeError('an I2C has the format "buffer" alone');
  }

  get #opened(): DeviceI2C {
    if (this.#io === undefined) throw new Error("closed");
    return this.#io;
  }
}
