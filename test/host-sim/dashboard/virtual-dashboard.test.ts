/** What `mote start` is made of: boards in virtual time, their page, and a real broker that sees the same. */
import mqtt from "mqtt";
import { afterEach, expect, test } from "vitest";
import { virtualDashboard } from "../../../host-sim/cli/dashboard.js";
import { sketched } from "../../../host-sim/dashboard/sketch.js";
import { embeddedBroker } from "../../../host-sim/node/embedded-broker.js";
import { app, until } from "./rig.js";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

test("values come to the broker within a second, and the end says offline there", async () => {
  const embedded = await embeddedBroker();
  cleanups.push(() => embedded.close());
  const client = mqtt.connect(`mqtt://127.0.0.1:${embedded.port}`, { reconnectPeriod: 0 });
  cleanups.push(() => client.end(true));
  const heard: string[] = [];
  client.on("message", (topic, payload) => heard.push(`${topic.split("/")[2]} ${payload}`));
  await client.subscribeAsync("mote/#");
  const heardAlso: string[] = [];
  const opened = await virtualDashboard({
    recipe: sketched({ app }),
    embedded,
    port: 0,
    onMade({ simulation }) {
      const { publishes } = simulation.stations[0]!;
      const count = publishes.onPublish;
      publishes.onPublish = (publish) => {
        count(publish);
        heardAlso.push(publish.topic);
      };
    },
  });
  if (!opened.ok) throw new Error(opened.error.message);
  const { session, dashboard, end } = opened.value;
  await until("a value", () => heard.some((each) => each.startsWith(`temperature {"value"`)));
  expect(session.nowMs).toBeLessThan(4000);
  expect(heardAlso.length).toBeGreaterThan(0);
  expect((await fetch(dashboard.url)).status).toBe(200);
  await end();
  await until("the farewell", () => heard.at(-1) === "status offline");
  await expect(fetch(dashboard.url)).rejects.toThrow();
});

test("an app that the firmware refuses opens nothing", async () => {
  const opened = await virtualDashboard({ recipe: sketched({ app: { ...app, name: "Not A Name" } }), embedded: undefined, port: 0 });
  expect(opened).toMatchObject({ ok: false, error: { message: expect.stringContaining("name") } });
});
