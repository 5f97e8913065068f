// What the second decoder reads bytes with: numbers, packed numbers and the CRC as FORMAT.md has them under
// "Numbers", "Values and missing samples" and "Packed numbers". What is refused is thrown, and caught by the decoder.

export class Refusal extends Error {}

export function refuseIf(wrong: boolean, why: string): void {
  if (wrong) throw new Refusal(why);
}

export class Reader {
  constructor(
    private readonly bytes: Uint8Array,
    private readonly end: number,
    public at = 0,
  ) {}

  atEnd(): boolean {
    return this.at === this.end;
  }

  byte(): number {
    refuseIf(this.at >= this.end, "reads past the end");
    return this.bytes[this.at++] as number;
  }

  unsigned(size: number): bigint {
    let number = 0n;
    for (let i = 0; i < size; i++) number += BigInt(this.byte()) << BigInt(8 * i);
    return number;
  }

  varint(): bigint {
    let number = 0n;
    for (let i = 0; i < 8; i++) {
      const byte = this.byte();
      number += BigInt(byte & 127) << BigInt(7 * i);
      if (byte < 128) {
        refuseIf(number > 2n ** 53n - 1n, "a varint too great");
        return number;
      }
    }
    throw new Refusal("a varint too long");
  }

  zigzag(): bigint {
    const z = this.varint();
    return z % 2n === 0n ? z / 2n : -(z + 1n) / 2n;
  }

  text(): string {
    const length = this.byte();
    refuseIf(length > 63, "length of a text");
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from({ length }, () => this.byte()));
  }
}

export interface Head {
  radix: number;
  low: bigint;
}

export function readHead(reader: Reader): Head {
  const byte = reader.byte();
  if (byte < 0xf0) return { radix: (byte >> 4) + 1, low: BigInt(byte & 15) - 8n };
  refuseIf(byte > 0xf0, "head");
  const radix = Number(reader.varint()) + 1;
  refuseIf(radix > 2 ** 30, "radix");
  return { radix, low: reader.zigzag() };
}

/** Both columns of a section, with `n` and `m` packed numbers: they share one run of bits. */
export function readPacked(reader: Reader, times: Head | undefined, n: number, values: Head | undefined, m: number): [bigint[], bigint[]] {
  const timeGroups = times === undefined ? [] : groupsOf(times.radix, n);
  const valueGroups = values === undefined ? [] : groupsOf(values.radix, m);
  const size = [...timeGroups, ...valueGroups].reduce((sum, group) => sum + group.bits, 0);
  const run: number[] = [];
  while (run.length < size) {
    const byte = reader.byte();
    for (let bit = 0; bit < 8; bit++) run.push((byte >> bit) & 1);
  }
  refuseIf(run.slice(size).includes(1), "bits behind the last packed number");

  let at = 0;
  const unpack = (head: Head, groups: Group[]): bigint[] => {
    const numbers: bigint[] = [];
    for (const group of groups) {
      let number = 0;
      for (let bit = 0; bit < group.bits; bit++) number += (run[at++] as number) * 2 ** bit;
      refuseIf(number >= head.radix ** group.digits, "digits beyond the radix");
      for (let digit = group.digits - 1; digit >= 0; digit--) {
        const weight = head.radix ** digit;
        numbers.push(head.low + BigInt(Math.floor(number / weight)));
        number %= weight;
      }
    }
    return numbers;
  };
  return [times === undefined ? [] : unpack(times, timeGroups), values === undefined ? [] : unpack(values, valueGroups)];
}

export interface Group {
  digits: number;
  bits: number;
}

/** How `m` digits of a radix are grouped. Radix 1: they are all in one group, which has no bits. */
export function groupsOf(radix: number, m: number): Group[] {
  let k = 1;
  while (k < m && radix ** (k + 1) <= 2 ** 24) k++;
  const groups: Group[] = [];
  for (let left = m; left > 0; left -= k) {
    const digits = Math.min(k, left);
    let bits = 0;
    while (2 ** bits < radix ** digits) bits++;
    groups.push({ digits, bits });
  }
  return groups;
}

export function crc32(bytes: Uint8Array): number {
  let register = 0xffffffff;
  for (const byte of bytes) {
    register ^= byte;
    for (let bit = 0; bit < 8; bit++) register = (register & 1) === 1 ? (register >>> 1) ^ 0xedb88320 : register >>> 1;
  }
  return (register ^ 0xffffffff) >>> 0;
}
