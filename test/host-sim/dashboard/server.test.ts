/** The dashboard's server as browsers, and those who pretend to be one, meet it. */
import { type IncomingMessage, request, type RequestOptions } from "node:http";
import { createServer } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import type { Dashboard } from "../../../host-sim/dashboard/server.js";
import type { VirtualSession } from "../../../host-sim/dashboard/virtual-session.js";
import type { Frame, Hello } from "../../../host-sim/web/protocol.js";
import { parseScenario } from "../../../host-sim/scenario/parse.js";
import { dashboard, goneTo, session, until } from "./rig.js";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

async function opened(made: VirtualSession = session(), options: Parameters<typeof dashboard>[1] = {}) {
  cleanups.push(() => made.close());
  const shown = await dashboard(made, options);
  cleanups.push(() => shown.close());
  return { made, shown };
}

interface Response {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
}

function ask({ port }: Dashboard, path: string, options: RequestOptions = {}, body?: string): Promise<Response> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path, agent: false, ...options }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (more: string) => (text += more));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

const json = { "content-type": "application/json" };
const command = (shown: Dashboard, body: string, headers: Record<string, string> = json) =>
  ask(shown, "/command", { method: "POST", headers }, body);

/** Listens to the event stream; `stop` goes away without a word, as a closed tab does. */
function listen({ port }: Dashboard, path: string) {
  const messages: (Hello | Frame)[] = [];
  let rest = "";
  const asked = request({ host: "127.0.0.1", port, path, agent: false }, (response) => {
    response.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n\n");
      rest = lines.pop()!;
      for (const line of lines) messages.push(JSON.parse(line.slice("data: ".length)) as Hello | Frame);
    });
    response.on("error", () => {});
  });
  asked.on("error", () => {});
  asked.end();
  cleanups.push(() => asked.destroy());
  return { messages, stop: () => asked.destroy() };
}

describe("the page", () => {
  test("comes with a policy that lets nothing leave, and all it is made of is there", async () => {
    const { shown } = await opened();
    const page = await ask(shown, "/");
    expect(page.status).toBe(200);
    expect(page.headers["content-security-policy"]).toMatch(/^default-src 'none'; script-src 'self' 'sha256-/);
    const parts = [...page.text.matchAll(/(?:href|src)="(\/[^"]*)"/g)].map(([, path]) => path!);
    expect(parts).toContain("/main.js");
    expect(parts).toContain("/uplot.js");
    for (const path of parts) expect(await ask(shown, path), path).toMatchObject({ status: 200 });
    expect(page.text).not.toMatch(/https?:\/\//);
  });

  test("links the configurator, which has a policy of its own and speaks to this very host alone", async () => {
    const { shown } = await opened();
    expect((await ask(shown, "/")).text).toContain('href="/configure/"');
    const page = await ask(shown, "/configure/");
    // Built or not: without it, it is said what makes it.
    if (page.status === 404) expect(page.text).toContain("npm run build");
    else {
      expect(page.headers["content-type"]).toContain("text/html");
      expect(page.headers["content-security-policy"]).toContain(`connect-src 'self' ws://127.0.0.1:${shown.port};`);
    }
    expect(await ask(shown, "/configure?board=porch")).toMatchObject({ status: 308, headers: { location: "/configure/?board=porch" } });
    for (const path of [
      "/configure/../package.json",
      "/configure/..%2fhost.tsbuildinfo",
      "/configure/%2e%2e/x.js",
      "/configure/a/b.js",
      "/configure/x.map",
    ])
      expect(await ask(shown, path), path).toMatchObject({ status: 404 });
  });

  test("is all there is: no other file can be had", async () => {
    const { shown } = await opened();
    for (const path of ["/package.json", "/../package.json", "/%2e%2e/package.json", "//etc/passwd", "/main.ts"]) {
      expect(await ask(shown, path)).toMatchObject({ status: 404 });
    }
    expect(await ask(shown, "/", { method: "DELETE" })).toMatchObject({ status: 405 });
  });
});

test("a copied scenario says that what was done over Bluetooth is not in it, where something was", async () => {
  const { made, shown } = await opened();
  expect((await ask(shown, "/scenario")).text).not.toMatch("Bluetooth");
  made.run(10);
  await until("it has begun", () => made.nowMs > 100);
  made.touch(({ simulation }) => {
    const { board } = simulation.stations[0]!;
    board.line(board.model.button).drive(0);
  });
  const { text } = await ask(shown, "/scenario");
  expect(text).toMatch(/^# What was done over Bluetooth by hand is not in here/);
  expect(parseScenario("copied.yaml", text).ok).toBe(true);
  await goneTo(made, 50);
  expect((await ask(shown, "/scenario")).text).not.toMatch("Bluetooth");
});

describe("a foreign site", () => {
  test("under a name of its own that leads here gets nothing", async () => {
    const { shown } = await opened();
    for (const path of ["/", "/events", "/scenario"]) {
      expect(await ask(shown, path, { headers: { host: "evil.example" } })).toMatchObject({ status: 403 });
    }
    expect(await ask(shown, "/", { headers: { host: `localhost:${shown.port}` } })).toMatchObject({ status: 200 });
  });

  test("whose browser says so cannot listen or look, and addresses that are none are answered", async () => {
    const { made, shown } = await opened();
    for (const path of ["/", "/events", "/scenario"]) {
      expect(await ask(shown, path, { headers: { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" } })).toMatchObject({
        status: 403,
      });
    }
    // A link is no danger: the page itself looks the same to everybody.
    expect(await ask(shown, "/", { headers: { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" } })).toMatchObject({
      status: 200,
    });
    expect(await ask(shown, "//")).toMatchObject({ status: 404 });
    expect(await ask(shown, "http://[")).toMatchObject({ status: 400 });
    expect(made.failure).toBeUndefined();
  });

  test("commands nothing, neither with its origin nor by a form", async () => {
    const { made, shown } = await opened();
    const step = JSON.stringify({ do: "step", byMs: 1000 });
    expect(await command(shown, step, { ...json, origin: "http://evil.example" })).toMatchObject({ status: 403 });
    expect(await command(shown, step, { ...json, origin: `http://127.0.0.1:${shown.port + 1}` })).toMatchObject({ status: 403 });
    expect(await command(shown, step, { "content-type": "text/plain" })).toMatchObject({ status: 415 });
    expect(made.state).toBe("paused");
    expect(made.nowMs).toBe(0);
    expect(await command(shown, step, { ...json, origin: `http://127.0.0.1:${shown.port}` })).toMatchObject({ status: 200 });
  });
});

describe("a command", () => {
  test("that is none is answered, and the run goes on", async () => {
    const { made, shown } = await opened();
    for (const body of [
      "",
      "{",
      "null",
      "[]",
      '{"do":"fly"}',
      '{"do":"go","toMs":"soon"}',
      '{"do":"break","kind":"toString"}',
      '{"do":"replay"}',
    ]) {
      expect(await command(shown, body), body).toMatchObject({ status: 422 });
    }
    await expect(command(shown, JSON.stringify({ do: "pause", more: "x".repeat(100_000) }))).rejects.toThrow();
    expect(made.failure).toBeUndefined();
    expect(await command(shown, '{"do":"step","byMs":500}')).toMatchObject({ status: 200, text: '{"ok":true}' });
    await until("the step is done", () => made.nowMs === 500);
  });
});

describe("the stream", () => {
  test("says who there is, then shows values as they come", async () => {
    const { made, shown } = await opened();
    const { messages } = listen(shown, "/events?board=board");
    made.run(10);
    await until("a value", () => messages.some((each) => each.kind === "frame" && each.board!.points.some(({ out }) => out.length > 0)));
    const hello = messages[0] as Hello;
    expect(hello).toMatchObject({ kind: "hello", run: "virtual", boards: [{ name: "board" }], broker: "the broker model" });
    expect(hello.apps[0]!.channels.map(({ name }) => name)).toContain("temperature");
    expect(hello.faults.map(({ kind }) => kind)).not.toContain("memory");
    const wire = messages.flatMap((each) => (each.kind === "frame" ? each.board!.wire : []));
    expect(wire[0]).toMatchObject({ way: "out", what: "CONNECT" });
    expect(wire[1]).toMatchObject({ way: "in", what: "CONNACK", text: "accepted" });
  });

  test("sends no point twice and none never, whenever a browser comes", async () => {
    const { made, shown } = await opened();
    const first = listen(shown, "/events");
    made.run(20);
    await until("five seconds", () => made.nowMs > 5000);
    const second = listen(shown, "/events");
    await until("ten seconds", () => made.nowMs > 10_000);
    made.pause();
    const total = made.boards[0]!.channels[0]!.raw.total;
    const points = ({ messages }: typeof first) =>
      messages
        .flatMap((each) => (each.kind === "frame" ? each.board!.points : []))
        .flatMap(({ channel, rawMs }) => (channel === 0 ? rawMs : []));
    for (const browser of [first, second]) {
      await until("all points", () => points(browser).length >= total);
      expect(points(browser)).toEqual([...new Set(points(browser))].sort((a, b) => a - b));
      expect(points(browser)).toHaveLength(total);
    }
  });

  test("of many boards has a cell for each, and then only what is new", async () => {
    const { made, shown } = await opened(session({ boards: 12 }));
    const { messages } = listen(shown, "/events?channel=humidity");
    await until("a frame", () => messages.length > 1);
    expect((messages[1] as Frame).cells).toHaveLength(12);
    expect((messages[1] as Frame).resetCells).toBe(true);
    await until("more frames", () => messages.length > 3);
    expect((messages.at(-1) as Frame).cells).toEqual([]);
    made.strike({ do: "break", kind: "power-cut", board: "board-3", parameters: {} });
    await until("the cell of the board that is off", () =>
      messages.some((each) => each.kind === "frame" && each.cells?.some(([index, condition]) => index === 2 && condition === 0) === true),
    );
  });

  test("that a browser leaves in the middle harms nobody", async () => {
    const { made, shown } = await opened();
    made.run(10);
    const browsers = Array.from({ length: 5 }, () => listen(shown, "/events"));
    await until("frames", () => browsers.every(({ messages }) => messages.length > 3));
    for (const { stop } of browsers.slice(1)) stop();
    const before = browsers[0]!.messages.length;
    await until("more frames", () => browsers[0]!.messages.length > before + 3);
    expect(made.state).toBe("running");
  });
});

test("where the usual port is taken, a free one serves, and the dashboard says so", async () => {
  const holder = createServer();
  await new Promise<void>((done) => holder.listen(0, "127.0.0.1", done));
  cleanups.push(() => holder.close());
  const { port } = holder.address() as { port: number };
  const { shown } = await opened(session(), { port });
  expect(shown.usualPortTaken).toBe(true);
  expect(shown.port).not.toBe(port);
  expect(await ask(shown, "/")).toMatchObject({ status: 200 });
});
