/**
 * Mote's own session on one connection (docs/ble.md, "Messages"): lets in who has the board's secret, opens requests and seals
 * replies and events. Whatever does not fit is refused with its code, drops the session and changes nothing else. A central
 * counts as let in with its first request: a hello alone may be one that somebody recorded.
 */
import { invariant } from "../base/invariant.js";
import { utf8Length, writeUtf8 } from "../base/utf8.js";
import type { Bytes, Timer } from "../device.js";
import { limits } from "../limits.js";
import { refusal, type Session, type SessionGround } from "./contract.js";
import { Frames, type MessageSink } from "./frames.js";
import { pointBytes, Responder, tagBytes, type Sealing } from "./noise.js";

const kinds = Object.freeze({ hello: 1, welcome: 2, sealed: 3 });
const version = 1;
const helloBytes = 2 + pointBytes + tagBytes;
/** One of another version may be longer, and is to be told so. */
const helloBytesMax = 128;
/** A record's id and status, its tag, and the message's kind. */
const overheadBytes = 2 + tagBytes + 1;
/** A record's associated data: the message's kind. */
const associated: Bytes = new Uint8Array([kinds.sealed]);

export function openSession(ground: SessionGround): Session {
  return new MoteSession(ground);
}

class MoteSession implements Session, MessageSink {
  private readonly ground: SessionGround;
  private readonly frames: Frames;
  /** Set while a handshake is under way. */
  private responder: Responder | undefined;
  /** Set from the welcome on. */
  private toBoard: Sealing | undefined;
  private fromBoard: Sealing | undefined;
  private isLetIn = false;
  /** The request that waits for its reply; 0: none. */
  private pending = 0;
  private timer: Timer;
  private isTimed = false;

  constructor(ground: SessionGround) {
    this.ground = ground;
    this.frames = new Frames(ground, this);
  }

  get open(): boolean {
    return this.isLetIn;
  }

  received(frame: Bytes): void {
    this.frames.received(frame);
  }

  reply(id: number, status: number, body: string): void {
    invariant(utf8Length(body) <= limits.replyBytesMax, "a reply fits its message");
    // The session that asked may be over.
    if (!this.isLetIn || id !== this.pending) return;
    this.pending = 0;
    this.seal(id, status, body);
  }

  event(kind: number, body: string): boolean {
    if (!this.isLetIn || this.frames.waitingBytes + overheadBytes + utf8Length(body) > limits.eventBytesMax) return false;
    this.seal(0, kind, body);
    return this.isLetIn;
  }

  close(why?: number): void {
    const wasLetIn = this.isLetIn;
    this.forget();
    if (why !== undefined) this.frames.refuse(why);
    if (wasLetIn) this.ground.onEnded(why ?? 0);
  }

  // ---- What frames ask and tell ----

  admit(kind: number): number {
    if (kind === kinds.hello) {
      if (this.responder === undefined) return helloBytesMax;
      this.close(refusal.busy);
    } else if (kind === kinds.sealed) {
      if (this.toBoard !== undefined) return limits.messageInBytesMax;
      this.close(refusal.noSession);
    } else this.close(refusal.malformed);
    return 0;
  }

  message(bytes: Bytes): void {
    if (bytes[0] === kinds.hello) this.hello(bytes);
    else this.sealed(bytes);
  }

  fail(why: number): void {
    this.close(why);
  }

  dropped(why: number): void {
    const wasLetIn = this.isLetIn;
    this.forget();
    if (wasLetIn) this.ground.onEnded(why);
  }

  // ---- Handshake ----

  private hello(bytes: Bytes): void {
    this.close();
    const { crypto, guesses, id, secret } = this.ground;
    if (bytes[1] !== version) return this.close(bytes.length === 1 ? refusal.malformed : refusal.version);
    if (bytes.length !== helloBytes) return this.close(refusal.malformed);
    if (!this.ground.isOpen()) return this.close(refusal.closed);
    if (guesses.left <= 0) return this.close(refusal.locked);
    if (secret === undefined) return this.close(refusal.noSecret);
    if (!guesses.begin()) return this.close(refusal.locked);
    const e = bytes.slice(2, 2 + pointBytes);
    const responder = new Responder(crypto, secret, id);
    if (!responder.hello(e, bytes.subarray(2 + pointBytes))) {
      responder.forget();
      return this.close(refusal.handshake);
    }
    guesses.takeBack();
    this.responder = responder;
    this.endAfter(limits.handshakePatienceMs);
    this.ground.whenQuiet(limits.curveMs, () => this.generate(responder, e));
  }

  /** The board's own key, and then, at another quiet moment, what both share. */
  private generate(responder: Responder, e: Bytes): void {
    if (this.responder !== responder) return;
    responder.generate();
    this.ground.whenQuiet(limits.curveMs, () => this.welcome(responder, e));
  }

  private welcome(responder: Responder, e: Bytes): void {
    if (this.responder !== responder) return;
    const welcome = responder.welcome(e);
    if (welcome === undefined) return this.close(refusal.handshake);
    const keys = responder.split();
    responder.forget();
    this.responder = undefined;
    this.toBoard = keys.toBoard;
    this.fromBoard = keys.fromBoard;
    this.frames.send(kinds.welcome, welcome);
  }

  // ---- Records ----

  private sealed(bytes: Bytes): void {
    const record = this.toBoard!.open(associated, bytes.subarray(1));
    if (record === undefined) return this.close(refusal.record);
    if (record.length < 2 || record[0] === 0) return this.close(refusal.malformed);
    if (this.pending !== 0) return this.close(refusal.order);
    this.isLetIn = true;
    this.pending = record[0]!;
    this.endAfter(limits.sessionIdleMs);
    this.ground.onRequest({ id: this.pending, verb: record[1]!, body: record.subarray(2) });
  }

  private seal(id: number, code: number, body: string): void {
    const record = new Uint8Array(2 + utf8Length(body));
    record[0] = id;
    record[1] = code;
    writeUtf8(body, record, 2);
    const sealed = this.fromBoard!.seal(associated, record);
    if (sealed === undefined) this.close(refusal.record);
    else this.frames.send(kinds.sealed, sealed);
  }

  // ---- The end ----

  private forget(): void {
    this.responder?.forget();
    this.responder = undefined;
    this.toBoard?.forget();
    this.toBoard = undefined;
    this.fromBoard?.forget();
    this.fromBoard = undefined;
    this.isLetIn = false;
    this.pending = 0;
    if (this.isTimed) this.ground.timers.clear(this.timer);
    this.isTimed = false;
  }

  private endAfter(delayMs: number): void {
    if (this.isTimed) this.ground.timers.clear(this.timer);
    this.isTimed = true;
    this.timer = this.ground.timers.set(() => {
      this.isTimed = false;
      this.close(refusal.idle);
    }, delayMs);
  }
}
