/** The page's beginning: which view is open, and what goes from the server's frames to its parts. */
import { BoardView } from "./board-view.js";
import { byId, make, say, toast } from "./dom.js";
import { FaultsView } from "./faults-view.js";
import { GridView } from "./grid-view.js";
import { onKeys } from "./keys.js";
import { Link } from "./link.js";
import type { Command, Frame, Hello, Mark, RunName, Span } from "./protocol.js";
import { startTheme, toggleTheme } from "./theme.js";
import { TransportView } from "./transport-view.js";

startTheme();

let hello: Hello | undefined;
let frame: Frame | undefined;
let marks: readonly Mark[] = [];
let spans: readonly Span[] = [];
let generation = -1;
let built = "";
let drawing = false;
let shownOnce = false;

const link = new Link({ onHello, onFrame, onLost });
const send = async (command: Command): Promise<boolean> => {
  const answer = await link.command(command);
  if (!answer.ok) toast(answer.message, true);
  return answer.ok;
};
const sendOnly = (command: Command): void => void send(command);
const transport = new TransportView(sendOnly);
const faults = new FaultsView(sendOnly);
const board = new BoardView();
const grid = new GridView((name) => go({ board: name }));
const channel = byId<HTMLSelectElement>("channel");

/** What the address says. */
function place(): { board: string | undefined; run: RunName | undefined; channel: string | undefined } {
  const query = new URLSearchParams(location.hash.slice(1));
  const run = query.get("run");
  return {
    board: query.get("board") ?? undefined,
    channel: query.get("channel") ?? undefined,
    run: run === "virtual" || run === "live" ? run : undefined,
  };
}

function go(to: { board?: string; channel?: string; run?: RunName }): void {
  const query = new URLSearchParams();
  const { run = place().run, board, channel } = to;
  if (run !== undefined) query.set("run", run);
  if (board !== undefined) query.set("board", board);
  if (channel !== undefined) query.set("channel", channel);
  location.hash = query.toString();
}

function look(): void {
  frame = undefined;
  generation = -1;
  link.look(place());
}

function onHello(said: Hello): void {
  hello = said;
  byId("loading").hidden = true;
  byId("alert").hidden = true;
  const { channel: wanted } = place();
  const named = boardShown();
  const info = said.boards.find(({ name }) => name === named);
  if (named !== undefined && info === undefined) {
    toast(`there is no board ${named} here`, true);
    return go({});
  }
  const key = JSON.stringify([said.run, named, wanted, said.boards.length, said.apps]);
  byId("board").hidden = info === undefined;
  byId("grid").hidden = info !== undefined;
  byId("lamps").hidden = info === undefined;
  byId("back").hidden = info === undefined || said.boards.length === 1;
  byId<HTMLAnchorElement>("configure").href = "/configure/" + (named === undefined ? "" : "?board=" + encodeURIComponent(named));
  const app = info === undefined ? undefined : said.apps[info.app]!;
  say(byId("title"), named ?? "Mote");
  byId("title").title = info === undefined ? "" : `${info.name}: ${info.device} in topics`;
  subtitle(said, undefined);
  document.title = named === undefined ? "Mote" : `${named} · Mote`;
  transport.live = said.run === "live";
  showRuns(said);
  faults.offer(said.faults, { board: named, boards: said.boards.length, sensors: app?.sensors.map(({ name }) => name) ?? [] });
  if (key === built) return;
  built = key;
  if (app !== undefined) board.build(app);
  else {
    const names = [...new Set(said.apps.flatMap(({ channels }) => channels.map(({ name }) => name)))];
    channel.replaceChildren(...names.map((name) => make("option", { value: name, selected: name === wanted }, name)));
    grid.build(said, channel.value);
  }
}

/** Who has one board has nothing to choose from. */
function boardShown(): string | undefined {
  return place().board ?? (hello?.boards.length === 1 ? hello.boards[0]!.name : undefined);
}

function subtitle({ boards, seed, engine, broker }: Hello, device: string | undefined): void {
  const { model } = boards.find(({ name }) => name === boardShown()) ?? {};
  const words = [
    ...(device === undefined ? [] : [device]),
    model ?? `${boards.length} boards`,
    `seed ${seed}`,
    engine === "xs" ? "XS" : "Node's engine",
    broker,
  ];
  say(byId("subtitle"), words.join(" · "));
}

/** From a live run to its replay in virtual time, and back. */
function showRuns({ run, runs, canReplay }: Hello): void {
  const button = byId("runs");
  const away = run === "live" ? canReplay : runs.includes("live");
  button.hidden = !away;
  say(button, run === "live" ? "Replay in virtual time" : "Back to the live run");
  button.onclick = async () => {
    if (run !== "live") return go({ ...place(), run: "live" } as Parameters<typeof go>[0]);
    if (await send({ do: "replay" })) go({ ...place(), run: "virtual" } as Parameters<typeof go>[0]);
  };
}

function onFrame(next: Frame): void {
  if (hello === undefined) return;
  frame = next;
  if (next.generation !== generation) {
    generation = next.generation;
    spans = [];
    marks = [];
    board.forget();
  }
  if (next.marks !== undefined) marks = next.marks;
  if (next.board !== undefined) {
    spans = next.board.spans ?? spans;
    board.take(next.board);
  }
  if (next.cells !== undefined) {
    if (next.resetCells === true) grid.build(hello, channel.value);
    grid.take(next.cells);
  }
  schedule();
}

function schedule(): void {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(draw);
}

function draw(nowMs: number): void {
  drawing = false;
  if (frame === undefined || hello === undefined) return;
  const alert = byId("alert");
  alert.hidden = frame.failure === undefined;
  if (frame.failure !== undefined) say(alert, `The run has failed: ${frame.failure}. Go back on the timeline to run it again.`);
  transport.show(frame, marks, spans, nowMs);
  faults.show(marks, boardShown());
  faults.tick(frame.nowMs);
  if (frame.board === undefined) {
    grid.draw();
  } else {
    board.draw(hello, frame, nowMs);
    subtitle(hello, frame.board.device);
  }
  if (!shownOnce && [...document.querySelectorAll(".value, .cellvalue")].some(({ textContent }) => /\d/.test(textContent))) {
    shownOnce = true;
    performance.mark("first-value");
  }
}

function onLost(): void {
  const alert = byId("alert");
  say(alert, "The simulator does not answer. This page goes on by itself when it is there again.");
  alert.hidden = false;
}

async function copy(): Promise<void> {
  try {
    const text = await link.scenario();
    await navigator.clipboard.writeText(text);
    toast(`Copied: a scenario of ${text.trimEnd().split("\n").length} lines`);
  } catch (error) {
    toast(`It could not be copied: ${error instanceof Error ? error.message : String(error)}`, true);
  }
}

const help = byId<HTMLDialogElement>("help");
const allBoards = (): void => {
  if ((hello?.boards.length ?? 0) > 1) go({});
};
byId("back").addEventListener("click", allBoards);
byId("copy").addEventListener("click", () => void copy());
byId("theme").addEventListener("click", toggleTheme);
byId("ask").addEventListener("click", () => help.showModal());
channel.addEventListener("change", () => go({ channel: channel.value }));
addEventListener("hashchange", look);
onKeys({
  " ": () => transport.toggle(),
  ".": () => transport.step(),
  ArrowLeft: ({ shiftKey }) => transport.move(shiftKey ? -60_000 : -10_000),
  ArrowRight: ({ shiftKey }) => transport.move(shiftKey ? 60_000 : 10_000),
  "1": () => transport.speed(1),
  "2": () => transport.speed(10),
  "3": () => transport.speed("max"),
  f: () => faults.focus(),
  h: () => sendOnly({ do: "heal" }),
  g: allBoards,
  c: () => void copy(),
  t: toggleTheme,
  "?": () => help.showModal(),
});
look();
