/** What MQTT tools see of a run in virtual time: the broker model's messages, on a real broker. */
import mqtt from "mqtt";
import { afterEach, expect, test, vi } from "vitest";
import { Mirror } from "../../../host-sim/dashboard/mirror.js";
import { embeddedBroker } from "../../../host-sim/node/embedded-broker.js";
import { BrokerModel, type Message } from "../../../host-sim/world/broker.js";
import { Scheduler } from "../../../host-sim/world/scheduler.js";
import { goneTo, session, until } from "./rig.js";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

function message(topic: string, text: string): Message {
  return { topic, payload: Buffer.from(text), qos: 1, retain: true };
}

test("of more messages than a tool could follow it passes the newest of each topic, and nothing piles up", () => {
  vi.useFakeTimers();
  const passed: Message[] = [];
  const mirror = new Mirror((each) => passed.push(each));
  const broker = new BrokerModel(new Scheduler());
  mirror.attach(broker, () => false);
  for (let index = 0; index < 10_000; index++) broker.onMessage(message(`topic/${index % 3}`, String(index)), false);
  expect(passed).toHaveLength(200);
  vi.advanceTimersByTime(100);
  expect(
    passed
      .slice(200)
      .map(({ topic, payload }) => `${topic} ${payload}`)
      .sort(),
  ).toEqual(["topic/0 9999", "topic/1 9997", "topic/2 9998"]);
});

test("of a board's history, which is not retained, every record is passed on at once, however many there are", () => {
  vi.useFakeTimers();
  const passed: Message[] = [];
  const mirror = new Mirror((each) => passed.push(each));
  const broker = new BrokerModel(new Scheduler());
  mirror.attach(broker, () => false);
  for (let index = 0; index < 500; index++) {
    broker.onMessage(message("mote/a/rain", String(index)), false);
    broker.onMessage({ ...message("mote/a/data", String(index)), retain: false }, false);
  }
  const data = (): Message[] => passed.filter(({ topic }) => topic === "mote/a/data");
  expect(data().map(({ payload }) => Number(String(payload)))).toEqual(Array.from({ length: 500 }, (_, index) => index));
  vi.advanceTimersByTime(1000);
  expect(data()).toHaveLength(500);
});

test("a run that goes back is not told again", async () => {
  const passed: Message[] = [];
  const mirror = new Mirror((each) => passed.push(each));
  const made = session({}, { onMade: (run, replaying) => mirror.attach(run.simulation.broker, replaying) });
  cleanups.push(() => made.close());
  await goneTo(made, 10_000);
  const before = passed.length;
  expect(before).toBeGreaterThan(40);
  await goneTo(made, 8_000);
  expect(passed).toHaveLength(before);
  await goneTo(made, 12_000);
  expect(passed.length).toBeGreaterThan(before);
});

test("a tool on the embedded broker sees the board's messages, retained as the board sent them", async () => {
  const broker = await embeddedBroker();
  cleanups.push(() => broker.close());
  const mirror = new Mirror((each) => broker.publish(each));
  const made = session({}, { onMade: (run, replaying) => mirror.attach(run.simulation.broker, replaying) });
  cleanups.push(() => made.close());
  await goneTo(made, 5_000);
  const client = mqtt.connect(`mqtt://127.0.0.1:${broker.port}`, { reconnectPeriod: 0 });
  cleanups.push(() => client.end(true));
  const heard: string[] = [];
  client.on("message", (topic, payload, { retain }) => heard.push(`${topic} ${retain} ${payload}`));
  await client.subscribeAsync("mote/#");
  await until("the retained status", () => heard.some((each) => each.endsWith(" true online")));
  await until("a retained value", () => heard.some((each) => /temperature true \{"value":/.test(each)));
  made.step(1000);
  await until("a live value", () => heard.some((each) => /temperature false \{"value":/.test(each)));
});
