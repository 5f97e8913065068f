/** `mote start FILE.yaml`: a scenario on the dashboard, judged as it goes, to be watched, broken further and gone back on. */
import { relative } from "node:path";
import { codeOf } from "../dashboard/air-boards.js";
import type { VirtualSession } from "../dashboard/virtual-session.js";
import { thermometer } from "../node/computer-chip.js";
import type { Finding } from "../scenario/judge.js";
import type { Expectation } from "../scenario/plan.js";
import type { ScenarioRun } from "../scenario/run.js";
import type { Station } from "../station.js";
import { setupLines } from "./greeting.js";
import { recipeOf } from "./recipe.js";
import { loadScenario } from "./scenario-file.js";
import type { StoryOptions } from "./scenario-options.js";
import { clock, verdictText } from "./scenario-view.js";
import { started } from "./start.js";
import { openTrace } from "./trace-file.js";

export async function startScenario(file: string, options: StoryOptions): Promise<number> {
  const loaded = await loadScenario({ file, engine: options.engine, arenaBytes: options.arenaBytes, host: thermometer() });
  if (!loaded.ok) {
    console.error(`mote: ${loaded.error.message}`);
    return 2;
  }
  const { prepare, signals } = loaded.value;
  const seed = options.seed ?? loaded.value.plan.seed;
  const plan = { ...loaded.value.plan, seed };
  const trace = options.traceFile === undefined ? undefined : openTrace(options.traceFile);
  if (trace?.ok === false) {
    console.error(`mote: ${trace.error.message}`);
    return 2;
  }
  let say: (text: string) => void = () => {};
  let session: VirtualSession | undefined;
  let run: ScenarioRun | undefined;
  // Going back, one meets again what was told already.
  const tell = (text: string): void => (session?.state === "replaying" ? undefined : say(text));
  const judged = {
    onMet: ({ text }: Expectation, atMs: number) => tell(`${clock(atMs)}  ✓ ${text}`),
    onFailed: ({ expectation, atMs, board, what }: Finding) => tell(`${clock(atMs)}  ✗ ${expectation.text} (${board}: ${what})`),
  };
  const onTrace = trace === undefined ? undefined : (line: string) => trace.value.write(line);
  return started(recipeOf({ plan, engine: options.engine, prepare, signals, judged, onTrace, onRun: (made) => (run = made) }), {
    options: { ...options, seed },
    endMs: options.durationMs,
    trace: trace?.value,
    name: relative(process.cwd(), file),
    story: {
      endMs: plan.durationMs,
      listen(tellLater, running) {
        say = tellLater;
        session = running;
      },
      over() {
        return `\nThe story is over. ${verdictText(plan, run!.verdict())}. The board is paused: it can run on, and be gone back on.`;
      },
    },
    greeting({ accessPoint, stations }, embedded, url) {
      const [{ name, board }] = stations as [Station, ...Station[]];
      const boards = plan.boards.length === 1 ? "one board" : `${plan.boards.length.toLocaleString("en")} boards`;
      const setup = setupLines(url, accessPoint, plan.boards.length === 1 ? { code: codeOf(board) } : { first: name });
      process.stdout.write(
        `Mote    ${plan.name}: ${boards}\n${setup}Broker  mqtt://127.0.0.1:${embedded.port} (embedded)\n` +
          `Watch   mosquitto_sub -h 127.0.0.1 -p ${embedded.port} -v -t 'mote/#'\nStop    Ctrl-C\n\n`,
      );
    },
  });
}
