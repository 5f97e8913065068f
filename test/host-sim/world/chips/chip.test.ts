import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ChipFaults, strikes } from "../../../../host-sim/world/chips/chip.js";

const transfersUs = Array.from({ length: 4000 }, (_, index) => index * 137);

describe("transfers that are not acknowledged", () => {
  test("are as many as the chance says, always the same for a seed, and others for another", () => {
    const refused = (share: number, seed: number): number[] => {
      const faults = new ChipFaults();
      faults.refuse({ share, seed });
      return transfersUs.filter((nowUs) => !faults.answers(nowUs));
    };
    expect(refused(0, 1)).toEqual([]);
    expect(refused(1, 1)).toEqual(transfersUs);
    expect(refused(0.2, 1).length / transfersUs.length).toBeCloseTo(0.2, 1);
    expect(refused(0.2, 1)).toEqual(refused(0.2, 1));
    expect(refused(0.2, 1)).not.toEqual(refused(0.2, 2));
  });

  test("of two faults are those of either", () => {
    const [one, two] = [
      { share: 0.3, seed: 1 },
      { share: 0.3, seed: 2 },
    ];
    const faults = new ChipFaults();
    faults.refuse(one);
    faults.refuse(two);
    for (const nowUs of transfersUs) expect(faults.answers(nowUs)).toBe(!strikes(one, nowUs) && !strikes(two, nowUs));
  });
});

describe("a flipped bit", () => {
  test("is exactly one of a read, any of them, in as many reads as the chance says", () => {
    const faults = new ChipFaults();
    faults.flip({ share: 0.5, seed: 3 });
    const seen = new Array<number>(48).fill(0);
    let damaged = 0;
    for (const nowUs of transfersUs) {
      const into = new Uint8Array(6);
      faults.corrupt(into, nowUs);
      const bits = [...into].flatMap((byte, at) => [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => (byte >> bit) & 1).map((bit) => 8 * at + bit));
      expect(bits.length).toBeLessThanOrEqual(1);
      damaged += bits.length;
      for (const bit of bits) seen[bit]!++;
    }
    expect(damaged / transfersUs.length).toBeCloseTo(0.5, 1);
    expect(Math.min(...seen)).toBeGreaterThan(10);
  });

  test("needs a byte to be in", () => {
    const faults = new ChipFaults();
    faults.flip({ share: 1, seed: 3 });
    expect(() => faults.corrupt(new Uint8Array(0), 0)).not.toThrow();
  });
});

test("by hand and by faults, a chip is frozen or gone as long as anybody says so", () => {
  const faults = new ChipFaults();
  const melt = faults.freeze();
  faults.frozen = true;
  melt();
  expect(faults.frozen).toBe(true);
  faults.frozen = false;
  expect(faults.frozen).toBe(false);
  const putBack = faults.takeOff();
  faults.absent = true;
  putBack();
  expect(faults.answers(0)).toBe(false);
  faults.absent = false;
  expect(faults.answers(0)).toBe(true);
});

test("whatever overlaps and is taken back in whatever order, the chip is whole in the end and broken until then", () => {
  const fault = fc.constantFrom("freeze" as const, "takeOff" as const, "refuse" as const, "flip" as const);
  fc.assert(
    fc.property(fc.array(fc.tuple(fault, fc.nat()), { minLength: 1, maxLength: 12 }), (begun) => {
      const faults = new ChipFaults();
      const damages = (): boolean => {
        const into = new Uint8Array(4);
        faults.corrupt(into, 5);
        return into.some((byte) => byte !== 0);
      };
      const state = (): boolean[] => [faults.frozen, !faults.answers(5), damages()];
      const running: { kind: string; heal: () => void }[] = [];
      for (const [index, [kind, at]] of begun.entries()) {
        const heal = kind === "refuse" || kind === "flip" ? faults[kind]({ share: 1, seed: index }) : faults[kind]();
        running.splice(at % (running.length + 1), 0, { kind, heal });
      }
      while (running.length > 0) {
        const kinds = new Set(running.map(({ kind }) => kind));
        expect(state().slice(0, 2)).toEqual([kinds.has("freeze"), kinds.has("takeOff") || kinds.has("refuse")]);
        running.pop()!.heal();
      }
      expect(state()).toEqual([false, false, false]);
    }),
    { seed: 1 },
  );
});
