// Modules of the Moddable SDK 8.2 that have no typings of its own, in the shape of their source. mcconfig reads this file too (manifest.json).

declare module "resetReason" {
  /** ESP-IDF's `esp_reset_reason()`. */
  export default function resetReason(): { reason: number; string: string };
}

declare module "curve" {
  export default class Curve {
    constructor(name: "secp256r1" | "secp384r1");
    /** Private scalar times point (or the generator): 0x04, x, y. **Does not check that the point is on the curve.** */
    dh(scalar: ArrayBuffer, point?: ArrayBuffer): ArrayBuffer;
    /** The x coordinate. */
    Z(point: ArrayBuffer): ArrayBuffer;
  }
}

declare module "crypt" {
  export class BlockCipher {
    constructor(cipher: "AES", key: ArrayBuffer);
  }
}

declare module "gcm" {
  import type { BlockCipher } from "crypt";
  export default class GCM {
    constructor(cipher: BlockCipher);
    init(nonce: ArrayBuffer, associated: ArrayBuffer): void;
    encrypt(plaintext: ArrayBuffer): ArrayBuffer;
    decrypt(ciphertext: ArrayBuffer): ArrayBuffer;
    /** The tag, 16 bytes. */
    close(): ArrayBuffer;
  }
}

declare module "hmac" {
  import type { Digest } from "crypt";
  export default class HMAC {
    constructor(digest: Digest, key: ArrayBuffer);
    update(bytes: ArrayBuffer): void;
    close(): ArrayBuffer;
  }
}
