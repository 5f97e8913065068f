/**
 * How long it takes until a central that has connected knows what a board has, in round trips. A request goes at one
 * connection event and its answer at the next, so that each takes two.
 */
import { properties, type Service } from "./ble-attributes.js";
import { isShortUuid } from "./ble-uuid.js";

/** Of the link layer: features and version, then data length (Bluetooth Core 5.4, vol 6, part B, 5.1). */
export const featureRounds = 2;
/** LL_ENC_REQ, and the three that start encryption (5.1.3). */
export const encryptionRounds = 2;

/** GAP's own service, which every server has. */
const gap: Service = { uuid: "00001800-0000-1000-8000-00805f9b34fb", characteristics: [] };
/** Its name and its appearance. */
const gapCharacteristics = ["00002a00-0000-1000-8000-00805f9b34fb", "00002a01-0000-1000-8000-00805f9b34fb"];

/**
 * All services (Read By Group Type), of each its characteristics (Read By Type), of those that notify their descriptor
 * (Find Information); an answer has entries of one length only, and a list ends with an error (vol 3, part G, 4.4 to 4.7).
 */
export function discoveryRounds(services: readonly Service[], mtu: number): number {
  const all = [gap, ...services];
  let rounds = answers(
    all.map(({ uuid }) => uuid),
    6,
    20,
    mtu,
  );
  for (const { uuid, characteristics } of all) {
    const uuids = uuid === gap.uuid ? gapCharacteristics : characteristics.map((each) => each.uuid);
    rounds += answers(uuids, 7, 21, mtu);
    for (const characteristic of characteristics) if (characteristic.has(properties.notify)) rounds++;
  }
  return rounds;
}

/** Answers for a list, and the error at its end. `shortBytes` and `longBytes`: of an entry. */
function answers(uuids: readonly string[], shortBytes: number, longBytes: number, mtu: number): number {
  let rounds = 1;
  let room = 0;
  let before = 0;
  for (const uuid of uuids) {
    const bytes = isShortUuid(uuid) ? shortBytes : longBytes;
    if (bytes !== before || room < bytes) {
      rounds++;
      room = mtu - 2;
    }
    room -= bytes;
    before = bytes;
  }
  return rounds;
}
