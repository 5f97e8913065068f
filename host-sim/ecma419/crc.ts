/**
 * The SDK's `crc` module, in JavaScript: CRCs of 8 and 16 bits by polynomial, with the register carried
 * on from one `checksum` to the next until `reset`. The terms are those of R. Williams, "A Painless Guide
 * to CRC Error Detection Algorithms" (1993). Bit by bit: a table would take RAM of the board.
 */
type Buffer = ArrayBuffer | ArrayBufferView;

function bytesOf(buffer: Buffer): Uint8Array {
  return ArrayBuffer.isView(buffer) ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength) : new Uint8Array(buffer);
}

/** The low `bits` of `value` in reverse order. */
function reflected(value: number, bits: number): number {
  let reversed = 0;
  for (let bit = 0; bit < bits; bit++) if ((value & (1 << bit)) !== 0) reversed |= 1 << (bits - 1 - bit);
  return reversed;
}

class Crc {
  readonly #bits: number;
  readonly #polynomial: number;
  readonly #initial: number;
  readonly #reflectInput: boolean;
  readonly #reflectOutput: boolean;
  readonly #xorOutput: number;
  #register: number;

  constructor(bits: number, polynomial: number, initial = 0, reflectInput = false, reflectOutput = false, xorOutput = 0) {
    const mask = (1 << bits) - 1;
    this.#bits = bits;
    this.#polynomial = polynomial & mask;
    this.#initial = initial & mask;
    this.#reflectInput = reflectInput;
    this.#reflectOutput = reflectOutput;
    this.#xorOutput = xorOutput & mask;
    this.#register = this.#initial;
  }

  /** Of these bytes and all before them since `reset`. */
  checksum(...buffers: Buffer[]): number {
    const bits = this.#bits;
    const top = 1 << (bits - 1);
    const mask = (1 << bits) - 1;
    let register = this.#register;
    for (const buffer of buffers) {
      for (const byte of bytesOf(buffer)) {
        register ^= (this.#reflectInput ? reflected(byte, 8) : byte) << (bits - 8);
        for (let bit = 0; bit < 8; bit++) register = ((register & top) !== 0 ? (register << 1) ^ this.#polynomial : register << 1) & mask;
      }
    }
    this.#register = register;
    return (this.#reflectOutput ? reflected(register, bits) : register) ^ this.#xorOutput;
  }

  reset(): this {
    this.#register = this.#initial;
    return this;
  }

  close(): void {}
}

export class CRC8 extends Crc {
  constructor(polynomial: number, initial?: number, reflectInput?: boolean, reflectOutput?: boolean, xorOutput?: number) {
    super(8, polynomial, initial, reflectInput, reflectOutput, xorOutput);
  }
}

export class CRC16 extends Crc {
  constructor(polynomial: number, initial?: number, reflectInput?: boolean, reflectOutput?: boolean, xorOutput?: number) {
    super(16, polynomial, initial, reflectInput, reflectOutput, xorOutput);
  }
}

export default CRC8;
