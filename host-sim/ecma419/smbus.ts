/**
 * `embedded:io/smbus` (ECMA-419 10.7): registers over I²C. It has I2C's own methods as well, as the
 * SDK's has, so a driver for either is served by it.
 */
import I2C, { type ByteBuffer, bytesOf } from "./i2c.js";

export default class SMBus extends I2C {
  /** A register's number and a word: made once, since every transfer needs it. */
  readonly #bytes = new Uint8Array(3);
  readonly #one = this.#bytes.subarray(0, 1);
  readonly #two = this.#bytes.subarray(0, 2);

  readUint8(register: number): number {
    this.readBuffer(register, this.#one);
    return this.#one[0]!;
  }

  /** Low byte first unless `bigEndian`. */
  readUint16(register: number, bigEndian?: boolean): number {
    const word = this.#two;
    this.readBuffer(register, word);
    return bigEndian === true ? word[0]! * 256 + word[1]! : word[1]! * 256 + word[0]!;
  }

  /** Fills `into` from `register` on; returns its length. */
  readBuffer(register: number, into: ByteBuffer): number {
    this.#one[0] = register;
    return this.writeRead(this.#one, into);
  }

  writeUint8(register: number, byte: number): void {
    this.#bytes[0] = register;
    this.#bytes[1] = byte;
    this.write(this.#two);
  }

  writeUint16(register: number, word: number, bigEndian?: boolean): void {
    const bytes = this.#bytes;
    bytes[0] = register;
    bytes[1] = bigEndian === true ? word >> 8 : word;
    bytes[2] = bigEndian === true ? word : word >> 8;
    this.write(bytes);
  }

  writeBuffer(register: number, buffer: ByteBuffer): void {
    const given = bytesOf(buffer);
    const bytes = new Uint8Array(1 + given.length);
    bytes[0] = register;
    bytes.set(given, 1);
    this.write(bytes);
  }

  sendByte(command: number): void {
    this.#one[0] = command;
    this.write(this.#one);
  }

  receiveByte(): number {
    this.read(this.#one);
    return this.#one[0]!;
  }

  readQuick(): void {
    this.read(0);
  }

  writeQuick(): void {
    this.write(new ArrayBuffer(0));
  }
}
