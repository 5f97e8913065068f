/**
 * Scenario files into plans. Whatever the text is, it ends with a plan that is complete and within all
 * bounds, or with one to five mistakes, a line each: `file:line:column: what is wrong, what would be right`; where
 * there are more, a line says so.
 */
import { dirname, resolve } from "node:path";
import { failure, success, type Result } from "../../firmware/base/result.js";
import { boardsOf } from "./parse-boards.js";
import { expectationsOf } from "./parse-expectations.js";
import { faultsOf, knownSensors, type SensorsOf } from "./parse-faults.js";
import { consumerOf } from "./parse-history.js";
import { environmentOf, longestMs } from "./parse-signals.js";
import { networksOf, visitsOf } from "./parse-visits.js";
import type { Plan } from "./plan.js";
import { sheetOf } from "./reader-document.js";
import { Fields } from "./reader-fields.js";
import { isNothing, quote, Reader } from "./reader.js";

const keys = ["name", "about", "seed", "duration", "boards", "environment", "faults", "consumer", "visits", "networks", "expect", "never"];
export const seedMax = 4_294_967_295;
/** What every board of a simulation is built for (simulation.ts). */
export const ownNetwork = "mote";
const nameMax = 100;
const example = "duration: 10m";

/**
 * `file` is where the text comes from: it stands in messages, and paths in the text are relative to its
 * folder. `sensorsOf` tells the sensors of apps; by default those of app files are not known, and faults on
 * them are taken as they are.
 */
export function parseScenario(file: string, text: string, sensorsOf: SensorsOf = knownSensors): Result<Plan, "scenario"> {
  const { lines, sheet } = sheetOf(text);
  if ("what" in sheet) {
    const reader = new Reader(file, lines, new Map());
    reader.wrong(sheet, sheet.what);
    return failure("scenario", reader.report());
  }
  const reader = new Reader(file, lines, sheet.aliases);
  const plan = isNothing(sheet.root)
    ? reader.wrong({ at: 0 }, `the scenario is empty: the least that it needs is ${example}`)
    : planOf(reader, reader.spot(sheet.root, "a scenario", 0), file, sensorsOf);
  return plan === undefined || reader.mistakes > 0 ? failure("scenario", reader.report()) : success(plan);
}

function planOf(reader: Reader, root: Parameters<typeof Fields.of>[1], file: string, sensorsOf: SensorsOf): Plan | undefined {
  const fields = Fields.of(reader, root, "a scenario", keys, `a table such as ${example}`);
  if (fields === undefined) return undefined;
  const absolute = (path: string): string => resolve(dirname(file), path);
  const name = fields.text("name", nameOf(file)).trim();
  const named = fields.get("name");
  if (named !== undefined && (name === "" || name.length > nameMax || /\p{C}/u.test(name))) {
    reader.wrong(named, `name must be one line of at most ${nameMax} characters, not ${quote(name)}`);
  }
  fields.required("duration", example);
  const durationMs = fields.time("duration", longestMs, 1, longestMs);
  const boards = boardsOf(reader, fields.get("boards"), durationMs, absolute);
  const consumer = consumerOf(reader, fields.get("consumer"), durationMs);
  const visits = visitsOf(reader, fields.get("visits"), durationMs, boards);
  const networks = networksOf(reader, fields.get("networks"), durationMs, ownNetwork);
  return {
    name,
    about: fields.text("about", "").trim(),
    seed: fields.number("seed", 1, 0, seedMax, true),
    durationMs,
    boards: boards.all,
    environment: environmentOf(reader, fields.get("environment"), absolute),
    faults: faultsOf(reader, fields.get("faults"), { durationMs, boards, sensorsOf }),
    ...(consumer === undefined ? {} : { consumer }),
    ...(visits.length === 0 ? {} : { visits }),
    ...(networks.length === 0 ? {} : { networks }),
    expect: expectationsOf(reader, fields.get("expect"), "expect", durationMs, boards),
    never: expectationsOf(reader, fields.get("never"), "never", durationMs, boards),
  };
}

/** A scenario without a name is called as its file is. */
function nameOf(file: string): string {
  return (
    file
      .replace(/^.*[/\\]/, "")
      .replace(/\.[^.]*$/, "")
      .slice(0, nameMax) || "scenario"
  );
}
