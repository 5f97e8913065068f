/** A session of boards in virtual time, as the dashboard's tests drive it, and a dashboard on it. */
import ownApp from "../../../firmware/app.js";
import type { App } from "../../../firmware/declaration.js";
import { type DashboardOptions, openDashboard } from "../../../host-sim/dashboard/server.js";
import { type Sketch, sketched } from "../../../host-sim/dashboard/sketch.js";
import type { Session } from "../../../host-sim/dashboard/session.js";
import { VirtualSession, type VirtualOptions } from "../../../host-sim/dashboard/virtual-session.js";
import { writeScenario } from "../../../host-sim/scenario/write.js";

export const app: App = ownApp;

/** Started and paused at time 0, unless `speed` says otherwise. */
export function session(sketch: Partial<Sketch> = {}, options: Partial<VirtualOptions> = {}): VirtualSession {
  const made = new VirtualSession({ recipe: sketched({ app, ...sketch }), ...options });
  const started = made.start();
  if (!started.ok) throw new Error(started.error.message);
  if (options.speed === undefined) made.pause();
  return made;
}

/** Waits for what comes about in real time. */
export async function until(what: string, holds: () => boolean, withinMs = 10_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export async function goneTo(made: VirtualSession, ms: number): Promise<void> {
  const done = made.go(ms);
  if (!done.ok) throw new Error(done.error.message);
  await until(`the run is at ${ms} ms`, () => made.state !== "replaying");
}

export function dashboard(made: Session, options: Partial<DashboardOptions> = {}) {
  return openDashboard({ session: made, broker: "the broker model", port: 0, write: (plan) => writeScenario(plan), ...options });
}
