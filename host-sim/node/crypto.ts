/** The Device's crypto on OpenSSL, through `node:crypto`. Private keys come from the caller's random bytes, so a seeded world stays reproducible. */
import { createCipheriv, createDecipheriv, createECDH, createHash, createHmac } from "node:crypto";
import type { Bytes, Crypto } from "../../firmware/device.js";

const tagBytes = 16;
/** SEC 1, 2.3.3, uncompressed: the only form of the port's. */
const pointBytes = 65;
const uncompressed = 4;

export function nodeCrypto(fill: (into: Uint8Array) => void): Crypto {
  return {
    sha256: (bytes) => own(createHash("sha256").update(bytes).digest()),
    hmacSha256: (key, bytes) => own(createHmac("sha256", key).update(bytes).digest()),
    seal(key, nonce, associated, plaintext) {
      const cipher = createCipheriv(key.length === 16 ? "aes-128-gcm" : "aes-256-gcm", key, nonce).setAAD(associated);
      return own(Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]));
    },
    open(key, nonce, associated, sealed) {
      if (sealed.length < tagBytes) return undefined;
      const at = sealed.length - tagBytes;
      const cipher = createDecipheriv(key.length === 16 ? "aes-128-gcm" : "aes-256-gcm", key, nonce, { authTagLength: tagBytes });
      cipher.setAAD(associated).setAuthTag(sealed.subarray(at));
      try {
        return own(Buffer.concat([cipher.update(sealed.subarray(0, at)), cipher.final()]));
      } catch {
        return undefined;
      }
    },
    generateKeyPair() {
      const ecdh = createECDH("prime256v1");
      for (;;) {
        const privateKey = new Uint8Array(32);
        fill(privateKey);
        try {
          // Throws for a scalar outside 1 … n − 1: one draw in 2^32.
          ecdh.setPrivateKey(privateKey);
        } catch {
          continue;
        }
        return { privateKey, publicKey: own(ecdh.getPublicKey()) };
      }
    },
    agree(privateKey, publicKey) {
      if (publicKey.length !== pointBytes || publicKey[0] !== uncompressed) return undefined;
      const ecdh = createECDH("prime256v1");
      try {
        ecdh.setPrivateKey(privateKey);
        return own(ecdh.computeSecret(publicKey));
      } catch {
        return undefined;
      }
    },
  };
}

/** A copy that owns its whole buffer: Node's small Buffers share a pool. */
function own(buffer: Buffer): Bytes {
  return new Uint8Array(buffer);
}
