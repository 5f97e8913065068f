import { EventEmitter } from "node:events";
import type { ServerResponse } from "node:http";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Stream } from "../../../host-sim/dashboard/stream.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A browser's connection that takes nothing while it is stuck. */
class Connection extends EventEmitter {
  stuck = false;
  writableLength = 0;
  written: string[] = [];
  writeHead(): void {}
  write(text: string): void {
    this.written.push(text);
    if (this.stuck) this.writableLength += text.length;
  }
  end(): void {}
  destroy(): void {
    this.emit("close");
  }
}

function streamed() {
  const connection = new Connection();
  let made = 0;
  let closed = 0;
  const stream = new Stream(
    connection as unknown as ServerResponse,
    "hello",
    () => ++made,
    () => closed++,
  );
  return { connection, stream, made: () => made, closed: () => closed };
}

test("frames follow each other ten times a second", () => {
  const { connection } = streamed();
  vi.advanceTimersByTime(1000);
  expect(connection.written.slice(0, 3)).toEqual(['data: "hello"\n\n', "data: 1\n\n", "data: 2\n\n"]);
  expect(connection.written).toHaveLength(12);
});

test("a browser that takes nothing gets one frame at most, and none is made for it until it takes again", () => {
  const { connection, made } = streamed();
  connection.stuck = true;
  vi.advanceTimersByTime(60_000);
  expect(connection.written).toHaveLength(3);
  expect(made()).toBe(2);
  connection.stuck = false;
  connection.writableLength = 0;
  vi.advanceTimersByTime(100);
  expect(made()).toBe(3);
});

test("a browser that has gone costs nothing any more", () => {
  const { connection, made, closed } = streamed();
  connection.destroy();
  vi.advanceTimersByTime(1000);
  expect(made()).toBe(1);
  expect(closed()).toBe(1);
});
