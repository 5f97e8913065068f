/**
 * The port's crypto on the SDK's crypt modules. Key agreement refuses points that are not on the curve
 * and compares tags in constant time, neither of which the SDK does. Multiplication on the curve is
 * not constant-time in the SDK: whoever can measure the board to the microsecond learns from it.
 */
import { BlockCipher, Digest } from "crypt";
import Curve from "curve";
import GCM from "gcm";
import HMAC from "hmac";
import type { Bytes, Crypto, KeyPair } from "../device.js";
import { isOnCurve, isPrivateScalar } from "./curve-point.js";

const tagBytes = 16;
const keyBytes = 32;
const pointBytes = 65;

export function makeCrypto(random: (into: Bytes) => void): Crypto {
  const curve = new Curve("secp256r1");

  return {
    sha256(bytes) {
      const digest = new Digest("SHA256");
      digest.write(whole(bytes));
      return new Uint8Array(digest.close());
    },

    hmacSha256(key, bytes) {
      const hmac = new HMAC(new Digest("SHA256"), whole(key));
      hmac.update(whole(bytes));
      return new Uint8Array(hmac.close());
    },

    seal(key, nonce, associated, plaintext) {
      const gcm = begin(key, nonce, associated);
      const sealed = new Uint8Array(plaintext.length + tagBytes);
      sealed.set(new Uint8Array(gcm.encrypt(whole(plaintext))));
      sealed.set(new Uint8Array(gcm.close()), plaintext.length);
      return sealed;
    },

    open(key, nonce, associated, sealed) {
      const length = sealed.length - tagBytes;
      if (length < 0) return undefined;
      const gcm = begin(key, nonce, associated);
      const plaintext = new Uint8Array(gcm.decrypt(whole(sealed.subarray(0, length))));
      const tag = new Uint8Array(gcm.close());
      let difference = 0;
      for (let index = 0; index < tagBytes; index++) difference |= tag[index]! ^ sealed[length + index]!;
      return difference === 0 ? plaintext : undefined;
    },

    generateKeyPair(): KeyPair {
      const privateKey = new Uint8Array(keyBytes);
      do random(privateKey);
      while (!isPrivateScalar(integer(privateKey)));
      return { privateKey, publicKey: new Uint8Array(curve.dh(whole(privateKey))) };
    },

    agree(privateKey, publicKey) {
      if (privateKey.length !== keyBytes || !isPrivateScalar(integer(privateKey))) return undefined;
      if (publicKey.length !== pointBytes || publicKey[0] !== 4) return undefined;
      if (!isOnCurve(integer(publicKey.subarray(1, 33)), integer(publicKey.subarray(33)))) return undefined;
      return new Uint8Array(curve.Z(curve.dh(whole(privateKey), whole(publicKey))));
    },
  };
}

function begin(key: Bytes, nonce: Bytes, associated: Bytes): GCM {
  const gcm = new GCM(new BlockCipher("AES", whole(key)));
  gcm.init(whole(nonce), whole(associated));
  return gcm;
}

/** The SDK takes whole buffers, not views. */
function whole(bytes: Bytes): ArrayBuffer {
  return bytes.slice().buffer;
}

function integer(bytes: Bytes): bigint {
  return BigInt.fromArrayBuffer(whole(bytes));
}
