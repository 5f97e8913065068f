/** The line to the server: one event stream for what is looked at, and commands. A hidden page lets go of its stream. */
import type { Answer, Command, Frame, Hello, RunName } from "./protocol.js";

export interface Looking {
  readonly run: RunName | undefined;
  readonly board: string | undefined;
  readonly channel: string | undefined;
}

export interface LinkEvents {
  onHello(hello: Hello): void;
  onFrame(frame: Frame): void;
  onLost(): void;
}

export class Link {
  readonly #events: LinkEvents;
  #looking: Looking = { run: undefined, board: undefined, channel: undefined };
  #stream: EventSource | undefined;

  constructor(events: LinkEvents) {
    this.#events = events;
    // Browsers allow few streams to one host: those that nobody looks at must not block the others.
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.#close();
      else this.#open();
    });
  }

  look(looking: Looking): void {
    this.#looking = looking;
    this.#close();
    if (!document.hidden) this.#open();
  }

  async command(command: Command): Promise<Answer> {
    try {
      const response = await fetch("/command" + this.#query({}), {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(command),
      });
      return (await response.json()) as Answer;
    } catch {
      return { ok: false, message: "the simulator does not answer: has it ended?" };
    }
  }

  async scenario(): Promise<string> {
    const response = await fetch("/scenario" + this.#query({}));
    if (!response.ok) throw new Error(await response.text());
    return response.text();
  }

  #query(more: Readonly<Record<string, string | undefined>>): string {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries({ run: this.#looking.run, ...more })) if (value !== undefined) query.set(name, value);
    const text = query.toString();
    return text === "" ? "" : "?" + text;
  }

  #open(): void {
    const { board, channel } = this.#looking;
    const stream = new EventSource("/events" + this.#query({ board, channel }));
    this.#stream = stream;
    stream.addEventListener("message", ({ data }: MessageEvent<string>) => {
      if (stream !== this.#stream) return;
      const message = JSON.parse(data) as Hello | Frame;
      if (message.kind === "hello") this.#events.onHello(message);
      else this.#events.onFrame(message);
    });
    stream.addEventListener("error", () => {
      if (stream === this.#stream) this.#events.onLost();
    });
  }

  #close(): void {
    this.#stream?.close();
    this.#stream = undefined;
  }
}
