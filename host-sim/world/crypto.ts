/** Charges a board's thread for its cryptography; whose ciphers they are is the root's choice. */
import type { Crypto } from "../../firmware/device.js";
import { costs } from "./costs.js";
import type { Cpu } from "./cpu.js";

export function chargedCrypto(crypto: Crypto, cpu: Cpu): Crypto {
  const hash = (bytes: Uint8Array): void => cpu.charge(costs.hashUs + bytes.length * costs.hashByteUs);
  const gcm = (bytes: Uint8Array): void => cpu.charge(costs.gcmUs + bytes.length * costs.gcmByteUs);
  return {
    sha256(bytes) {
      hash(bytes);
      return crypto.sha256(bytes);
    },
    hmacSha256(key, bytes) {
      hash(bytes);
      return crypto.hmacSha256(key, bytes);
    },
    seal(key, nonce, associated, plaintext) {
      gcm(plaintext);
      return crypto.seal(key, nonce, associated, plaintext);
    },
    open(key, nonce, associated, sealed) {
      gcm(sealed);
      return crypto.open(key, nonce, associated, sealed);
    },
    generateKeyPair() {
      cpu.charge(costs.keyAgreementUs);
      return crypto.generateKeyPair();
    },
    agree(privateKey, publicKey) {
      cpu.charge(costs.keyAgreementUs);
      return crypto.agree(privateKey, publicKey);
    },
  };
}
