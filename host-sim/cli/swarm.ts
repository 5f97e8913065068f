/** `mote swarm`: runs a campaign, shows it, and at a broken promise says how to see it again and shrinks what led to it. Returns the exit code. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Point, points } from "../invariants/sometimes.js";
import type { Violation } from "../invariants/watcher.js";
import type { Plan } from "../scenario/plan.js";
import { writeScenario } from "../scenario/write.js";
import { campaign, type CampaignResult, telling } from "../swarm/campaign.js";
import { Crew } from "../swarm/crew.js";
import { draw } from "../swarm/draw.js";
import { least, shrink } from "../swarm/shrink.js";
import type { Answer, Question } from "../swarm/worker.js";
import { complain } from "./complaint.js";
import { durationText } from "./duration.js";
import { Interruption } from "./interruption.js";
import { placeOf } from "./place.js";
import { readScenario } from "./scenario-file.js";
import type { SwarmOptions } from "./swarm-options.js";
import { rateText, reachedText, SwarmView, violationText } from "./swarm-view.js";

/** How long shrinking may take, real ms. */
const shrinkMs = 60_000;

/** What a campaign is run with. */
export interface Hunt {
  readonly ask: (question: Question) => Promise<Answer>;
  readonly out: NodeJS.WriteStream;
  /** Where a shrunk schedule is saved. */
  readonly folder: string;
  readonly interrupted: () => boolean;
}

interface Saved {
  readonly file: string;
  readonly faults: number;
}

export async function swarm(options: SwarmOptions): Promise<number> {
  const crew = new Crew(options.scenario === undefined ? Math.min(options.jobs, options.seeds) : 1);
  const interruption = new Interruption();
  interruption.onUrgent(() => process.exit(1));
  // With --json, stdout is the result's alone.
  const out = options.json ? process.stderr : process.stdout;
  const hunting: Hunt = { ask: (question) => crew.ask(question), out, folder: process.cwd(), interrupted: () => interruption.requested };
  try {
    return await (options.scenario === undefined ? hunt(options, hunting) : hold(options, options.scenario, hunting));
  } catch (error) {
    console.error(`mote: the campaign failed: ${error instanceof Error ? error.message + placeOf(error) : String(error)}`);
    return 1;
  } finally {
    await crew.dismiss();
    interruption.release();
  }
}

export async function hunt(options: SwarmOptions, hunting: Hunt): Promise<number> {
  const { seeds, start, durationMs, jobs, json } = options;
  const { ask, out, interrupted } = hunting;
  const view = new SwarmView(out);
  const startMs = performance.now();
  const result = await campaign({ start, seeds, durationMs, jobs, ask, interrupted, onProgress: (done) => view.progress(done, seeds) });
  const wallMs = performance.now() - startMs;
  const { done, failed, reached, missing } = result;
  const cut = done < seeds && failed === undefined;
  view.say(
    `${cut ? "ended early: " : ""}${done} of ${seeds} seeds, ${durationText(done * durationMs)} of virtual time in ${durationText(wallMs)}, ${rateText(done, wallMs)} seeds a second`,
  );
  let saved: Saved | undefined;
  if (failed !== undefined) {
    view.say(
      `\nSeed ${failed.seed} broke a promise: ${violationText(failed.violation)}\n\nTo see it again:  ${replay(failed.seed, options)}`,
    );
    saved = await shrunk(draw(failed.seed, durationMs), failed.violation, hunting, view);
  } else {
    view.say(`\nWhat was put to the test, in how many seeds:\n${reachedText(reached, done)}`);
    if (missing.length > 0)
      view.say(`\nNever put to the test, in ${telling} seeds and more: ${missing.map((point) => points[point]).join("; ")}`);
    else if (!cut) view.say("\nEvery promise was kept.");
  }
  if (json) console.log(resultJson(options, result, wallMs, saved));
  return failed !== undefined || missing.length > 0 ? 1 : 0;
}

/** Shrinks the plan's faults, then its visits, to those that break the same promise, and saves it. */
async function shrunk(plan: Plan, violation: Violation, { ask, interrupted, folder }: Hunt, view: SwarmView): Promise<Saved> {
  const untilMs = performance.now() + shrinkMs;
  const over = (): boolean => performance.now() > untilMs || interrupted();
  const { visits: drawn = [] } = plan;
  let tried = 0;
  let left = plan.faults.length + drawn.length;
  let last = violation;
  const fails = async (candidate: Plan): Promise<boolean> => {
    view.shrinking(left, tried++);
    const answer = await ask({ plan: candidate });
    if (answer.violation?.invariant !== violation.invariant) return false;
    last = answer.violation;
    return true;
  };
  const faults = await shrink(plan.faults, {
    fails: (candidate) => fails({ ...plan, faults: candidate }),
    over,
    onSmaller: ({ length }) => (left = length + drawn.length),
  });
  const visits = await least(drawn, {
    fails: (candidate) => fails({ ...plan, faults, visits: candidate }),
    over,
    onSmaller: ({ length }) => (left = faults.length + length),
  });
  const file = `${plan.name}.yaml`;
  const about = `Seed ${plan.seed} of mote swarm. ${last.invariant}, after ${(last.atMs / 1000).toFixed(3)} s: ${last.what.split("\n")[0]}`;
  writeFileSync(join(folder, file), writeScenario({ ...plan, about, faults, visits }, folder));
  const visitsText = drawn.length === 0 ? "" : `, from ${drawn.length} visits to ${visits.length}`;
  view.say(`
Shrunk from ${plan.faults.length} faults to ${faults.length}${visitsText}, in ${tried} runs: ${violationText(last)}
Saved as ${file}

To hold it to the promises again:  npx mote swarm --scenario ${file}
To look at it:                     npx mote sim ${file}`);
  return { file, faults: faults.length };
}

/** One scenario in place of seeds. */
async function hold({ json }: SwarmOptions, file: string, { ask, out }: Hunt): Promise<number> {
  const read = readScenario(file);
  if (!read.ok) return complain(read.error.message, 2);
  const plan = read.value;
  const strange = plan.boards.find(({ app }) => app.kind === "file");
  if (strange !== undefined) {
    return complain(
      `${file}: board ${strange.name} has an app file, and its drivers are not known here: declare its app in the scenario`,
      2,
    );
  }
  const environments = [plan.environment, ...plan.boards.map(({ environment }) => environment)];
  if (
    environments.some((environment) =>
      Object.values(environment)
        .flat()
        .some(({ kind }) => kind === "recording" || kind === "host"),
    )
  ) {
    return complain(`${file}: its sensors feel a recording or this computer, which are not known here: give signals of other kinds`, 2);
  }
  const { violation, reached } = await ask({ plan });
  const say = (text: string): void => void out.write(text + "\n");
  if (violation !== undefined) say(`${plan.name} broke a promise: ${violationText(violation)}`);
  else say(`${plan.name}: every promise was kept in ${durationText(plan.durationMs)} of virtual time.`);
  if (json) console.log(JSON.stringify({ scenario: plan.name, violation: violation ?? null, reached }));
  return violation === undefined ? 0 : 1;
}

export function replay(seed: number, { time }: SwarmOptions): string {
  return `npx mote swarm --seeds 1 --start ${seed} --time ${time ?? "10m"}`;
}

function resultJson(options: SwarmOptions, result: CampaignResult, wallMs: number, saved: Saved | undefined): string {
  const { seeds, start, durationMs, jobs } = options;
  const { done, failed, reached, missing } = result;
  const counts = Object.fromEntries((Object.keys(points) as Point[]).map((point) => [point, reached.get(point) ?? 0]));
  return JSON.stringify({
    seeds,
    start,
    timeMs: durationMs,
    jobs,
    done,
    wallMs: Math.round(wallMs),
    seedsPerSecond: Number(rateText(done, wallMs)),
    reached: counts,
    missing,
    failed: failed === undefined ? null : { seed: failed.seed, ...failed.violation, replay: replay(failed.seed, options), ...saved },
  });
}
