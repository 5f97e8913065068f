/**
 * A visitor's half of the handshake and its records (docs/ble.md), in one go: the world's time does not wait for promises.
 * Written from that page alone, so that the firmware's half is held against another.
 */
import type { Bytes, Crypto, KeyPair } from "../../firmware/device.js";

const pointBytes = 65;
const tagBytes = 16;
const version = 1;
const none = new Uint8Array(0);
const text = new TextEncoder();

/** What the first byte of a message says. */
export const kinds = { hello: 1, welcome: 2, sealed: 3 } as const;

export class Handshake {
  readonly #crypto: Crypto;
  readonly #own: KeyPair;
  #hash: Bytes;
  #chain: Bytes;
  #key: Bytes = none;

  /** `secret`: 15 bytes. `id`: 6 bytes, the board's. */
  constructor(crypto: Crypto, secret: Uint8Array, id: Uint8Array) {
    this.#crypto = crypto;
    this.#own = crypto.generateKeyPair();
    this.#hash = concat(text.encode("Noise_NNpsk0_P256_AESGCM_SHA256"), Uint8Array.of(0));
    this.#chain = this.#hash;
    this.#mixHash(concat(text.encode("mote 1"), id));
    const [chain, mixed, key] = this.#derive(crypto.sha256(concat(text.encode("mote psk 1"), secret)), 3);
    this.#chain = chain!;
    this.#mixHash(mixed!);
    this.#key = key!;
  }

  /** The whole message. */
  hello(): Bytes {
    const { publicKey } = this.#own;
    this.#mixHash(publicKey);
    this.#mixKey(publicKey);
    const tag = this.#crypto.seal(this.#key, nonce(0), this.#hash, none);
    this.#mixHash(tag);
    return concat(Uint8Array.of(kinds.hello, version), publicKey, tag);
  }

  /** Of the whole message; undefined where it is of nobody with that secret. */
  welcome(message: Bytes): Records | undefined {
    if (message.length !== 1 + pointBytes + tagBytes || message[0] !== kinds.welcome) return undefined;
    const point = message.slice(1, 1 + pointBytes);
    const shared = this.#crypto.agree(this.#own.privateKey, point);
    if (shared === undefined) return undefined;
    this.#mixHash(point);
    this.#mixKey(point);
    this.#mixKey(shared);
    if (this.#crypto.open(this.#key, nonce(0), this.#hash, message.slice(1 + pointBytes)) === undefined) return undefined;
    const [toBoard, fromBoard] = this.#derive(none, 2);
    return new Records(this.#crypto, toBoard!, fromBoard!);
  }

  #mixHash(data: Bytes): void {
    this.#hash = this.#crypto.sha256(concat(this.#hash, data));
  }

  #mixKey(data: Bytes): void {
    const [chain, key] = this.#derive(data, 2);
    this.#chain = chain!;
    this.#key = key!;
  }

  /** Noise 4.3, HKDF. */
  #derive(input: Bytes, outputs: number): Bytes[] {
    const seed = this.#crypto.hmacSha256(this.#chain, input);
    const made: Bytes[] = [];
    for (let number = 1; number <= outputs; number++) {
      made.push(this.#crypto.hmacSha256(seed, concat(made.at(-1) ?? none, Uint8Array.of(number))));
    }
    return made;
  }
}

/** Both directions of an open session. */
export class Records {
  readonly #crypto: Crypto;
  readonly #toBoard: Bytes;
  readonly #fromBoard: Bytes;
  #sealed = 0;
  #opened = 0;

  constructor(crypto: Crypto, toBoard: Bytes, fromBoard: Bytes) {
    this.#crypto = crypto;
    this.#toBoard = toBoard;
    this.#fromBoard = fromBoard;
  }

  /** The whole message. */
  seal(record: Bytes): Bytes {
    const kind = Uint8Array.of(kinds.sealed);
    return concat(kind, this.#crypto.seal(this.#toBoard, nonce(this.#sealed++), kind, record));
  }

  /** Of the whole message; undefined where it does not open. */
  open(message: Bytes): Bytes | undefined {
    if (message[0] !== kinds.sealed) return undefined;
    return this.#crypto.open(this.#fromBoard, nonce(this.#opened++), message.slice(0, 1), message.slice(1));
  }
}

function nonce(count: number): Bytes {
  const bytes = new Uint8Array(12);
  new DataView(bytes.buffer).setBigUint64(4, BigInt(count));
  return bytes;
}

export function concat(...parts: Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
