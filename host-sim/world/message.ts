/** A message as the broker model keeps and forwards it. */
export interface Message {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: 0 | 1;
  readonly retain: boolean;
}

/** One that is kept for long: its payload is a string of its bytes, which takes a third of a Buffer's memory. */
export class CompactMessage implements Message {
  readonly topic: string;
  readonly qos: 0 | 1;
  readonly retain: boolean;
  readonly #bytes: string;

  /** `bytes`: the payload in Latin-1. */
  constructor(topic: string, bytes: string, qos: 0 | 1, retain: boolean) {
    this.topic = topic;
    this.qos = qos;
    this.retain = retain;
    this.#bytes = bytes;
  }

  /** The caller's own. */
  get payload(): Buffer {
    return Buffer.from(this.#bytes, "latin1");
  }

  get empty(): boolean {
    return this.#bytes === "";
  }
}

/** Without a payload. */
export function empty(message: Message): boolean {
  return message instanceof CompactMessage ? message.empty : message.payload.length === 0;
}
