/**
 * Virtual Bluetooth for pages and commands: WebSockets under `/ble` (../pairing/socket-protocol.ts), each at most one simulated
 * central of a board in this run. Bounded: sockets, links, sizes, and what waits on either side. A socket that ends takes its
 * central along. When somebody goes back on the timeline all links end; what they did until then happens again at its times.
 */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { WebSocket, WebSocketServer } from "ws";
import { socketMessageBytesMax } from "../pairing/socket-protocol.js";
import { AirLinks } from "./air-links.js";
import { AirSocket } from "./air-socket.js";
import type { Session } from "./session.js";

export const airPath = "/ble";
const socketsMax = 16;

export class Air {
  /** Loaded when somebody comes: most runs have nobody, and a start is to be quick. */
  #server: Promise<WebSocketServer> | undefined;
  #isClosed = false;
  readonly #session: Session;
  readonly #links: AirLinks;
  readonly #sockets = new Set<AirSocket>();

  constructor(session: Session) {
    this.#session = session;
    this.#links = new AirLinks(session);
  }

  /** A request for an upgrade, from whom may ask for one. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.#sockets.size >= socketsMax) return refuseUpgrade(socket, 503, `${socketsMax} sockets are open already: close one`);
    // Whoever is gone by then is nobody's error.
    socket.on("error", () => {});
    void this.#hand(request, socket, head);
  }

  close(): void {
    this.#isClosed = true;
    for (const socket of this.#sockets) socket.end();
    void this.#server?.then((server) => server.close());
  }

  async #hand(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    this.#server ??= made();
    const server = await this.#server;
    if (this.#isClosed) socket.destroy();
    else server.handleUpgrade(request, socket, head, (opened: WebSocket) => this.#take(opened));
  }

  #take(socket: WebSocket): void {
    // Others may have come while it was made.
    if (this.#sockets.size >= socketsMax) return socket.close(1013, `${socketsMax} sockets are open already: close one`);
    const opened = new AirSocket(socket, this.#session, this.#links, () => this.#sockets.delete(opened));
    this.#sockets.add(opened);
  }
}

async function made(): Promise<WebSocketServer> {
  const { WebSocketServer: Server } = await import("ws");
  return new Server({ noServer: true, clientTracking: false, maxPayload: socketMessageBytesMax });
}

export function refuseUpgrade(socket: Duplex, status: number, what: string): void {
  socket.on("error", () => {});
  const body = what + "\n";
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
