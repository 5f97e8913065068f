/** A board on a real broker with its live session, paced at twenty times real time. What it started is ended by `cleanups`, last first. */
import { LiveSession } from "../../../host-sim/dashboard/live-session.js";
import { sketched } from "../../../host-sim/dashboard/sketch.js";
import { Injector } from "../../../host-sim/faults/injector.js";
import { embeddedBroker } from "../../../host-sim/node/embedded-broker.js";
import { nodeEngine } from "../../../host-sim/node/engine.js";
import { Pacer } from "../../../host-sim/node/pacer.js";
import { realNetwork } from "../../../host-sim/node/sockets.js";
import { Simulation } from "../../../host-sim/simulation.js";
import { app } from "./rig.js";

export async function live(cleanups: (() => unknown)[]) {
  const broker = await embeddedBroker();
  cleanups.push(() => broker.close());
  const { plan } = sketched({ app });
  const session = new LiveSession({ plan, engine: "node", speed: 20, inject: (action) => pacer.inject(action) });
  const simulation = new Simulation({ seed: plan.seed, broker: { host: "127.0.0.1", port: broker.port }, events: session.events });
  const injector = new Injector(simulation, session.events);
  const network = (cpu: Parameters<typeof realNetwork>[0]) =>
    realNetwork(
      cpu,
      () => pacer,
      () => {},
    );
  const station = simulation.add({ app, engine: (device, settings, witness) => nodeEngine(device, app, settings, witness), network });
  session.attach({ simulation, injector, start: () => station.powerOn() });
  station.powerOn();
  const failures: unknown[] = [];
  const pacer = new Pacer(simulation.scheduler, 20, (error) => failures.push(error));
  cleanups.push(() => {
    pacer.stop();
    simulation.close();
  });
  return { session, station, failures, plan };
}
