/** Charges a board's thread for its cryptography; whose ciphers they are is the root's choice. */
import type { Bytes, Crypto } from "../../firmware/device.js";
import { costs } from "./costs.js";
import type { Cpu } from "./cpu.js";

class ChargedCrypto implements Crypto {
  readonly #make: () => Crypto;
  readonly #cpu: Cpu;
  #made: Crypto | undefined;

  constructor(make: () => Crypto, cpu: Cpu) {
    this.#make = make;
    this.#cpu = cpu;
  }

  sha256(bytes: Bytes): Bytes {
    this.#hash(bytes);
    return this.#ciphers.sha256(bytes);
  }

  hmacSha256(key: Bytes, bytes: Bytes): Bytes {
    this.#hash(bytes);
    return this.#ciphers.hmacSha256(key, bytes);
  }

  seal(key: Bytes, nonce: Bytes, associated: Bytes, plaintext: Bytes): Bytes {
    this.#gcm(plaintext);
    return this.#ciphers.seal(key, nonce, associated, plaintext);
  }

  open(key: Bytes, nonce: Bytes, associated: Bytes, sealed: Bytes): Bytes | undefined {
    this.#gcm(sealed);
    return this.#ciphers.open(key, nonce, associated, sealed);
  }

  generateKeyPair(): ReturnType<Crypto["generateKeyPair"]> {
    this.#cpu.charge(costs.keyAgreementUs);
    return this.#ciphers.generateKeyPair();
  }

  agree(privateKey: Bytes, publicKey: Bytes): Bytes | undefined {
    this.#cpu.charge(costs.keyAgreementUs);
    return this.#ciphers.agree(privateKey, publicKey);
  }

  get #ciphers(): Crypto {
    this.#made ??= this.#make();
    return this.#made;
  }

  #hash(bytes: Uint8Array): void {
    this.#cpu.charge(costs.hashUs + bytes.length * costs.hashByteUs);
  }

  #gcm(bytes: Uint8Array): void {
    this.#cpu.charge(costs.gcmUs + bytes.length * costs.gcmByteUs);
  }
}

/** `make` is called when the ciphers are first used: most apps never do. */
export function chargedCrypto(make: () => Crypto, cpu: Cpu): Crypto {
  return new ChargedCrypto(make, cpu);
}
