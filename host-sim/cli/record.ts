/** `mote record`: saves a broker's traffic as a recording or a trace until it is told to end, and says what came of it. Returns the exit code. */
import { isUtf8 } from "node:buffer";
import { Recorder } from "../node/recorder.js";
import { traffic, type Traffic } from "../node/traffic.js";
import { complain } from "./complaint.js";
import { brokerUrl } from "./broker-url.js";
import { durationText } from "./duration.js";
import { Interruption } from "./interruption.js";
import { openRecord, type RecordFile } from "./record-file.js";
import type { RecordOptions } from "./record-options.js";
import { plural, progressText, recordView } from "./record-view.js";

/** Node's timers reach not much further. */
const timerMaxMs = 2 ** 30;

const passEveryMs = 100;

export async function record(options: RecordOptions): Promise<number> {
  const interruption = new Interruption();
  const ended = new Ending(interruption);
  const opened = options.out === undefined ? undefined : openRecord(options.out.file, () => ended.wake());
  if (opened?.ok === false) return complain(opened.error.message, 2);
  const exitCode = await recorded(options, opened?.value, ended);
  interruption.release();
  return exitCode;
}

/** Whatever ends a recording: its time, Ctrl-C, or a file that cannot be written any more. */
class Ending {
  readonly promise: Promise<void>;
  wake: () => void = () => {};

  constructor(interruption: Interruption) {
    this.promise = new Promise((resolve) => {
      this.wake = resolve;
    });
    interruption.onRequested(() => this.wake());
  }
}

async function recorded(options: RecordOptions, file: RecordFile | undefined, ended: Ending): Promise<number> {
  const { broker, filters, columns, durationMs, json, out } = options;
  const url = brokerUrl(broker);
  // stdout is the traffic's, or with --json the counts'.
  const screen = json || file === undefined ? process.stderr : process.stdout;
  const write = (line: string): void => (file === undefined ? void process.stdout.write(line + "\n") : file.write(line));
  let note = (text: string): void => void screen.write(text + "\n");
  const recorder = out?.kind === "csv" ? new Recorder({ columns, filters, write, note: (text) => note(text) }) : undefined;
  let messages = 0;
  let retained = 0;
  let lostAtMs = 0;
  let startMs = performance.now();
  const elapsedMs = (): number => performance.now() - startMs;

  const started = await traffic(
    broker,
    filters,
    {
      onMessage(topic, payload, { retain, qos }) {
        messages++;
        if (retain) retained++;
        const atMs = nowMs();
        if (recorder !== undefined) recorder.take({ atMs, topic, payload, retain });
        else write(trafficLine(atMs, topic, payload, retain, qos));
      },
      onLost(why) {
        lostAtMs = performance.now();
        note(`The connection to ${url} is lost: ${why}. The recording goes on when it is back.`);
      },
      onBack: () => note(`Connected again after ${durationText(performance.now() - lostAtMs)}: what came in between is missing.`),
    },
    ended.promise,
  );
  if (!started.ok) {
    file?.close();
    return complain(`no recording from ${url}: ${started.error.message}`, 1);
  }

  startMs = performance.now();
  greet(screen, options, url);
  const view = recordView(screen, () => progressText({ messages, elapsedMs: elapsedMs(), recorder }));
  note = (text) => view.note(text);
  const passing = setInterval(() => recorder?.pass(nowMs()), passEveryMs);
  const callOff = durationMs === undefined ? undefined : wakeAfter(durationMs, () => ended.wake());
  await ended.promise;
  callOff?.();
  clearInterval(passing);
  recorder?.end();
  view.end();
  const tookMs = elapsedMs();
  await (started.value satisfies Traffic).close();
  const lost = file?.close();

  const rows =
    recorder === undefined || recorder.rows === 0 ? "" : `, ${plural(recorder.rows, "row")} of ${[...recorder.values.keys()].join(", ")}`;
  if (!json)
    screen.write(`Recorded  ${plural(messages, "message")} in ${durationText(tookMs)}${rows}${retainedText(retained, recorder)}\n`);
  let exitCode = 0;
  if (lost !== undefined) exitCode = complain(lost, 1);
  else {
    const nothing = nothingText(messages, retained, filters, recorder);
    if (nothing !== undefined) exitCode = complain(nothing, 1);
    else if (!json && out !== undefined) {
      screen.write(`Replay    mote ${out.kind === "csv" ? `sim --source ${out.file} --speed max` : `replay ${out.file}`}\n`);
    }
  }
  if (json) {
    const counted =
      recorder === undefined ? {} : { rows: recorder.rows, unreadable: recorder.unreadable, columns: [...recorder.values.keys()] };
    console.log(JSON.stringify({ messages, retained, ...counted, durationMs: Math.round(tookMs) }));
  }
  return exitCode;
}

/** Since 1970; monotonic, whatever happens to the computer's clock meanwhile. */
function nowMs(): number {
  return Math.floor(performance.timeOrigin + performance.now());
}

/** Returns what calls it off. */
function wakeAfter(durationMs: number, wake: () => void): () => void {
  const untilMs = performance.now() + durationMs;
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    const leftMs = untilMs - performance.now();
    if (leftMs <= 0) wake();
    else timer = setTimeout(look, Math.min(leftMs, timerMaxMs));
  };
  look();
  return () => clearTimeout(timer);
}

export function trafficLine(ms: number, topic: string, payload: Buffer, retain: boolean, qos: number): string {
  const content = isUtf8(payload) ? { payload: payload.toString("utf8") } : { hex: payload.toString("hex") };
  return JSON.stringify({ ms, topic, ...content, retain, qos });
}

function greet(screen: NodeJS.WriteStream, { filters, columns, out, durationMs }: RecordOptions, url: string): void {
  screen.write(`Record  ${url}, ${filters.join(", ")}\n`);
  const named = [...columns].map(([name, topic]) => `${name} from ${topic}`).join(", ");
  if (out !== undefined) screen.write(`Into    ${out.file}${named === "" ? "" : `: ${named}`}\n`);
  screen.write(`Stop    Ctrl-C${durationMs === undefined ? "" : `, or by itself after ${durationText(durationMs)}`}\n`);
}

function retainedText(retained: number, recorder: Recorder | undefined): string {
  if (retained === 0) return "";
  return recorder === undefined
    ? ` (${retained.toLocaleString("en")} of them retained)`
    : `; ${plural(retained, "retained message")} left out`;
}

/** Why a recording came to nothing, and what would help. */
function nothingText(messages: number, retained: number, filters: readonly string[], recorder: Recorder | undefined): string | undefined {
  const topics = filters.join(", ");
  if (messages === 0) return `nothing came on ${topics}: look with --topic '#' what there is`;
  if (recorder === undefined || recorder.rows > 0) return undefined;
  if (messages === retained) return `no row was written: all that came on ${topics} were retained messages, from before the recording`;
  if (recorder.values.size === 0)
    return `no row was written: no topic under ${topics} ends in a column's name (--column NAME=TOPIC says which is which)`;
  return `no row was written: rows begin when every column has a value, and ${recorder.missing.join(", ")} never came`;
}
