/** A board's connection to a service of the test's own, both ends written down. */
import type { TCP } from "../../../firmware/device.js";
import type { Peer } from "../../../host-sim/world/lan.js";
import { tcpClass } from "../../../host-sim/world/tcp.js";
import { bench } from "./bench.js";

export const address = "10.0.255.9";

export function connection(prepare: (made: ReturnType<typeof bench>) => void = () => {}, toPort = 7) {
  const made = bench();
  const { scheduler, cpu, lan, link } = made;
  prepare(made);
  const board = { writable: [] as number[], readable: [] as number[], received: [] as number[], errors: 0, readsAtOnce: true };
  const service = { received: [] as number[], closed: 0, peer: undefined as Peer | undefined };
  lan.services.set(address + ":7", (peer) => {
    service.peer = peer;
    return { received: (bytes) => void service.received.push(...bytes), closed: () => service.closed++ };
  });
  const SimulatedTCP = tcpClass(lan, link, scheduler, cpu);
  const read = () => board.received.push(...new Uint8Array(tcp.read() ?? new ArrayBuffer(0)));
  const open = (port = toPort): TCP =>
    new SimulatedTCP({
      address,
      port,
      onWritable: (bytes) => board.writable.push(bytes),
      onReadable: (bytes) => {
        board.readable.push(bytes);
        if (board.readsAtOnce) read();
      },
      onError: () => board.errors++,
    });
  const tcp: TCP = open();
  return { ...made, tcp, board, service, open, read };
}

/** `count` bytes, each told from its neighbours. */
export function bytes(count: number, first = 0): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: count }, (_, index) => (first + index * 7) & 0xff);
}
