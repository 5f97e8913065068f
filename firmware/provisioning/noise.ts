/**
 * The board's half of the handshake, Noise_NNpsk0_P256_AESGCM_SHA256 as docs/ble.md writes it out (Noise Protocol Framework,
 * revision 34), and the keys that come of it. What is not needed any more is overwritten with zeros.
 */
import { encodeUtf8 } from "../base/utf8.js";
import type { Bytes, Crypto, KeyPair } from "../device.js";

export const pointBytes = 65;
export const tagBytes = 16;
const hashBytes = 32;
/** Beyond it a direction's messages have no nonce. */
const countMax = 0x1_0000_0000;
const empty = new Uint8Array(0);
const protocolName = "Noise_NNpsk0_P256_AESGCM_SHA256";

/** One direction's key and the number of its next message. */
export class Sealing {
  private readonly crypto: Crypto;
  private readonly key: Bytes;
  /** Messages sealed or opened so far. */
  count = 0;

  constructor(crypto: Crypto, key: Bytes) {
    this.crypto = crypto;
    this.key = key;
  }

  /** Undefined when the key is used up. */
  seal(associated: Bytes, plaintext: Bytes): Bytes | undefined {
    if (this.count >= countMax) return undefined;
    return this.crypto.seal(this.key, nonce(this.count++), associated, plaintext);
  }

  /** Undefined when it does not open, or the key is used up. */
  open(associated: Bytes, sealed: Bytes): Bytes | undefined {
    if (this.count >= countMax || sealed.length < tagBytes) return undefined;
    return this.crypto.open(this.key, nonce(this.count++), associated, sealed);
  }

  forget(): void {
    this.key.fill(0);
    this.count = countMax;
  }
}

export class Responder {
  private readonly crypto: Crypto;
  private readonly hash: Bytes;
  private readonly chain: Bytes;
  private readonly key = new Uint8Array(hashBytes);
  private pair: KeyPair | undefined;

  /** `id`: 6 bytes. */
  constructor(crypto: Crypto, secret: Bytes, id: Bytes) {
    this.crypto = crypto;
    const name = new Uint8Array(hashBytes);
    name.set(encodeUtf8(protocolName));
    this.hash = name;
    this.chain = name.slice();
    this.mixHash(joined(encodeUtf8("mote 1"), id));
    const psk = crypto.sha256(joined(encodeUtf8("mote psk 1"), secret));
    this.mixKeyAndHash(psk);
    psk.fill(0);
  }

  /** Whether the hello is of somebody with the secret; nothing on the curve is done for it. */
  hello(e: Bytes, tag: Bytes): boolean {
    this.mixHash(e);
    this.mixKey(e);
    const opened = this.crypto.open(this.key, nonce(0), this.hash, tag);
    this.mixHash(tag);
    return opened !== undefined;
  }

  /** Makes the board's own key. Blocks 120 ms. */
  generate(): void {
    this.pair = this.crypto.generateKeyPair();
  }

  /** The welcome's bytes: e, tag; undefined where `e` of the hello is no point of the curve. Blocks 120 ms. */
  welcome(e: Bytes): Bytes | undefined {
    const pair = this.pair!;
    const shared = this.crypto.agree(pair.privateKey, e);
    if (shared === undefined) return undefined;
    this.mixHash(pair.publicKey);
    this.mixKey(pair.publicKey);
    this.mixKey(shared);
    shared.fill(0);
    return joined(pair.publicKey, this.crypto.seal(this.key, nonce(0), this.hash, empty));
  }

  /** Keys for messages to the board, and from it. */
  split(): { readonly toBoard: Sealing; readonly fromBoard: Sealing } {
    const seed = this.crypto.hmacSha256(this.chain, empty);
    const toBoard = this.crypto.hmacSha256(seed, one(1));
    const fromBoard = this.crypto.hmacSha256(seed, joined(toBoard, one(2)));
    seed.fill(0);
    return { toBoard: new Sealing(this.crypto, toBoard), fromBoard: new Sealing(this.crypto, fromBoard) };
  }

  forget(): void {
    this.pair?.privateKey.fill(0);
    this.chain.fill(0);
    this.key.fill(0);
    this.hash.fill(0);
  }

  private mixHash(data: Bytes): void {
    this.hash.set(this.crypto.sha256(joined(this.hash, data)));
  }

  private mixKey(data: Bytes): void {
    const seed = this.crypto.hmacSha256(this.chain, data);
    const first = this.crypto.hmacSha256(seed, one(1));
    const second = this.crypto.hmacSha256(seed, joined(first, one(2)));
    this.chain.set(first);
    this.key.set(second);
    seed.fill(0);
    first.fill(0);
    second.fill(0);
  }

  private mixKeyAndHash(data: Bytes): void {
    const seed = this.crypto.hmacSha256(this.chain, data);
    const first = this.crypto.hmacSha256(seed, one(1));
    const second = this.crypto.hmacSha256(seed, joined(first, one(2)));
    const third = this.crypto.hmacSha256(seed, joined(second, one(3)));
    this.chain.set(first);
    this.mixHash(second);
    this.key.set(third);
    seed.fill(0);
    first.fill(0);
    second.fill(0);
    third.fill(0);
  }
}

/** Four zero bytes, then the number in 8, big-endian. Below 2^32. */
function nonce(count: number): Bytes {
  const bytes = new Uint8Array(12);
  bytes[8] = count >>> 24;
  bytes[9] = count >>> 16;
  bytes[10] = count >>> 8;
  bytes[11] = count;
  return bytes;
}

function one(byte: number): Bytes {
  const bytes = new Uint8Array(1);
  bytes[0] = byte;
  return bytes;
}

export function joined(first: Bytes, second: Bytes): Bytes {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
