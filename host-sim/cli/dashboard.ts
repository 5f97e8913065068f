/** A run in virtual time on the dashboard, mirrored to the embedded broker where there is one. What `mote start` is made of. */
import { success, type Result } from "../../firmware/base/result.js";
import { Mirror } from "../dashboard/mirror.js";
import type { Recipe, Run } from "../dashboard/recipe.js";
import { type Dashboard, openDashboard } from "../dashboard/server.js";
import { VirtualSession } from "../dashboard/virtual-session.js";
import type { EmbeddedBroker } from "../node/embedded-broker.js";
import type { Speed } from "../web/protocol.js";
import { brokerUrl } from "./broker-url.js";

export interface VirtualDashboardOptions {
  readonly recipe: Recipe;
  readonly embedded: EmbeddedBroker | undefined;
  /** Default 1. */
  readonly speed?: Speed;
  readonly port?: number;
  /** Each run as it is made, at the start and whenever somebody goes back: for those who listen beside the dashboard. */
  onMade?(run: Run, replaying: () => boolean): void;
  onFailed?(error: unknown): void;
}

export interface VirtualDashboard {
  readonly session: VirtualSession;
  readonly dashboard: Dashboard;
  /** Has every board come to its orderly end in virtual time, and tells it to who watches the broker; then lets browsers go. */
  end(): Promise<void>;
}

/** How much virtual time the boards have for their end, ms: longer than `limits.stopTimeoutMs`. */
const endWithinMs = 5000;

export async function virtualDashboard(options: VirtualDashboardOptions): Promise<Result<VirtualDashboard>> {
  const { recipe, embedded, speed = 1, port, onMade, onFailed } = options;
  const mirror = embedded === undefined ? undefined : new Mirror((message) => embedded.publish(message));
  const session = new VirtualSession({
    recipe,
    speed,
    onMade(run, replaying) {
      mirror?.attach(run.simulation.broker, replaying);
      onMade?.(run, replaying);
    },
    ...(onFailed === undefined ? {} : { onFailed }),
  });
  const started = session.start();
  if (!started.ok) {
    session.close();
    return started;
  }
  const broker = embedded === undefined ? "a modelled broker" : `mirrored to ${brokerUrl({ host: "127.0.0.1", port: embedded.port })}`;
  const dashboard = await openDashboard({
    session,
    broker,
    ...(port === undefined ? {} : { port }),
    // Only who copies a run waits for the loading of YAML.
    write: async (plan) => (await import("../scenario/write.js")).writeScenario(plan),
  });
  return success({
    session,
    dashboard,
    async end() {
      session.pause();
      const { scheduler, stations } = session.present.simulation;
      let running = stations.length;
      for (const station of stations) station.stop(() => running--);
      const untilUs = scheduler.nowUs + endWithinMs * 1000;
      while (running > 0 && scheduler.nowUs < untilUs) scheduler.runUntil(Math.min(untilUs, scheduler.nowUs + 100_000));
      scheduler.runUntil(scheduler.nowUs + 100_000);
      mirror?.flush();
      await dashboard.close();
      session.close();
    },
  });
}
