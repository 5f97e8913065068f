/** The dashboard of a run in real time on a real broker. Its past is looked at in virtual time: the same boards run again, with the broker model. */
import { LiveSession } from "../dashboard/live-session.js";
import { type Dashboard, openDashboard } from "../dashboard/server.js";
import { VirtualSession } from "../dashboard/virtual-session.js";
import { Injector } from "../faults/injector.js";
import type { BoardState } from "../node/board-state.js";
import type { Plan } from "../scenario/plan.js";
import type { Simulation } from "../simulation.js";
import type { Inputs } from "./inputs.js";
import type { SimOptions } from "./options.js";
import { planOf, preparedOf, recipeOf } from "./recipe.js";

export interface LiveDashboard {
  readonly session: LiveSession;
  /** Before the boards are switched on. Its address. */
  open(simulation: Simulation, broker: string): Promise<string>;
  close(): Promise<void>;
}

/** `inject` has something done at the run's present time. */
export async function liveDashboard(
  options: SimOptions,
  inputs: Inputs,
  state: BoardState | undefined,
  inject: (action: () => void) => void,
): Promise<LiveDashboard> {
  const { engine, speed } = options;
  const { recording, computer } = inputs;
  const prepare = await preparedOf(options, inputs);
  const session = new LiveSession({ plan: planOf(options, recording), engine, speed: speed === "max" ? 1 : speed, inject });
  let dashboard: Dashboard | undefined;
  // What this computer felt cannot be felt again.
  const replay =
    computer !== undefined
      ? undefined
      : (plan: Plan) =>
          new VirtualSession({
            recipe: recipeOf({
              plan,
              engine,
              prepare,
              signals: () => recording?.signals ?? {},
              onRun: ({ simulation }) => state?.restore(simulation.stations[0]!.board),
            }),
          });
  return {
    session,
    async open(simulation, broker) {
      const injector = new Injector(simulation, session.events);
      const [station] = simulation.stations;
      session.attach({ simulation, injector, start: () => station!.powerOn() });
      dashboard = await openDashboard({
        session,
        broker,
        ...(typeof options.dashboard === "number" ? { port: options.dashboard } : {}),
        write: async (plan) => (await import("../scenario/write.js")).writeScenario(plan),
        ...(replay === undefined ? {} : { replay }),
      });
      return dashboard.url;
    },
    close: async () => dashboard?.close(),
  };
}
