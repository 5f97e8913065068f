/** Pairing codes as people type them, and what they are told when one is wrong. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pairingCode, qrPayload, readCode, readPairing, secretImage } from "../../../host-sim/pairing/code.js";
import { crc32 } from "../../../firmware/base/crc32.js";
import { hex, secret } from "./rig.js";

const runs = { seed: 6, numRuns: 300 };
const secrets = fc.uint8Array({ minLength: 15, maxLength: 15 });

/** As somebody might type it. */
const sloppy = (code: string, choices: readonly number[]): string =>
  [...code]
    .map((character, index) => {
      const choice = choices[index % choices.length]!;
      if (character === "-") return ["-", "", " ", "–", " - "][choice % 5]!;
      const alike = ({ "0": ["0", "O", "o"], "1": ["1", "I", "i", "L", "l"] } as Record<string, string[]>)[character];
      return alike?.[choice % alike.length] ?? (choice % 2 === 0 ? character : character.toLowerCase());
    })
    .join("");

test("every secret comes back from its code, however it is typed, and from its QR code", () => {
  fc.assert(
    fc.property(secrets, fc.array(fc.nat(60), { minLength: 7, maxLength: 34 }), (bytes, choices) => {
      const code = pairingCode(bytes);
      expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/);
      for (const text of [code, sloppy(code, choices), ` ${code}\n`]) {
        const read = readPairing(text);
        expect(read.ok && hex(read.value.secret)).toBe(hex(bytes));
      }
      const payload = qrPayload("246f280abcde", bytes);
      expect(payload).toMatch(/^MOTE:[0-9A-F]{12}:[0-9A-Z]{28}$/);
      expect(readPairing(payload)).toMatchObject({ ok: true, value: { id: "246f280abcde" } });
    }),
    runs,
  );
});

test("any one character mistyped, and any two neighbours swapped, are noticed", () => {
  fc.assert(
    fc.property(secrets, fc.nat(27), fc.nat(30), (bytes, place, other) => {
      const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
      const code = pairingCode(bytes).replaceAll("-", "");
      const rest = digits.replace(code[place]!, "");
      expect(readCode(code.slice(0, place) + rest[other]! + code.slice(place + 1)).ok).toBe(false);
      const [one, two] = [code[place]!, code[place + 1]];
      if (two === undefined || one === two) return;
      expect(readCode(code.slice(0, place) + two + one + code.slice(place + 2)).ok).toBe(false);
    }),
    runs,
  );
});

describe("a code that is wrong is told what is wrong:", () => {
  const code = pairingCode(secret);
  test.each([
    ["nothing", "", /empty/],
    ["too short", code.slice(0, -3), /has 28 characters; these are 25, 3 too few/],
    ["too long", code + "7", /29, 1 too many/],
    ["a letter that is none", code.replace("0CA2", "0CU2"), /“U”, character 3 /],
    ["a sign", code.replace("0CA2", "0C§2"), /“§”, character 3 /],
    ["a slip", code.replace("0CA2", "0CB2"), /do not fit together/],
    ["a QR code without its board", `MOTE:${code}`, /not whole/],
    ["64 KB", "7".repeat(65_536), /65536, 65508 too many/],
  ])("%s", (_, text, message) => {
    const read = readPairing(text);
    expect(read).toMatchObject({ ok: false, error: { kind: "code" } });
    expect(!read.ok && read.error.message).toMatch(message);
    expect(!read.ok && read.error.message.length).toBeLessThan(200);
  });
});

test("the partition's bytes are the mark, the secret, a zero and the CRC-32 of these", () => {
  const image = secretImage(secret);
  expect(hex(image.subarray(0, 20))).toBe(`4d545331${hex(secret)}00`);
  expect(new DataView(image.buffer).getUint32(20, true)).toBe(crc32(image, 0, 20));
  expect(image).toHaveLength(24);
});
