/** A central by hand: every frame and message as a test wants it, right or wrong. The keys come from the host's Initiator. */
import { refusal } from "../../../firmware/provisioning/contract.js";
import { Initiator, type Raw, type RecordKeys } from "../../../host-sim/pairing/noise.js";
import { id, secret, type BoardRig } from "./rig.js";

export class Hand {
  readonly board: BoardRig;
  /** Codes of the board's refusals, its acknowledgements, and its whole messages. */
  readonly refusals: number[] = [];
  readonly acknowledgements: number[] = [];
  readonly messages: Raw[] = [];
  /** Acknowledges the board's frames as a central should. */
  isPolite = true;
  keys: RecordKeys | undefined;
  /** The number of the next frame. */
  next = 0;
  private seen = 0;
  private parts: Uint8Array[] = [];

  constructor(board: BoardRig) {
    this.board = board;
    board.onFrame = (frame) => this.take(frame);
  }

  get lastRefusal(): string | undefined {
    const code = this.refusals.at(-1);
    return Object.entries(refusal).find(([, each]) => each === code)?.[0];
  }

  /** One write. */
  write(...bytes: number[]): void {
    const frame = Uint8Array.from(bytes);
    this.board.session.received(frame);
    // The board keeps none of it.
    frame.fill(0xee);
  }

  /** A message in frames with `payload` bytes each. */
  send(message: Uint8Array, payload = 181): void {
    for (let at = 0; at < message.length; at += payload) {
      const last = at + payload >= message.length ? 0x40 : 0;
      this.write(last + (this.next++ % 64), ...message.subarray(at, at + payload));
    }
  }

  /** Until the microtasks of both ends are done. */
  async settle(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }

  async hello(of: Uint8Array = secret): Promise<{ readonly initiator: Initiator; readonly hello: Raw }> {
    const initiator = await Initiator.begin(of, id);
    return { initiator, hello: await initiator.hello() };
  }

  async handshake(of: Uint8Array = secret, payload?: number): Promise<void> {
    const { initiator, hello } = await this.hello(of);
    this.messages.length = 0;
    this.send(hello, payload);
    await this.settle();
    const welcome = this.messages.at(-1);
    this.keys = welcome === undefined ? undefined : await initiator.welcome(welcome);
  }

  sealed(requestId: number, verb: number, body = ""): Promise<Raw> {
    return this.keys!.toBoard.seal(Uint8Array.of(requestId, verb, ...new TextEncoder().encode(body)));
  }

  async request(requestId: number, verb: number, body = "", payload?: number): Promise<void> {
    this.send(await this.sealed(requestId, verb, body), payload);
    await this.settle();
  }

  async opened(message: Raw): Promise<string | undefined> {
    const record = await this.keys!.fromBoard.open(message);
    return record === undefined ? undefined : `${record[0]} ${record[1]} ${new TextDecoder().decode(record.subarray(2))}`;
  }

  private take(frame: Uint8Array): void {
    const header = frame[0]!;
    if (header === 0xc0) {
      this.refusals.push(frame[1]!);
      this.next = this.seen = 0;
      this.parts = [];
    } else if (header >= 0x80) this.acknowledgements.push(header & 63);
    else {
      this.seen++;
      this.parts.push(frame.subarray(1));
      const isLast = (header & 0x40) !== 0;
      if (this.isPolite && (isLast || this.parts.length % 4 === 0)) this.write(0x80 + (this.seen % 64));
      if (!isLast) return;
      this.messages.push(new Uint8Array(Buffer.concat(this.parts)));
      this.parts = [];
    }
  }
}
