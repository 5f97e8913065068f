/** Names of Bluetooth services and characteristics: in 16, 32 or 128 bits, of which the short ones stand for a long one. */

const base = "-0000-1000-8000-00805f9b34fb";

/** The whole of it, in small letters (Bluetooth Core 5.4, vol 3, part B, 2.5.1). Throws where it is none. */
export function fullUuid(uuid: string): string {
  const small = uuid.toLowerCase().replace(/^0x/, "");
  if (/^[0-9a-f]{4}$/.test(small)) return "0000" + small + base;
  if (/^[0-9a-f]{8}$/.test(small)) return small + base;
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(small)) return small;
  throw new RangeError(`bad uuid "${uuid}"`);
}

/** It fits into 16 bits, in lists that a server gives of what it has. */
export function isShortUuid(uuid: string): boolean {
  return uuid.startsWith("0000") && uuid.endsWith(base);
}
