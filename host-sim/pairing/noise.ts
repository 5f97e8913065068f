/**
 * The central's half of the handshake, Noise_NNpsk0_P256_AESGCM_SHA256, on WebCrypto: written from docs/ble.md alone, so that
 * the board's half is checked by another. Keys that WebCrypto holds cannot be read out again.
 */

export type Raw = Uint8Array<ArrayBuffer>;

const pointLength = 65;
const tagLength = 16;
const helloKind = 1;
const welcomeKind = 2;
const sealedKind = 3;
const protocolVersion = 1;
const curve = { name: "ECDH", namedCurve: "P-256" };
const nothing: Raw = new Uint8Array(0);

export interface RecordKeys {
  readonly toBoard: RecordKey;
  readonly fromBoard: RecordKey;
}

/** One direction: its key, and how many messages it has seen. */
export class RecordKey {
  readonly #key: CryptoKey;
  #messages = 0n;

  constructor(key: CryptoKey) {
    this.#key = key;
  }

  /** The whole message. */
  async seal(record: Raw): Promise<Raw> {
    const head = Uint8Array.of(sealedKind);
    return concat(head, new Uint8Array(await crypto.subtle.encrypt(this.#next(head), this.#key, record)));
  }

  /** Undefined where it does not open. `message`: the whole of it. */
  async open(message: Raw): Promise<Raw | undefined> {
    try {
      return new Uint8Array(await crypto.subtle.decrypt(this.#next(message.slice(0, 1)), this.#key, message.slice(1)));
    } catch {
      return undefined;
    }
  }

  #next(additionalData: Raw): AesGcmParams {
    const iv = new Uint8Array(12);
    new DataView(iv.buffer).setBigUint64(4, this.#messages++);
    return { name: "AES-GCM", iv, additionalData, tagLength: 8 * tagLength };
  }
}

/** One handshake. First `hello`, then `welcome`. */
export class Initiator {
  readonly #pair: CryptoKeyPair;
  #h: Raw;
  #ck: Raw;
  #k: Raw = nothing;

  private constructor(pair: CryptoKeyPair, name: Raw) {
    this.#pair = pair;
    this.#h = name;
    this.#ck = name;
  }

  /** `secret`: 15 bytes. `id`: 6 bytes. A pair is given only where its outcome must be known beforehand. */
  static async begin(secret: Uint8Array, id: Uint8Array, pair?: CryptoKeyPair): Promise<Initiator> {
    const name = concat(ascii("Noise_NNpsk0_P256_AESGCM_SHA256"), new Uint8Array(1));
    const initiator = new Initiator(pair ?? (await crypto.subtle.generateKey(curve, false, ["deriveBits"])), name);
    await initiator.#mixHash(concat(ascii("mote 1"), id));
    const psk = await sha256(concat(ascii("mote psk 1"), secret));
    const [ck, mixed, k] = await hkdf(initiator.#ck, psk, 3);
    initiator.#ck = ck!;
    await initiator.#mixHash(mixed!);
    initiator.#k = k!;
    return initiator;
  }

  /** The whole message. */
  async hello(): Promise<Raw> {
    const e = new Uint8Array(await crypto.subtle.exportKey("raw", this.#pair.publicKey));
    await this.#mixHash(e);
    await this.#mixKey(e);
    const tag = new Uint8Array(await crypto.subtle.encrypt(this.#first(), await aesKey(this.#k), nothing));
    await this.#mixHash(tag);
    return concat(Uint8Array.of(helloKind, protocolVersion), e, tag);
  }

  /** Reads the board's answer, the whole message. Undefined where it is not of a board with that secret. */
  async welcome(message: Raw): Promise<RecordKeys | undefined> {
    if (message.length !== 1 + pointLength + tagLength || message[0] !== welcomeKind) return undefined;
    const e = message.slice(1, 1 + pointLength);
    try {
      const board = await crypto.subtle.importKey("raw", e, curve, true, []);
      const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: board }, this.#pair.privateKey, 256);
      await this.#mixHash(e);
      await this.#mixKey(e);
      await this.#mixKey(new Uint8Array(shared));
      await crypto.subtle.decrypt(this.#first(), await aesKey(this.#k), message.slice(1 + pointLength));
    } catch {
      // No point of the curve (SEC 1, 3.2.2.1), or a tag that does not fit.
      return undefined;
    }
    const [k1, k2] = await hkdf(this.#ck, nothing, 2);
    const keys = { toBoard: new RecordKey(await aesKey(k1!)), fromBoard: new RecordKey(await aesKey(k2!)) };
    for (const secret of [k1!, k2!, this.#ck, this.#k]) secret.fill(0);
    return keys;
  }

  async #mixHash(data: Raw): Promise<void> {
    this.#h = await sha256(concat(this.#h, data));
  }

  async #mixKey(data: Raw): Promise<void> {
    const [ck, k] = await hkdf(this.#ck, data, 2);
    this.#ck = ck!;
    this.#k = k!;
  }

  /** Of a key that seals for the first time. */
  #first(): AesGcmParams {
    return { name: "AES-GCM", iv: new Uint8Array(12), additionalData: this.#h, tagLength: 8 * tagLength };
  }
}

/** Noise 4.3. */
async function hkdf(chainingKey: Raw, input: Raw, outputs: number): Promise<Raw[]> {
  const temporary = await hmac(chainingKey, input);
  const found: Raw[] = [];
  for (let number = 1; number <= outputs; number++)
    found.push(await hmac(temporary, concat(found.at(-1) ?? nothing, Uint8Array.of(number))));
  return found;
}

async function hmac(key: Raw, data: Raw): Promise<Raw> {
  const imported = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, data));
}

async function sha256(data: Raw): Promise<Raw> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data));
}

function aesKey(key: Raw): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt", "decrypt"]);
}

function ascii(text: string): Raw {
  return new TextEncoder().encode(text) as Raw;
}

function concat(...parts: Uint8Array[]): Raw {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
