/** A pairing code while it is typed. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { typedCode } from "../../../host-sim/configurator/typed-code.js";
import { pairingCode, qrPayload } from "../../../host-sim/pairing/code.js";

const secrets = fc.uint8Array({ minLength: 15, maxLength: 15 });

test("every beginning of a code is free of mistakes, in groups, and the whole is the secret", () => {
  fc.assert(
    fc.property(secrets, (secret) => {
      const code = pairingCode(secret);
      for (let length = 0; length < code.length; length++) {
        const typed = typedCode(code.slice(0, length).toLowerCase().replaceAll("-", " "));
        expect(typed.mistake).toBe(undefined);
        expect(typed.code).toBe(undefined);
        expect(code.startsWith(typed.text)).toBe(true);
      }
      expect(typedCode(code).code?.secret).toEqual(new Uint8Array(secret));
      expect(typedCode(qrPayload("0123456789ab", secret))).toMatchObject({ text: code, code: { id: "0123456789ab" } });
    }),
    { numRuns: 50, seed: 6 },
  );
});

test("a character that no code has is found in its group before the code is complete", () => {
  expect(typedCode("7Q2M-9XU")).toMatchObject({ group: 1, mistake: expect.stringMatching(/“U” in group 2/) });
  expect(typedCode("7Q2M-9X!K")).toMatchObject({ group: 1 });
  expect(typedCode("oil0")).toMatchObject({ mistake: undefined });
});

test("one wrong character of a whole code is a mistake", () => {
  const code = pairingCode(new Uint8Array(15).fill(200));
  for (let at = 0; at < code.length; at++) {
    if (code[at] === "-") continue;
    const typed = typedCode(code.slice(0, at) + (code[at] === "7" ? "8" : "7") + code.slice(at + 1));
    expect(typed.code, `character ${at}`).toBe(undefined);
    expect(typed.mistake).toMatch(/slip/);
  }
});
