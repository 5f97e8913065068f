/** The part of the device contract that is cryptography: published vectors, and what must be refused. */
import { createECDH } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Bytes } from "../../firmware/device.js";
import type { DeviceAdapter } from "./adapter.js";

const hex = (text: string): Bytes => new Uint8Array(Buffer.from(text, "hex"));
const ascii = (text: string): Bytes => new Uint8Array(Buffer.from(text, "latin1"));
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const none = new Uint8Array(0);

export function cryptoContract(adapt: () => DeviceAdapter): void {
  describe("crypto", () => {
    test("SHA-256 gives the digests of FIPS 180-4's examples", async () => {
      const { device, on } = adapt();
      const { sha256 } = device.crypto;
      const digests = await on(() =>
        [none, ascii("abc"), ascii("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")].map((text) => toHex(sha256(text))),
      );
      expect(digests).toEqual([
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
      ]);
    });

    test("HMAC-SHA-256 gives the codes of RFC 4231, cases 1, 2, 3, 4, 6 and 7", async () => {
      const { device, on } = adapt();
      const filled = (count: number, byte: number) => new Uint8Array(count).fill(byte);
      const cases: [Bytes, Bytes, string][] = [
        [filled(20, 0x0b), ascii("Hi There"), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"],
        [ascii("Jefe"), ascii("what do ya want for nothing?"), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"],
        [filled(20, 0xaa), filled(50, 0xdd), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"],
        [
          Uint8Array.from({ length: 25 }, (_, i) => i + 1),
          filled(50, 0xcd),
          "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
        ],
        [
          filled(131, 0xaa),
          ascii("Test Using Larger Than Block-Size Key - Hash Key First"),
          "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        ],
        [
          filled(131, 0xaa),
          ascii(
            "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.",
          ),
          "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
        ],
      ];
      for (const [key, text, code] of cases) expect(await on(() => toHex(device.crypto.hmacSha256(key, text)))).toBe(code);
    });

    // McGrew and Viega, "The Galois/Counter Mode of Operation (GCM)", appendix B: cases 2, 4 and 16.
    const gcm: [string, string, string, string, string, string][] = [
      [
        "AES-128, one block",
        "00".repeat(16),
        "00".repeat(12),
        "",
        "00".repeat(16),
        "0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf",
      ],
      [
        "AES-128, with associated data",
        "feffe9928665731c6d6a8f9467308308",
        "cafebabefacedbaddecaf888",
        "feedfacedeadbeeffeedfacedeadbeefabaddad2",
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
        "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47",
      ],
      [
        "AES-256, with associated data",
        "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
        "cafebabefacedbaddecaf888",
        "feedfacedeadbeeffeedfacedeadbeefabaddad2",
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b",
      ],
    ];
    test.each(gcm)("AES-GCM seals and opens the published vector: %s", async (_, key, nonce, associated, plaintext, sealed) => {
      const { device, on } = adapt();
      const { seal, open } = device.crypto;
      expect(await on(() => toHex(seal(hex(key), hex(nonce), hex(associated), hex(plaintext))))).toBe(sealed);
      expect(await on(() => toHex(open(hex(key), hex(nonce), hex(associated), hex(sealed))!))).toBe(plaintext);
    });

    test("AES-GCM opens nothing that was touched: any byte of what was sealed, the associated data, the nonce, the key, or its length", async () => {
      const { device, on } = adapt();
      const [, key, nonce, associated, , sealed] = gcm[1]!.map((text, index) => (index === 0 ? none : hex(text))) as [
        Bytes,
        Bytes,
        Bytes,
        Bytes,
        Bytes,
        Bytes,
      ];
      const flipped = (bytes: Bytes, at: number) => bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
      await on(() => {
        const { open } = device.crypto;
        for (let at = 0; at < sealed.length; at++) expect(open(key, nonce, associated, flipped(sealed, at))).toBeUndefined();
        for (const bad of [flipped(associated, 0), none]) expect(open(key, nonce, bad, sealed)).toBeUndefined();
        expect(open(key, flipped(nonce, 11), associated, sealed)).toBeUndefined();
        expect(open(flipped(key, 0), nonce, associated, sealed)).toBeUndefined();
        for (const length of [0, 1, 15, 16, sealed.length - 1])
          expect(open(key, nonce, associated, sealed.slice(0, length))).toBeUndefined();
      });
    });

    test("AES-GCM seals nothing into a tag alone, and views of larger buffers as their own bytes", async () => {
      const { device, on } = adapt();
      const { seal, open } = device.crypto;
      const around = hex("ff".repeat(4) + "00".repeat(16) + "ff".repeat(4));
      const key = around.subarray(4, 20);
      const sealed = await on(() => seal(key, new Uint8Array(12), none, none));
      expect(toHex(sealed)).toBe("58e2fccefa7e3061367f1d57a4e7455a");
      expect(await on(() => open(key, new Uint8Array(12), none, sealed))).toEqual(none);
    });

    test("P-256 agrees on the shared secret of NIST's CAVS vector 0", async () => {
      const { device, on } = adapt();
      const shared = await on(() =>
        device.crypto.agree(
          hex("7d7dc5f71eb29ddaf80d6214632eeae03d9058af1fb6d22ed80badb62bc1a534"),
          hex(
            "04700c48f77f56584c5cc632ca65640db91b6bacce3a4df6b42ce7cc838833d287db71e509e3fd9b060ddb20ba5c51dcc5948d46fbf640dfe0441782cab85fa4ac",
          ),
        ),
      );
      expect(toHex(shared!)).toBe("46fc62106420ff012e54a434fbdd2d25ccc5852060561e68040dd7778997bd7b");
    });

    test("P-256 pairs are fresh, well formed, and agree both ways, also with another implementation", async () => {
      const { device, on } = adapt();
      const { generateKeyPair, agree } = device.crypto;
      const [one, two] = await on(() => [generateKeyPair(), generateKeyPair()] as const);
      expect([one.privateKey.length, one.publicKey.length, one.publicKey[0]]).toEqual([32, 65, 4]);
      expect(toHex(one.privateKey)).not.toBe(toHex(two.privateKey));
      const shared = await on(() => agree(one.privateKey, two.publicKey));
      expect(shared).toHaveLength(32);
      expect(await on(() => agree(two.privateKey, one.publicKey))).toEqual(shared);
      const other = createECDH("prime256v1");
      const otherPublic = new Uint8Array(other.generateKeys());
      expect(await on(() => toHex(agree(one.privateKey, otherPublic)!))).toBe(other.computeSecret(one.publicKey).toString("hex"));
    });

    test("P-256 refuses what is no point on the curve, in the one form that there is, and keys that are none", async () => {
      const { device, on } = adapt();
      await on(() => {
        const { generateKeyPair, agree } = device.crypto;
        const { privateKey, publicKey } = generateKeyPair();
        const changed = (at: number, byte: number) => publicKey.map((before, index) => (index === at ? byte : before));
        const compressed = Uint8Array.of(2 + (publicKey[64]! & 1), ...publicKey.subarray(1, 33));
        const bad: Bytes[] = [
          changed(64, publicKey[64]! ^ 1),
          changed(1, publicKey[1]! ^ 1),
          changed(0, 6 + (publicKey[64]! & 1)),
          compressed,
          none,
          Uint8Array.of(0),
          new Uint8Array(65),
          hex("04" + "00".repeat(64)),
          hex("04" + "ff".repeat(64)),
          publicKey.slice(0, 64),
          Uint8Array.of(...publicKey, 0),
        ];
        for (const point of bad) expect(agree(privateKey, point)).toBeUndefined();
        const order = hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
        for (const key of [new Uint8Array(32), order, new Uint8Array(32).fill(255)]) expect(agree(key, publicKey)).toBeUndefined();
        expect(agree(privateKey, publicKey)).toHaveLength(32);
      });
    });
  });
}
