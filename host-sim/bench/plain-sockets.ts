/**
 * The yardstick of fleets on a real broker: node:net alone, in a process of its own. As many connections as a
 * fleet has boards, each with one MQTT publish of the same size and QoS a second, and its PUBACK read. Arguments: the
 * port on loopback, the number of connections, for how many seconds. Prints one line of JSON, a `Plain`.
 */
import { connect, type Socket } from "node:net";
import { setTimeout as pass } from "node:timers/promises";

export interface Plain {
  /** Of one core, this process's own, while it sends. */
  readonly cpuShare: number;
  readonly sent: number;
  readonly acknowledged: number;
}

/** As a board of host-sim/apps/one-message.ts publishes: 76 bytes. */
const topic = "mote/one-6f7466/temperature";
const payload = '{"value":20.6,"unit":"°C","ms":1000,"n":2}';
/** How many connections wait for their CONNACK at a time: what a broker's backlog takes. */
const openingMost = 50;
/** After the first messages code is warm and Mosquitto has done what it does once a client, s. */
const warmS = 2;
/** As a fleet does, many connections share a wake of the process. */
const tickMs = 10;

const text = (of: string): Buffer => {
  const bytes = Buffer.from(of);
  return Buffer.concat([Buffer.of(bytes.length >> 8, bytes.length & 255), bytes]);
};
/** All remaining lengths here are below 128: one byte. */
const packet = (first: number, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(first, body.length), body]);
};
/** MQTT 3.1.1, clean session, 60 s. */
const connectPacket = (client: string): Buffer => packet(0x10, text("MQTT"), Buffer.of(4, 2, 0, 60), text(client));
const publishPacket = packet(0x32, text(topic), Buffer.of(0, 1), Buffer.from(payload));
const pubackBytes = 4;

/** Where the bytes of all sockets arrive. */
const arrived = new Uint8Array(64);
let ackedBytes = 0;

/** One that has been accepted. Whatever ends it ends the process. */
function opened(port: number, client: string): Promise<Socket> {
  return new Promise((resolve) => {
    let accepted = false;
    const socket = connect({
      host: "127.0.0.1",
      port,
      noDelay: true,
      onread: {
        buffer: arrived,
        callback(bytes) {
          if (accepted) ackedBytes += bytes;
          else {
            accepted = true;
            resolve(socket);
          }
          return true;
        },
      },
    });
    socket.write(connectPacket(client));
    const fail = (): never => {
      throw new Error("the broker refuses or ends a connection");
    };
    socket.on("error", fail);
    socket.on("end", fail);
  });
}

const [port = 0, count = 0, sendS = 0] = process.argv.slice(2).map(Number);
const sockets: Socket[] = [];
while (sockets.length < count) {
  const batch = Math.min(openingMost, count - sockets.length);
  sockets.push(...(await Promise.all(Array.from({ length: batch }, (_, index) => opened(port, `plain-${sockets.length + index}`)))));
}

let sent = 0;
/** Keeps each connection at its message a second for so long. */
async function send(seconds: number): Promise<void> {
  const total = Math.round(count * seconds);
  const startMs = performance.now();
  for (let done = 0; done < total;) {
    const due = Math.min(total, Math.floor(((performance.now() - startMs) / 1000) * count));
    for (; done < due; done++) {
      sockets[sent++ % count]!.write(publishPacket);
    }
    await pass(tickMs);
  }
}

await send(warmS);
const startMs = performance.now();
const before = process.cpuUsage();
await send(sendS);
const { user, system } = process.cpuUsage(before);
const cpuShare = (user + system) / 1000 / (performance.now() - startMs);
for (let waits = 0; ackedBytes < sent * pubackBytes && waits < 100; waits++) await pass(20);
const plain: Plain = { cpuShare, sent, acknowledged: ackedBytes / pubackBytes };
process.stdout.write(JSON.stringify(plain) + "\n", () => process.exit(0));
