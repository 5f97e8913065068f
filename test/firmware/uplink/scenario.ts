/** A day of a connection in short, told as text: to be told alike by every engine. Nothing here but ES2022. */
import type { Bytes, TCPOptions } from "../../../firmware/device.js";
import { connection } from "../../../firmware/uplink/connection.js";
import { encodeUtf8 } from "../../../firmware/base/utf8.js";

/** Length and checksum (FNV-1a, 32 bits): short, since all that is told must fit the arena. */
function brief(bytes: Bytes): string {
  let sum = 0x811c9dc5;
  for (let at = 0; at < bytes.length; at++) sum = Math.imul(sum ^ bytes[at]!, 0x01000193);
  return bytes.length + ":" + (sum >>> 0);
}

export function scenario(): string[] {
  const told: string[] = [];
  let nowMs = 0;
  let timers: { dueMs: number; callback: () => void }[] = [];
  let wire: TCPOptions | undefined;
  let arrived: Bytes = new Uint8Array(0);
  let draws = 0;

  class Socket {
    constructor(options: TCPOptions) {
      wire = options;
    }
    read(): ArrayBuffer {
      return arrived.buffer;
    }
    write(bytes: Bytes): number {
      told.push("> " + brief(bytes));
      return 40;
    }
    close(): void {
      told.push("close");
    }
  }

  const give = (bytes: Bytes): void => {
    arrived = bytes;
    wire?.onReadable?.(bytes.length);
  };
  const receive = (...bytes: number[]): void => give(Uint8Array.from(bytes));

  const pass = (ms: number): void => {
    const untilMs = nowMs + ms;
    for (;;) {
      const [next] = timers.filter((timer) => timer.dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs);
      if (next === undefined) break;
      timers = timers.filter((timer) => timer !== next);
      nowMs = next.dueMs;
      next.callback();
    }
    nowMs = untilMs;
  };

  const uplink = connection(
    {
      TCP: Socket,
      resolve: (name, onResolved) => (told.push("resolve " + name), onResolved("10.0.0.2")),
      clock: { nowMs: () => nowMs },
      timers: {
        set(callback, delayMs) {
          const timer = { dueMs: nowMs + delayMs, callback };
          timers.push(timer);
          return timer;
        },
        clear(timer) {
          timers = timers.filter((one) => one !== timer);
        },
      },
      random: (into) => void into.fill((draws += 37)),
    },
    {
      broker: { host: "broker.local", port: 1883, username: "Jörg", password: "🔑" },
      clientId: "mote-1",
      cleanSession: false,
      will: { topic: "mote/1/status", payload: "offline", qos: 1, retain: true },
    },
    {
      onConnected: (present) => told.push("connected " + present),
      onDisconnected: (error) => told.push("disconnected " + error.kind + " at " + nowMs + ": " + error.message),
      onMessage: (topic, payload, retain) => told.push("message " + topic + " " + brief(payload) + " " + retain),
      onAcknowledged: (token) => told.push("acknowledged " + token),
      onRoom: () => told.push("room"),
      onSubscribed: (filter, granted) => told.push("subscribed " + filter + " " + granted),
    },
  );

  uplink.subscribe("mote/1/command/#", 1);
  uplink.networkUp();
  wire?.onWritable?.(5744);
  receive(0x20, 2, 0);
  receive(0);
  receive(0x90, 3, 0, 1, 1);
  for (let count = 0; count < 18; count++) {
    const taken = uplink.publish("größe/€/" + "x".repeat(80), '{"value":' + count + ',"unit":"°C"}', 1, true);
    told.push(taken.ok ? "token " + taken.value : taken.error.kind);
  }
  wire?.onWritable?.(5744);
  receive(0x40, 2, 0, 2, 0x40, 2, 0, 3);
  const topic = encodeUtf8("温度/🌡/" + "topic/".repeat(30));
  // No spread of so many bytes: each would take a slot of the stack.
  const message = new Uint8Array(topic.length + 8);
  message.set([0x32, 0x80 | ((topic.length + 5) & 127), (topic.length + 5) >> 7, 0, topic.length]);
  message.set(topic, 5);
  message.set([0, 7, 42], topic.length + 5);
  give(message);
  pass(40_000);
  wire?.onWritable?.(5744);
  receive(0x20, 2, 1, 0);
  receive(0x50, 2, 0, 1);
  pass(2000);
  wire?.onError?.();
  pass(2000);
  wire?.onWritable?.(5744);
  receive(0x20, 2, 0, 0);
  uplink.stop((left) => told.push("stopped " + left));
  pass(5000);
  told.push(JSON.stringify(uplink.counters()));
  return told;
}
