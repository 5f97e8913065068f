/** Both ends with fixed keys, each through its own code: what docs/ble-vectors.json has to say. */
import { createECDH, type webcrypto } from "node:crypto";
import type { Bytes } from "../../../firmware/device.js";
import { Responder } from "../../../firmware/provisioning/noise.js";
import { nodeCrypto } from "../../../host-sim/node/crypto.js";
import { pairingCode, qrPayload, secretImage } from "../../../host-sim/pairing/code.js";
import { FrameStream } from "../../../host-sim/pairing/frames.js";
import { Initiator } from "../../../host-sim/pairing/noise.js";
import { fill, hex } from "./rig.js";

export type Vectors = Record<string, string | readonly string[]>;

export interface Fixed {
  readonly secret: Bytes;
  readonly id: Bytes;
  readonly centralPrivate: Bytes;
  readonly boardPrivate: Bytes;
}

export const requests = ["01 01", "02 08", "03 04 736368656d6120310a776966692e737369643d63616665"] as const;
export const replies = ["01 00 6e616d652067617264656e", "00 03 6a6f696e696e67"] as const;

export const bytesOf = (text: string): Bytes => new Uint8Array(Buffer.from(text.replaceAll(" ", ""), "hex"));

function publicOf(privateKey: Bytes): Bytes {
  const ecdh = createECDH("prime256v1");
  ecdh.setPrivateKey(privateKey);
  return new Uint8Array(ecdh.getPublicKey());
}

/** The firmware's code. `hello` and the sealed requests are the central's. */
export function ofBoard(fixed: Fixed, hello: Bytes, sealedRequests: readonly Bytes[]) {
  const real = nodeCrypto(fill(1));
  const pair = () => ({ privateKey: fixed.boardPrivate.slice(), publicKey: publicOf(fixed.boardPrivate) });
  const keys: string[] = [];
  const responder = new Responder({ ...real, generateKeyPair: pair }, fixed.secret, fixed.id);
  const fits = responder.hello(hello.slice(2, 67), hello.slice(67));
  responder.generate();
  const welcome = responder.welcome(hello.slice(2, 67))!;
  const { toBoard, fromBoard } = responder.split();
  for (const sealing of [toBoard, fromBoard]) keys.push(hex((sealing as unknown as { key: Bytes }).key));
  const opened = sealedRequests.map((message) => hex(toBoard.open(Uint8Array.of(3), message.slice(1)) ?? Uint8Array.of()));
  const sealed = replies.map((record) => `03${hex(fromBoard.seal(Uint8Array.of(3), bytesOf(record))!)}`);
  return { fits, welcome: `02${hex(welcome)}`, keys, opened, sealed };
}

/** The host's code. */
export async function ofCentral(fixed: Fixed, welcome: () => Bytes | undefined, sealedReplies: readonly Bytes[]) {
  const initiator = await Initiator.begin(fixed.secret, fixed.id, await webPair(fixed.centralPrivate));
  const hello = await initiator.hello();
  const answer = welcome();
  const keys = answer === undefined ? undefined : await initiator.welcome(answer);
  const sealed: string[] = [];
  const opened: string[] = [];
  if (keys !== undefined) {
    for (const record of requests) sealed.push(hex(await keys.toBoard.seal(bytesOf(record))));
    for (const message of sealedReplies) opened.push(hex((await keys.fromBoard.open(message)) ?? Uint8Array.of()));
  }
  return { hello: hex(hello), sealed, opened };
}

export async function helloFrames(hello: Bytes, maximumWrite: number): Promise<string[]> {
  const frames: string[] = [];
  const ignore = () => {};
  const events = { onMessage: ignore, onRefused: ignore, onNonsense: ignore, onLost: ignore };
  const stream = new FrameStream(async (frame) => void frames.push(hex(frame)), maximumWrite, events);
  stream.send(hello);
  await new Promise((resolve) => setImmediate(resolve));
  return frames;
}

async function webPair(privateKey: Bytes): Promise<webcrypto.CryptoKeyPair> {
  const point = publicOf(privateKey);
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");
  const jwk = { kty: "EC", crv: "P-256", x: base64(point.slice(1, 33)), y: base64(point.slice(33)) };
  const curve = { name: "ECDH", namedCurve: "P-256" };
  return {
    privateKey: await crypto.subtle.importKey("jwk", { ...jwk, d: base64(privateKey) }, curve, false, ["deriveBits"]),
    publicKey: await crypto.subtle.importKey("jwk", jwk, curve, true, []),
  };
}

/** All of it, for the file. */
export async function vectors(fixed: Fixed): Promise<Vectors> {
  const first = await ofCentral(fixed, () => undefined, []);
  const begun = ofBoard(fixed, bytesOf(first.hello), []);
  const central = await ofCentral(fixed, () => bytesOf(begun.welcome), begun.sealed.map(bytesOf));
  return {
    about: "Noise_NNpsk0_P256_AESGCM_SHA256 as ble.md has it, with fixed keys; all in hex. Both halves give these bytes.",
    secret: hex(fixed.secret),
    pairingCode: pairingCode(fixed.secret),
    qrPayload: qrPayload(hex(fixed.id), fixed.secret),
    partitionSecret: hex(secretImage(fixed.secret)),
    id: hex(fixed.id),
    centralPrivate: hex(fixed.centralPrivate),
    boardPrivate: hex(fixed.boardPrivate),
    psk: hex(nodeCrypto(fill(1)).sha256(bytesOf(`${hex(new TextEncoder().encode("mote psk 1"))}${hex(fixed.secret)}`))),
    hello: first.hello,
    helloInFramesOf20: await helloFrames(bytesOf(first.hello), 20),
    welcome: begun.welcome,
    k1: begun.keys[0]!,
    k2: begun.keys[1]!,
    requests: [...requests],
    requestsSealed: central.sealed,
    records: [...replies],
    recordsSealed: begun.sealed,
  };
}
