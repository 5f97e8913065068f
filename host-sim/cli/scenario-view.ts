/** A scenario as a person follows it: its story, what happened when, which expectations were met, and what it came to. */
import { faultForms, type Fault, type FaultForm } from "../faults/catalogue.js";
import { parameterTexts } from "../scenario/fault-text.js";
import type { Finding } from "../scenario/judge.js";
import type { Expectation, Plan } from "../scenario/plan.js";
import type { Verdict } from "../scenario/run.js";
import { durationText } from "./duration.js";

/** Above so many boards, what happens to a single one is not told. */
const toldBoards = 8;
/** A fault that comes more often is not told each time. */
const toldTimes = 3;
const width = 78;

export interface ScenarioView {
  begin(plan: Plan, seed: number, engine: string): void;
  tell(atMs: number, text: string): void;
  fault(atMs: number, fault: Fault, healed: boolean): void;
  met(expectation: Expectation, atMs: number): void;
  failed(finding: Finding): void;
  end(plan: Plan, verdict: Verdict, simulatedMs: number, wallMs: number): void;
}

export function scenarioView(stream: { write(text: string): unknown; isTTY?: boolean }): ScenarioView {
  // A line of progress may stand where the next one goes.
  const out = { isTTY: stream.isTTY, write: (text: string) => void stream.write((stream.isTTY === true ? "\r\x1b[2K" : "") + text) };
  const colours = out.isTTY === true && process.env["NO_COLOR"] === undefined;
  const paint = (code: number, text: string): string => (colours ? `\x1b[${code}m${text}\x1b[0m` : text);
  const line = (atMs: number, mark: string, text: string): void => void out.write(`${clock(atMs)}  ${mark} ${text}\n`);
  let shownFailures = 0;
  /** How often each fault has come, by what it is. */
  const times = new Map<string, number>();
  return {
    begin(plan, seed, engine) {
      const boards = plan.boards.length === 1 ? "one board" : `${plan.boards.length.toLocaleString("en")} boards`;
      out.write(`${paint(1, plan.name)}\n`);
      for (const row of wrapped(plan.about.replace(/[^\P{C}\n]/gu, "�"), width)) out.write(`  ${row}\n`);
      out.write(`  ${paint(2, `${boards}, ${durationText(plan.durationMs)} of virtual time, ${engineName(engine)}, seed ${seed}`)}\n\n`);
    },
    tell: (atMs, text) => line(atMs, " ", text),
    fault(atMs, fault, healed) {
      const what = faultText(fault);
      const count = (times.get(what) ?? 0) + (healed ? 0 : 1);
      times.set(what, count);
      if (count > toldTimes + 1) return;
      if (count > toldTimes) {
        if (!healed) line(atMs, paint(33, "!"), `${faultName(fault)}, and so on`);
      } else line(atMs, healed ? paint(36, "~") : paint(33, "!"), healed ? `${faultName(fault)} is over` : what);
    },
    met: (expectation, atMs) => line(atMs, paint(32, "✓"), expectation.text),
    failed({ expectation, atMs, board, what }) {
      shownFailures++;
      if (shownFailures <= 10)
        line(atMs, paint(31, "✗"), `${expectation.text}\n${" ".repeat(13)}${board}: ${what}\n${" ".repeat(13)}${expectation.place}`);
    },
    end(plan, verdict, simulatedMs, wallMs) {
      const { failures, open } = verdict;
      if (failures.length > 10) out.write(`${" ".repeat(13)}… and ${failures.length - 10} more\n`);
      for (const { text, place } of open)
        out.write(`${clock(simulatedMs)}  ${paint(33, "?")} ${text}: time ran out\n${" ".repeat(13)}${place}\n`);
      const colour = failures.length > 0 ? 31 : open.length > 0 ? 33 : 32;
      const [result, ...rest] = verdictText(plan, verdict).split(":");
      out.write(`\n${paint(colour, result!)}:${rest.join(":")}, ${durationText(simulatedMs)} in ${durationText(wallMs)}\n`);
    },
  };
}

/** E.g. `passed: 8 of 8 expectations kept`. */
export function verdictText(plan: Plan, { failures, open }: Verdict): string {
  const all = plan.expect.length + plan.never.length;
  const broken = new Set(failures.map(({ expectation }) => expectation)).size;
  const result = broken > 0 ? "failed" : open.length > 0 ? "time ran out" : "passed";
  return all === 0 ? `${result}: nothing was expected` : `${result}: ${all - broken - open.length} of ${all} expectations kept`;
}

export function tellsBoards(plan: Plan): boolean {
  return plan.boards.length <= toldBoards;
}

function faultName({ kind, board, sensor }: Fault): string {
  const whom = board === undefined ? "" : ` ${board}`;
  return `${kind}${whom}${sensor === undefined ? "" : `${whom === "" ? " " : "."}${sensor}`}`;
}

function faultText(fault: Fault): string {
  const form: FaultForm = faultForms[fault.kind];
  const how = Object.entries(parameterTexts(fault)).map(([name, value]) => `${name} ${value}`);
  if (form.lasts) how.push(fault.forMs === Infinity ? "from here on" : `for ${durationText(fault.forMs)}`);
  return `${faultName(fault)}: ${form.about}${how.length === 0 ? "" : ` (${how.join(", ")})`}`;
}

function engineName(engine: string): string {
  return engine === "xs" ? "XS" : "Node's engine";
}

/** `  1:02:03.4`, eleven characters. */
export function clock(ms: number): string {
  const tenths = Math.floor(ms / 100);
  const [h, m, s] = [Math.floor(tenths / 36_000), Math.floor(tenths / 600) % 60, Math.floor(tenths / 10) % 60];
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${h > 0 ? `${h}:${two(m)}` : String(m)}:${two(s)}.${tenths % 10}`.padStart(10);
}

export function wrapped(text: string, columns: number): string[] {
  const rows: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = rows.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= columns) rows[rows.length - 1] = `${last} ${word}`;
    else if (word !== "") rows.push(word);
  }
  return rows;
}
