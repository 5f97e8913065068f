import { expect, test } from "vitest";
import { trace } from "../../../host-sim/world/trace.js";

test("a line is JSON with the time in whole microseconds, the board, what happened, its fields, and bytes as hex", () => {
  const lines: string[] = [];
  const record = trace("0200", { line: (text) => lines.push(text) });
  record.record(12.9, "wifi", '"connection":500');
  record.record(13, "restart", "");
  record.bytes(14, "tcp.write", '"socket":1', Uint8Array.of(0, 15, 16, 255));
  record.bytes(15, "x", "", new Uint8Array(0));
  expect(lines).toEqual([
    '{"us":12,"board":"0200","what":"wifi","connection":500}',
    '{"us":13,"board":"0200","what":"restart"}',
    '{"us":14,"board":"0200","what":"tcp.write","socket":1,"bytes":"000f10ff"}',
    '{"us":15,"board":"0200","what":"x","bytes":""}',
  ]);
});
