/**
 * A trace made legible: takes its lines one by one (trace.ts, or traffic that `mote record` wrote) and
 * gives what happened in words: MQTT packets put together from the bytes on each socket, I²C transfers
 * with the chips that are known by their address, the states of the Wi-Fi. Remembers per board what it
 * needs for that, so a trace is fed from its beginning. A line that is no trace's is an error and changes nothing.
 */
import { failure, success, type Result } from "../../firmware/base/result.js";
import { bluetoothText } from "./decoded-ble.js";
import { BusWords } from "./decoded-i2c.js";
import { type DecodedPacket, MqttConversation, publishText } from "./decoded-mqtt.js";
import { hexText, printable } from "./decoded-text.js";

export type { DecodedPacket } from "./decoded-mqtt.js";

/** "other" is what this module does not know (yet): shown as it stands. */
export const eventKinds = ["mqtt", "tcp", "dns", "wifi", "ble", "i2c", "analog", "digital", "flash", "power", "other"] as const;
export type EventKind = (typeof eventKinds)[number];

export interface DecodedEvent {
  /** Virtual time; in recorded traffic, since 1970 in UTC. */
  readonly atUs: number;
  /** Its id; "" in recorded traffic. */
  readonly board: string;
  readonly kind: EventKind;
  /** From the board's side; absent where there is none. */
  readonly way?: "out" | "in";
  /** One line, printable. */
  readonly text: string;
  /** Of kind "mqtt". */
  readonly packet?: DecodedPacket;
}

type Line = Record<string, unknown>;

interface BoardMemory {
  readonly sockets: Map<number, MqttConversation>;
  readonly bus: BusWords;
  asked: string;
  joined: boolean;
}

const notTrace = "this is no line of a trace: it must be an object with us, board and what, or with ms, topic and payload";

export class TraceDecoder {
  readonly #boards = new Map<string, BoardMemory>();

  /** What one line says: nothing yet, where it carries a part of a packet; several events, where it carries several. */
  feed(text: string): Result<readonly DecodedEvent[], "trace"> {
    let line: Line;
    try {
      line = JSON.parse(text) as Line;
    } catch {
      return failure("trace", "this is no JSON: a trace has one object a line");
    }
    if (typeof line !== "object" || line === null || Array.isArray(line)) return failure("trace", notTrace);
    if (typeof line["topic"] === "string" && line["what"] === undefined) return traffic(line);
    const { us, board, what } = line;
    if (!isTime(us) || typeof board !== "string" || typeof what !== "string") return failure("trace", notTrace);
    const bytes = bytesOf(line["bytes"]);
    if (bytes === undefined) return failure("trace", `"bytes" must be hex, two digits each`);
    return success(this.#events(us, board, what, line, bytes));
  }

  #events(atUs: number, board: string, what: string, line: Line, bytes: Uint8Array): DecodedEvent[] {
    const memory = this.#memory(board);
    const one = (kind: EventKind, words: string, way?: "out" | "in"): DecodedEvent[] => [
      { atUs, board, kind, ...(way === undefined ? {} : { way }), text: words },
    ];
    const { sockets } = memory;
    const socket = Number(line["socket"]);
    switch (what) {
      case "tcp.open":
        sockets.set(socket, new MqttConversation(socket));
        return one("tcp", `socket ${socket} opens to ${shown(line["to"])}`, "out");
      case "tcp.close":
        sockets.delete(socket);
        return one("tcp", `socket ${socket} is closed`, "out");
      case "tcp.error":
        sockets.delete(socket);
        return one("tcp", `socket ${socket} fails: refused, reset, timed out, or closed by the other side`, "in");
      case "tcp.write":
      case "tcp.read": {
        let conversation = sockets.get(socket);
        if (conversation === undefined) sockets.set(socket, (conversation = new MqttConversation(socket)));
        const way = what === "tcp.write" ? "out" : "in";
        return conversation.feed(way, bytes).map((piece) => ({ atUs, board, way, ...piece }));
      }
      case "i2c.write":
      case "i2c.read": {
        const address = Number(line["address"]);
        const way = what === "i2c.write" ? "out" : "in";
        return one("i2c", memory.bus.describe(way, address, line["acknowledged"] === false ? undefined : bytes), way);
      }
      case "wifi.connect":
        memory.joined = false;
        return one("wifi", `joins "${printable(String(line["ssid"]))}"`, "out");
      case "wifi.configure":
        return one("wifi", `calls itself ${shown(line["hostname"])}`, "out");
      case "wifi.scan":
        return one("wifi", "looks for access points", "out");
      case "wifi":
        return one("wifi", wifiText(Number(line["connection"]), memory), "in");
      case "dns.query":
        memory.asked = shown(line["name"]);
        return one("dns", `where is ${memory.asked}?`, "out");
      case "dns.answer":
        return one("dns", line["address"] === null ? `${memory.asked}: no address` : `${memory.asked} is ${shown(line["address"])}`, "in");
      case "analog":
        return one("analog", `pin ${shown(line["pin"])} reads ${line["raw"] === null ? "nothing" : shown(line["raw"])}`, "in");
      case "digital.edge":
        return one("digital", `pin ${shown(line["pin"])} has an edge`, "in");
      case "digital.write":
        return one("digital", `pin ${shown(line["pin"])} is set to ${shown(line["value"])}`, "out");
      case "flash.write":
        return one("flash", `${shown(line["partition"])} at ${shown(line["offset"])}: ${hexText(bytes)}`, "out");
      case "flash.erase":
        return one("flash", `${shown(line["partition"])}: block ${shown(line["block"])} is erased`, "out");
      case "key-value.write":
        return one("flash", `${shown(line["namespace"])}, ${shown(line["key"])}: ${hexText(bytes)}`, "out");
      case "key-value.delete":
        return one("flash", `${shown(line["namespace"])}, ${shown(line["key"])} is deleted`, "out");
      case "key-value.erase":
        return one("flash", `key-value storage: page ${shown(line["page"])} is erased`, "out");
      case "power":
        this.#boards.delete(board);
        return one("power", line["on"] === true ? `power on (${shown(line["reason"])})` : "power off: RAM is lost");
      case "restart":
        return one("power", "the firmware restarts the board");
      case "clock":
        return one("power", `the millisecond counter jumps by ${shown(line["jumpMs"])} ms`);
      default: {
        const bluetooth = bluetoothText(what, line, bytes);
        if (bluetooth === undefined) return one("other", unknownText(what, line));
        return one("ble", bluetooth.text, bluetooth.way);
      }
    }
  }

  #memory(board: string): BoardMemory {
    let memory = this.#boards.get(board);
    if (memory === undefined) {
      memory = { sockets: new Map(), bus: new BusWords(), asked: "a name", joined: false };
      this.#boards.set(board, memory);
    }
    return memory;
  }
}

/** A message that `mote record` wrote. */
function traffic(line: Line): Result<readonly DecodedEvent[], "trace"> {
  const { ms, topic, payload, hex, retain, qos } = line;
  const bytes = typeof payload === "string" ? Buffer.from(payload) : hex === undefined ? undefined : bytesOf(hex);
  if (!isTime(ms) || typeof topic !== "string" || bytes === undefined) return failure("trace", notTrace);
  const packet = {
    cmd: "publish",
    topic,
    payload: bytes,
    qos: qos === 1 || qos === 2 ? qos : 0,
    retain: retain === true,
    dup: false,
  } as const;
  return success([{ atUs: ms * 1000, board: "", kind: "mqtt", ...publishText(packet) }]);
}

function wifiText(connection: number, memory: BoardMemory): string {
  const was = memory.joined;
  memory.joined = connection >= 400;
  switch (connection) {
    case 200:
      return was ? "the access point is gone" : "joining failed";
    case 300:
      return "joining";
    case 400:
      return "joined, without an address yet";
    case 500:
      return "joined, with an address: the network is there";
    default:
      return `state ${connection}`;
  }
}

function unknownText(what: string, line: Line): string {
  const rest = Object.entries(line).filter(([name]) => !["us", "board", "what"].includes(name));
  return printable([what, ...rest.map(([name, value]) => `${name}=${JSON.stringify(value)}`)].join(" "));
}

function isTime(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= Number.MAX_SAFE_INTEGER / 1000;
}

/** None where the line has none; undefined when they are no hex. */
function bytesOf(hex: unknown): Buffer | undefined {
  if (hex === undefined) return Buffer.alloc(0);
  return typeof hex === "string" && /^([0-9a-f]{2})*$/i.test(hex) ? Buffer.from(hex, "hex") : undefined;
}

function shown(value: unknown): string {
  return printable(typeof value === "string" ? value : (JSON.stringify(value) ?? "?"));
}
