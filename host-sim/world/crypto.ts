/** Charges a board's thread for its cryptography; whose ciphers they are is the root's choice. */
import type { Crypto } from "../../firmware/device.js";
import { costs } from "./costs.js";
import type { Cpu } from "./cpu.js";

/** `make` is called when the ciphers are first used: most apps never do. */
export function chargedCrypto(make: () => Crypto, cpu: Cpu): Crypto {
  let made: Crypto | undefined;
  const ciphers = (): Crypto => (made ??= make());
  const hash = (bytes: Uint8Array): void => cpu.charge(costs.hashUs + bytes.length * costs.hashByteUs);
  const gcm = (bytes: Uint8Array): void => cpu.charge(costs.gcmUs + bytes.length * costs.gcmByteUs);
  return {
    sha256(bytes) {
      hash(bytes);
      return ciphers().sha256(bytes);
    },
    hmacSha256(key, bytes) {
      hash(bytes);
      return ciphers().hmacSha256(key, bytes);
    },
    seal(key, nonce, associated, plaintext) {
      gcm(plaintext);
      return ciphers().seal(key, nonce, associated, plaintext);
    },
    open(key, nonce, associated, sealed) {
      gcm(sealed);
      return ciphers().open(key, nonce, associated, sealed);
    },
    generateKeyPair() {
      cpu.charge(costs.keyAgreementUs);
      return ciphers().generateKeyPair();
    },
    agree(privateKey, publicKey) {
      cpu.charge(costs.keyAgreementUs);
      return ciphers().agree(privateKey, publicKey);
    },
  };
}
