/**
 * How a board gets on with its real broker, seen from outside: from its sockets in the trace and from the
 * broker's answers. Says so in words when it changes, and says each trouble once until it is over.
 */
type Attempt = { wrote: boolean; read: boolean };

export class LinkWatch {
  readonly #url: string;
  readonly #say: (text: string) => void;
  readonly #attempts = new Map<string, Attempt>();
  #connected = false;
  #everConnected = false;
  #trouble: string | undefined;

  constructor(url: string, say: (text: string) => void) {
    this.#url = url;
    this.#say = say;
  }

  get everConnected(): boolean {
    return this.#everConnected;
  }

  /** Why the last attempt failed, in words; undefined when none did. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** A line of the board's trace (world/trace.ts). */
  traced(line: string): void {
    const match = /"what":"tcp\.(open|read|write|error|close)","socket":(\d+)/.exec(line);
    if (match === null) return;
    const [, what, socket = ""] = match;
    if (what === "open") {
      this.#attempts.set(socket, { wrote: false, read: false });
      return;
    }
    const attempt = this.#attempts.get(socket);
    if (attempt === undefined) return;
    if (what === "write") attempt.wrote = true;
    else if (what === "read") attempt.read = true;
    else {
      this.#attempts.delete(socket);
      if (this.#connected)
        this.#lost(what === "error" ? "the broker closed the connection" : "the broker broke the protocol or fell silent");
      else this.#failed(reason(what === "error", attempt));
    }
  }

  /** CONNACK's return code. */
  answered(code: number): void {
    if (code !== 0) {
      this.#failed(`it refuses the board: ${refusals[code] ?? `code ${code}`}`);
      // The end of this connection is no news.
      this.#attempts.clear();
      return;
    }
    if (this.#trouble !== undefined) this.#say(this.#everConnected ? "The board is connected again." : "The board is connected.");
    this.#connected = true;
    this.#everConnected = true;
    this.#trouble = undefined;
  }

  nameUnknown(name: string): void {
    this.#failed(`the name ${name} has no address`);
  }

  /** The board ends in order: closing is no trouble any more. */
  ending(): void {
    this.#attempts.clear();
  }

  #lost(why: string): void {
    this.#connected = false;
    this.#trouble = why;
    this.#say(`The connection to ${this.#url} is lost: ${why}. The board goes on sampling and tries again.`);
  }

  #failed(why: string): void {
    if (this.#trouble === undefined) this.#say(`No connection to ${this.#url}: ${why}. The board goes on sampling and tries again.`);
    else if (this.#trouble !== why) this.#say(`Still no connection to ${this.#url}: ${why}.`);
    this.#trouble = why;
  }
}

function reason(error: boolean, { wrote, read }: Attempt): string {
  if (error && !wrote) return "no program answers there";
  if (error) return "it closed the connection without accepting the board";
  if (read) return "what answers there does not speak MQTT 3.1.1";
  return wrote ? "it takes the connection and then says nothing" : "no answer from there in time";
}

/** MQTT 3.1.1, table 3.1. */
const refusals: Record<number, string> = {
  1: "it does not speak MQTT 3.1.1",
  2: "it does not take the client's name",
  3: "it is not available",
  4: "wrong user name or password",
  5: "not authorised",
};
