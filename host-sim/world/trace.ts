/**
 * The record of a run: every byte on the wire and every bus transaction with its virtual time, one JSON
 * object a line. Values are whole numbers and hex, never floats, so equal runs give equal bytes.
 */
export interface TraceSink {
  /** One line without its newline. */
  line(text: string): void;
}

export interface Trace {
  /** False when nobody keeps it: costs of formatting can be saved. */
  readonly on: boolean;
  record(atUs: number, what: string, fields: string): void;
  bytes(atUs: number, what: string, fields: string, bytes: Uint8Array): void;
}

/** `fields` is JSON without braces, e.g. `"address":68`; costs of formatting are the price of every run, so it is plain concatenation. */
export function trace(board: string, sink: TraceSink | undefined): Trace {
  if (sink === undefined) return { on: false, record() {}, bytes() {} };
  const head = `,"board":${JSON.stringify(board)},"what":"`;
  return {
    on: true,
    record(atUs, what, fields) {
      sink.line(`{"us":${Math.floor(atUs)}${head}${what}"${fields === "" ? "" : "," + fields}}`);
    },
    bytes(atUs, what, fields, bytes) {
      sink.line(`{"us":${Math.floor(atUs)}${head}${what}"${fields === "" ? "" : "," + fields},"bytes":"${hex(bytes)}"}`);
    },
  };
}

const digits: string[] = [];
for (let byte = 0; byte < 256; byte++) digits.push((byte < 16 ? "0" : "") + byte.toString(16));

function hex(bytes: Uint8Array): string {
  let text = "";
  for (let index = 0; index < bytes.length; index++) text += digits[bytes[index]!]!;
  return text;
}
