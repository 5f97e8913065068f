/** The consumer of the simulated world keeps, commits and confirms as `mote collect` does, and loses only what the broker loses. */
import { beforeEach, expect, test } from "vitest";
import { BrokerModel } from "../../../host-sim/world/broker.js";
import { Consumer } from "../../../host-sim/world/consumer.js";
import { Scheduler } from "../../../host-sim/world/scheduler.js";
import { sealedBlock } from "../../firmware/journal/sealed.js";

const device = "mote-1";
const install = 5;
let scheduler: Scheduler;
let broker: BrokerModel;
let consumer: Consumer;

beforeEach(() => {
  scheduler = new Scheduler();
  broker = new BrokerModel(scheduler);
  consumer = new Consumer(broker, 100);
  wait(1);
});

function wait(ms: number): void {
  scheduler.runUntil(scheduler.nowUs + ms * 1000);
}

function sends(seq: number): void {
  const payload = Buffer.from(sealedBlock({ install, boot: 2, seq }, 1000, 64, seq));
  broker.publish({ topic: `mote/${device}/data`, payload, qos: 1, retain: false });
}

function confirmed(): unknown {
  const message = broker.retained.get(`mote/${device}/ack`);
  return message === undefined ? undefined : (JSON.parse(message.payload.toString()) as unknown);
}

test("it confirms, retained, what it has committed, and not before", () => {
  sends(0);
  sends(1);
  wait(99);
  expect(confirmed()).toBeUndefined();
  wait(2);
  expect(confirmed()).toEqual({ install, boot: 2, seq: 1 });
});

test("it confirms up to a hole, and beyond it when the hole is filled", () => {
  for (const seq of [0, 2, 3]) sends(seq);
  wait(200);
  expect(confirmed()).toMatchObject({ seq: 0 });
  sends(1);
  wait(200);
  expect(confirmed()).toMatchObject({ seq: 3 });
});

test("who sends again what is here is told again how far it is", () => {
  sends(0);
  wait(200);
  broker.retained.clear();
  sends(0);
  wait(200);
  expect(confirmed()).toMatchObject({ seq: 0 });
});

test("what it had not committed when it died comes again, and what came while it was away waits", () => {
  sends(0);
  wait(50);
  consumer.crash();
  wait(200);
  expect(confirmed()).toMatchObject({ seq: 0 });
  const comeBack = consumer.leave();
  sends(1);
  wait(5_000);
  expect(confirmed()).toMatchObject({ seq: 0 });
  comeBack();
  wait(200);
  expect(confirmed()).toMatchObject({ seq: 1 });
});

test("a broker that restarts without its sessions has lost what waited there, and the consumer listens again", () => {
  const comeBack = consumer.leave();
  sends(0);
  broker.stop("lost")();
  comeBack();
  wait(3_000);
  expect(confirmed()).toBeUndefined();
  sends(0);
  wait(200);
  expect(confirmed()).toMatchObject({ seq: 0 });
});

test("strangers confirm nothing that a board could believe", () => {
  const heard: string[] = [];
  broker.onMessage = ({ topic, payload }) => void (topic.endsWith("/ack") && heard.push(payload.toString()));
  sends(0);
  wait(200);
  heard.length = 0;
  expect(confirmed()).toMatchObject({ seq: 0 });
  for (let which = 0; which < 4; which++) consumer.stray(device, which);
  expect(confirmed()).toMatchObject({ seq: 0 });
});
