/** `mote start FILE.yaml`: a scenario on the dashboard, to be watched, broken further and gone back on. */
import { relative } from "node:path";
import { started } from "./start.js";
import type { SimOptions } from "./options.js";
import { recipeOf } from "./recipe.js";
import { loadScenario } from "./scenario-file.js";

export async function startScenario(file: string, options: SimOptions): Promise<number> {
  const loaded = await loadScenario({ file, engine: options.engine, arenaBytes: options.arenaBytes });
  if (!loaded.ok) {
    console.error(`mote: ${loaded.error.message}`);
    return 2;
  }
  const { plan, prepare, signals } = loaded.value;
  return started(recipeOf({ plan, engine: options.engine, prepare, signals }), {
    options: { ...options, seed: plan.seed },
    endMs: options.durationMs,
    trace: undefined,
    name: relative(process.cwd(), file),
    greeting(_first, embedded, url) {
      const boards = plan.boards.length === 1 ? "one board" : `${plan.boards.length.toLocaleString("en")} boards`;
      process.stdout.write(
        `Mote    ${plan.name}: ${boards}\nOpen    ${url}\nBroker  mqtt://127.0.0.1:${embedded.port} (embedded)\nStop    Ctrl-C\n\n`,
      );
    },
  });
}
