/**
 * What a board sends while nobody is connected, as bytes: fields of a length, an AD type and data (Bluetooth Core
 * Supplement 11, part A). Numeric types come first, in their order: the SDK goes through an object's properties.
 */
import type { Advertisement } from "../../firmware/device.js";

export const advertisementMaxBytes = 31;

/** Of the Assigned Numbers, 2.3. A list of services is always said to be incomplete. */
const flagsType = 0x01;
const nameType = 0x09;
const serviceTypes = [
  [2, 0x03],
  [4, 0x05],
  [16, 0x07],
] as const;

/** Throws where a property is none that it knows, a service is no UUID, or it takes more than 31 bytes. */
export function advertisementBytes(of: Advertisement): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  function field(type: number, data: ArrayLike<number>): void {
    bytes.push(data.length + 1, type);
    for (let index = 0; index < data.length; index++) bytes.push(data[index]! & 0xff);
    if (bytes.length > advertisementMaxBytes) throw new RangeError(`an advertisement has at most ${advertisementMaxBytes} bytes`);
  }
  for (const property in of) {
    const type = Number(property);
    if (property === "name") field(nameType, new TextEncoder().encode(of.name));
    else if (property === "flags") field(flagsType, [of.flags!]);
    else if (property === "services") {
      const services = of.services!.map(reversedUuid);
      for (const [length, listType] of serviceTypes) {
        const alike = services.filter((uuid) => uuid.length === length);
        if (alike.length > 0) field(listType, alike.flat());
      }
    } else if (String(type) === property && Number.isInteger(type) && type > 0 && type <= 255) field(type, of[type]!);
    else throw new Error(`unrecognized ${property}`);
  }
  return Uint8Array.from(bytes);
}

/** Its bytes, the last one first. */
function reversedUuid(uuid: string): number[] {
  const digits = uuid.replaceAll("-", "");
  if (!/^([0-9a-fA-F]{4}|[0-9a-fA-F]{8}|[0-9a-fA-F]{32})$/.test(digits)) throw new Error("invalid UUID");
  const bytes: number[] = [];
  for (let at = digits.length - 2; at >= 0; at -= 2) bytes.push(Number.parseInt(digits.slice(at, at + 2), 16));
  return bytes;
}
