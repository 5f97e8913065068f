/**
 * LE Secure Connections without anything to compare ("Just Works": the board has neither keys nor a display), as messages
 * on a connection: features, public keys, confirmation, random numbers, check, encryption, and the keys that a bond keeps
 * (Bluetooth Core 5.4, vol 3, part H, 2.4 and appendix C.2.2). Pairing as before Bluetooth 4.2 is switched off.
 */
import type { BleLink } from "./ble-link.js";
import type { Peripheral } from "./ble-peripheral.js";
import type { SimulatedGATTServer } from "./ble-server.js";
import { costs } from "./costs.js";

export interface PairingGround {
  readonly link: BleLink;
  readonly board: Peripheral;
  readonly server: SimulatedGATTServer;
  /** Both keep the key. */
  readonly bond: () => void;
}

/** Bytes each way of one exchange, and the scalar multiplications that the board does within. */
const exchanges = [
  [7, 7, 0],
  [65, 65, 1],
  [17, 17, 1],
  [17, 17, 0],
  [23, 23, 0],
  [22, 22, 0],
] as const;
/** The identity of a bond: address and key. */
const keysBytes = [25, 25, 0] as const;

/** `done`: false where the board does not pair. Not called when the connection is lost. */
export function pair({ link, board, server, bond }: PairingGround, done: (paired: boolean) => void): void {
  const { security, cpu, trace } = server;
  if (security === undefined) {
    // "Pairing not supported".
    link.toBoard(7, () => link.toCentral(2, link.nowUs, () => done(false)));
    return;
  }
  const all = security.bond === true ? [...exchanges, keysBytes] : exchanges;
  const step = (index: number): void => {
    const exchange = all[index];
    if (exchange === undefined) {
      board.encrypted = true;
      if (security.bond === true) bond();
      trace.record(link.nowUs, "ble.paired", `"bonded":${security.bond === true}`);
      return done(true);
    }
    const [out, back, multiplications] = exchange;
    link.toBoard(out, () => {
      const answer = (): void => link.toCentral(back, link.nowUs, () => step(index + 1));
      if (multiplications === 0) return answer();
      // On one core it is the thread's time too.
      cpu.post(() => {
        cpu.charge(multiplications * costs.keyAgreementUs);
        link.toCentral(back, cpu.nowUs, () => step(index + 1));
      });
    });
  };
  step(0);
}
