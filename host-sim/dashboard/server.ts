/**
 * The dashboard's server, on this computer alone: the page, an event stream for each browser, commands,
 * the configurator's page, and virtual Bluetooth for it (air.ts). It answers only requests for this very host and, where they command something, from its own
 * page: no other site can reach it through somebody's browser.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Plan } from "../scenario/plan.js";
import type { Answer, Command, RunName } from "../web/protocol.js";
import { Air, airPath, refuseUpgrade } from "./air.js";
import { type Assets, assets } from "./assets.js";
import { configuratorAsset, configuratorPolicy, configuratorRoot } from "./configurator.js";
import { Frames, helloOf, type Looked } from "./frames.js";
import type { Session } from "./session.js";
import { Stream } from "./stream.js";
import type { VirtualSession } from "./virtual-session.js";

export interface DashboardOptions {
  readonly session: Session;
  /** In words, where the boards' messages go. */
  readonly broker: string;
  /** The port to have if it is free; default 8080. */
  readonly port?: number;
  /** A plan as the text of a scenario file. */
  write(plan: Plan): string | Promise<string>;
  /** Makes a live run's replay in virtual time. */
  replay?(plan: Plan): VirtualSession;
}

export interface Dashboard {
  readonly url: string;
  readonly port: number;
  /** Another program has the usual port. */
  readonly usualPortTaken: boolean;
  /** Lets every browser go. */
  close(): Promise<void>;
}

const usualPort = 8080;
const streamsMax = 64;
/** At the head of a scenario of such a run. */
const untold = "# What was done over Bluetooth by hand is not in here: `visits` say such things (docs/scenarios.md).\n";
const commandBytesMax = 16_384;

export async function openDashboard(options: DashboardOptions): Promise<Dashboard> {
  const { port = usualPort } = options;
  const server = createServer();
  try {
    await listen(server, port);
  } catch {
    await listen(server, 0);
  }
  const { port: taken } = server.address() as { port: number };
  const service = new Service(options, taken);
  server.on("request", (request, response) => service.answer(request, response));
  server.on("upgrade", (request, socket, head) => service.upgrade(request, socket, head));
  server.on("clientError", (_error, socket) => socket.destroy());
  return {
    url: `http://127.0.0.1:${taken}/`,
    port: taken,
    usualPortTaken: port !== 0 && taken !== port,
    close() {
      service.close();
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

class Service {
  readonly #options: DashboardOptions;
  readonly #assets: Assets = assets();
  readonly #hosts: ReadonlySet<string>;
  readonly #air: Air;
  readonly #streams = new Set<Stream>();
  #replay: VirtualSession | undefined;

  constructor(options: DashboardOptions, port: number) {
    this.#options = options;
    this.#hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]);
    this.#air = new Air(options.session);
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    response.setHeader("x-content-type-options", "nosniff");
    response.setHeader("referrer-policy", "no-referrer");
    response.setHeader("cross-origin-resource-policy", "same-origin");
    const stranger = this.#stranger(request);
    if (stranger !== undefined) return refuse(response, 403, stranger);
    const { host = "" } = request.headers;
    // A page of another site may not even look, where its browser says that it is one.
    const { "sec-fetch-site": site = "none", "sec-fetch-mode": mode } = request.headers;
    if (site !== "same-origin" && site !== "none" && mode !== "navigate")
      return refuse(response, 403, "this dashboard answers only its own page");
    const address = `http://${host}${request.url ?? "/"}`;
    if (!URL.canParse(address)) return refuse(response, 400, "this is no address");
    const url = new URL(address);
    if (request.method === "POST" && url.pathname === "/command") return this.#command(request, response, url);
    if (request.method !== "GET" && request.method !== "HEAD") return refuse(response, 405, "only GET, and POST of commands");
    if (url.pathname === "/events") return this.#stream(response, url);
    if (url.pathname === "/scenario") return void this.#scenario(response, url);
    // Its files name each other beside themselves.
    if (url.pathname + "/" === configuratorRoot) {
      response.writeHead(308, { location: configuratorRoot + url.search }).end();
      return;
    }
    const configures = url.pathname.startsWith(configuratorRoot);
    const asset = configures ? configuratorAsset(url.pathname) : this.#assets.get(url.pathname);
    if (typeof asset === "string") return refuse(response, 404, asset);
    if (asset === undefined) return refuse(response, 404, "there is nothing under this address");
    response.writeHead(200, {
      "content-type": asset.type,
      "content-length": asset.body.length,
      "cache-control": "no-cache",
      "content-security-policy": configures ? configuratorPolicy(host) : this.#assets.policy,
    });
    response.end(request.method === "HEAD" ? undefined : asset.body);
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const stranger = this.#stranger(request);
    if (stranger !== undefined) return refuseUpgrade(socket, 403, stranger);
    if (request.url !== airPath) return refuseUpgrade(socket, 404, "there is nothing under this address");
    this.#air.upgrade(request, socket, head);
  }

  /** Why nobody is answered: a foreign name that leads here is a foreign site in this computer's browser. */
  #stranger({ headers: { host = "", origin } }: IncomingMessage): string | undefined {
    if (!this.#hosts.has(host)) return "this dashboard answers only under 127.0.0.1 and localhost";
    return origin !== undefined && origin !== `http://${host}` ? "this dashboard answers only its own page" : undefined;
  }

  close(): void {
    this.#air.close();
    for (const stream of this.#streams) stream.end();
    this.#replay?.close();
  }

  #session(url: URL): Session {
    const { session } = this.#options;
    return url.searchParams.get("run") === "virtual" ? (this.#replay ?? session) : session;
  }

  #stream(response: ServerResponse, url: URL): void {
    if (this.#streams.size >= streamsMax) return refuse(response, 503, `${streamsMax} pages are open already: close one`);
    const session = this.#session(url);
    const board = url.searchParams.get("board");
    const channel = url.searchParams.get("channel") ?? "";
    // Who has one board has nothing to choose from.
    const only = session.boards.length === 1 ? session.boards[0]!.station.name : undefined;
    const looked: Looked = (board ?? only) === undefined ? { channel } : { board: board ?? only! };
    const frames = new Frames(session, looked);
    const runs: RunName[] = [this.#options.session.name];
    if (this.#replay !== undefined) runs.push(this.#replay.name);
    const hello = helloOf(session, { runs, canReplay: this.#options.replay !== undefined, broker: this.#options.broker });
    const stream = new Stream(
      response,
      hello,
      () => frames.next(),
      () => this.#streams.delete(stream),
    );
    this.#streams.add(stream);
  }

  async #scenario(response: ServerResponse, url: URL): Promise<void> {
    let text: string;
    try {
      const session = this.#session(url);
      text = (session.wasTouched ? untold : "") + (await this.#options.write(session.plan()));
    } catch (error) {
      return refuse(response, 500, error instanceof Error ? error.message : String(error));
    }
    response.writeHead(200, { "content-type": "text/yaml; charset=utf-8", "cache-control": "no-store" });
    response.end(text);
  }

  #command(request: IncomingMessage, response: ServerResponse, url: URL): void {
    // A form on another site cannot send this type without asking first.
    if (request.headers["content-type"] !== "application/json") return refuse(response, 415, "commands are application/json");
    let body = "";
    request.setEncoding("utf8");
    request.on("error", () => {});
    request.on("data", (text: string) => {
      body += text;
      if (body.length > commandBytesMax) request.destroy();
    });
    request.on("end", () => {
      let answer: Answer;
      try {
        answer = this.#obey(this.#session(url), JSON.parse(body) as Command);
      } catch {
        answer = { ok: false, message: "this is no command" };
      }
      response.writeHead(answer.ok ? 200 : 422, { "content-type": "application/json", "cache-control": "no-store" });
      response.end(JSON.stringify(answer));
    });
  }

  #obey(session: Session, command: Command): Answer {
    const done = ((): ReturnType<Session["pause"]> => {
      switch (command.do) {
        case "pause":
          return session.pause();
        case "run":
          return session.run(command.speed);
        case "step":
          return session.step(command.byMs);
        case "go":
          return session.go(command.toMs);
        case "break":
          return session.strike(command);
        case "heal":
          return session.heal(command.key);
        case "replay":
          return this.#beginReplay(session);
      }
    })();
    return done.ok ? { ok: true } : { ok: false, message: done.error.message };
  }

  #beginReplay(live: Session): ReturnType<Session["pause"]> {
    const plan = live.plan();
    this.#replay?.close();
    this.#replay = this.#options.replay!(plan);
    const started = this.#replay.start();
    return started.ok ? this.#replay.go(live.nowMs) : started;
  }
}

function refuse(response: ServerResponse, status: number, what: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" });
  response.end(what + "\n");
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
}
