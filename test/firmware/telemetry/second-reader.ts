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
  radix: bigint;
  low: bigint;
}

export function readHead(reader: Reader): Head {
  const byte = reader.byte();
  if (byte < 0xf0) return { radix: BigInt(byte >> 4) + 1n, low: BigInt(byte & 15) - 8n };
  refuseIf(byte > 0xf0, "head");
  const radix = reader.varint() + 1n;
  refuseIf(radix > 2n ** 30n, "radix");
  return { radix, low: reader.zigzag() };
}

/** Both columns of a section: they share one run of bits, which is here one number, its lowest bit the first. */
export function readPacked(reader: Reader, times: Head | undefined, n: number, values: Head | undefined, m: number): [bigint[], bigint[]] {
  const timeGroups = times === undefined ? [] : groupsOf(times.radix, n);
  const valueGroups = values === undefined ? [] : groupsOf(values.radix, m);
  const bits = [...timeGroups, ...valueGroups].reduce((sum, group) => sum + group.bits, 0);
  let run = reader.unsigned(Math.ceil(bits / 8));

  const unpack = (head: Head, groups: Group[]): bigint[] =>
    groups.flatMap((group) => {
      let number = run % 2n ** BigInt(group.bits);
      run /= 2n ** BigInt(group.bits);
      refuseIf(number >= head.radix ** BigInt(group.digits), "digits beyond the radix");
      const numbers: bigint[] = [];
      for (let i = 0; i < group.digits; i++) {
        numbers.unshift((number % head.radix) + head.low);
        number /= head.radix;
      }
      return numbers;
    });
  const unpacked: [bigint[], bigint[]] = [times ? unpack(times, timeGroups) : [], values ? unpack(values, valueGroups) : []];
  refuseIf(run !== 0n, "bits behind the last packed number");
  return unpacked;
}

interface Group {
  digits: number;
  bits: number;
}

function groupsOf(radix: bigint, m: number): Group[] {
  let most = 1;
  while (most < m && radix ** BigInt(most + 1) <= 2n ** 24n) most++;
  const groups: Group[] = [];
  for (let left = m; left > 0; left -= most) {
    const digits = Math.min(most, left);
    let bits = 0;
    while (2n ** BigInt(bits) < radix ** BigInt(digits)) bits++;
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
