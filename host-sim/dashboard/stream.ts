/**
 * An event stream to one browser. What it cannot take yet is not made: a frame is skipped while the one before is
 * still on its way, so a slow browser costs nothing but its own freshness.
 */
import type { ServerResponse } from "node:http";

const everyMs = 100;

export class Stream {
  readonly #response: ServerResponse;
  readonly #timer: NodeJS.Timeout;

  constructor(response: ServerResponse, first: unknown, next: () => unknown, onClosed: () => void) {
    this.#response = response;
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" });
    this.#send(first);
    this.#send(next());
    this.#timer = setInterval(() => {
      if (response.writableLength === 0) this.#send(next());
    }, everyMs);
    response.on("error", () => {});
    response.on("close", () => {
      clearInterval(this.#timer);
      onClosed();
    });
  }

  end(): void {
    clearInterval(this.#timer);
    this.#response.end();
    this.#response.destroy();
  }

  #send(data: unknown): void {
    this.#response.write(`data: ${JSON.stringify(data)}\n\n`);
  }
}
