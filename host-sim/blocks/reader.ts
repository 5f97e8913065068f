/** Reads a block's bytes from front to back. What cannot be read is thrown as a `Refusal`, which the decoder turns into an error value. */

/** Why bytes are no block, and at which of them. No Error: hostile input shall not cost a stack trace. */
export class Refusal {
  readonly at: number;
  readonly what: string;

  constructor(at: number, what: string) {
    this.at = at;
    this.what = what;
  }
}

const groupMax = 2 ** 24;

export class BlockReader {
  readonly bytes: Uint8Array;
  at: number;
  end: number;
  #pending = 0;
  #fill = 0;

  constructor(bytes: Uint8Array, at: number, end: number) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  refuse(what: string, at = this.at): never {
    throw new Refusal(at, what);
  }

  byte(what: string): number {
    if (this.at >= this.end) this.refuse(`the block ends where ${what} must be`);
    return this.bytes[this.at++]!;
  }

  /** `count` bytes, the lowest first. */
  uint(count: number, what: string): number {
    let x = 0;
    for (let i = 0, weight = 1; i < count; i++, weight *= 256) x += this.byte(what) * weight;
    return x;
  }

  varint(what: string, most = Number.MAX_SAFE_INTEGER): number {
    const start = this.at;
    let x = 0;
    let weight = 1;
    for (let count = 0; count < 8; count++) {
      const byte = this.byte(what);
      x += (byte & 0x7f) * weight;
      weight *= 128;
      if (byte < 128) {
        if (x > most) this.refuse(`${what} is ${x}, more than ${most}`, start);
        return x;
      }
    }
    return this.refuse(`${what} has more than 8 bytes`, start);
  }

  zigzag(what: string): number {
    const z = this.varint(what);
    return z % 2 === 0 ? z / 2 : -(z + 1) / 2;
  }

  slice(count: number, what: string): Uint8Array {
    if (count > this.end - this.at) this.refuse(`the block ends inside of ${what}`);
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  /** `count` digits of `radix`, each plus `low`. */
  packed(count: number, low: number, radix: number, what: string): number[] {
    const numbers: number[] = [];
    let size = 1;
    let combinations = radix;
    while (radix > 1 && combinations * radix <= groupMax) {
      combinations *= radix;
      size++;
    }
    while (numbers.length < count) {
      if (radix === 1) {
        numbers.push(low);
        continue;
      }
      const digits = Math.min(size, count - numbers.length);
      if (digits < size) combinations = radix ** digits;
      let number = this.#bits(32 - Math.clz32(combinations - 1), what);
      if (number >= combinations) this.refuse(`${what}: ${digits} digits of radix ${radix} cannot make ${number}`);
      const first = numbers.length;
      for (let i = digits - 1; i >= 0; i--) {
        numbers[first + i] = low + (number % radix);
        number = Math.floor(number / radix);
      }
    }
    return numbers;
  }

  endPacked(): void {
    if (this.#pending !== 0) this.refuse("the bits that are left over are not 0", this.at - 1);
    this.#fill = 0;
  }

  #bits(count: number, what: string): number {
    while (this.#fill < count) {
      this.#pending += this.byte(what) * 2 ** this.#fill;
      this.#fill += 8;
    }
    const weight = 2 ** count;
    const number = this.#pending % weight;
    this.#pending = (this.#pending - number) / weight;
    this.#fill -= count;
    return number;
  }
}
