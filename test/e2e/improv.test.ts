/**
 * The unmodified npm `improv-wifi-sdk` in a real Chromium brings a board that knows no network into one: the firmware
 * as it is, over the simulated air. Without Chromium these tests fail: `apt install chromium`.
 */
import { resolve } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, onTestFailed, test } from "vitest";
import { boards } from "../../firmware/boards/board.js";
import ownApp from "../../firmware/app.js";
import type { Settings } from "../../firmware/settings.js";
import { nodeEngine } from "../../host-sim/node/engine.js";
import { Simulation } from "../../host-sim/simulation.js";
import type { Station } from "../../host-sim/station.js";
import { named, strictResult } from "../firmware/provisioning/improv-rig.js";
import { boardPeripheral, PassingTime } from "./board-peripheral.js";
import { emulate, type EmulatedPeripheral, launchBluetooth } from "./emulated-peripheral.js";
import { improvPage, type ServedPage } from "./improv-page.js";

const resultUuid = "00467768-6228-2272-4663-277478268004";
/** What a client would do next: it is on the network of the simulation. */
const url = "http://board.example/";
const root = resolve(import.meta.dirname, "../..");

let browser: Browser;
let served: ServedPage;
beforeAll(async () => {
  [browser, served] = await Promise.all([launchBluetooth(), improvPage(root)]);
});
afterAll(async () => {
  await browser?.close();
  await served?.close();
});

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

/** A board out of its box: nothing is built in, and nobody has ever set anything. */
function freshBoard(seed: Partial<Settings> | object = {}): { simulation: Simulation; station: Station } {
  const simulation = new Simulation({ seed: 1, broker: "model" });
  const station = simulation.add({
    app: ownApp,
    engine: (device, _, witness) => nodeEngine(device, ownApp, seed as Settings, witness),
  });
  station.powerOn();
  simulation.scheduler.runUntil(2e6);
  return { simulation, station };
}

/** Improv's service data (UUID 0x4677) as the board advertises it, once it is its turn. */
function serviceData({ simulation, station, time }: Opened): string {
  time.pause();
  try {
    for (let count = 0; count < 10; count++) {
      const bytes = Buffer.from(station.board.bluetooth.advertisement ?? []);
      for (let at = 0; at < bytes.length; at += 1 + bytes[at]!) {
        if (bytes[at + 1] === 0x16) return bytes.subarray(at + 2, at + 1 + bytes[at]!).toString("hex");
      }
      simulation.scheduler.runUntil(simulation.scheduler.nowUs + 5e5);
    }
    return "";
  } finally {
    time.go();
  }
}

const codes = (text: string): string => JSON.stringify([...Buffer.from(text)]);

interface Opened {
  readonly time: PassingTime;
  readonly simulation: Simulation;
  readonly station: Station;
  readonly page: Page;
  readonly emulated: EmulatedPeripheral;
  /** Console errors, thrown errors, and requests that went elsewhere. */
  readonly complaints: string[];
}

async function open(seed: object = {}, { mtu = 185, speed = 10 } = {}): Promise<Opened> {
  const { simulation, station } = freshBoard(seed);
  const context = await browser.newContext();
  cleanups.push(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith(served.url) && !request.url().startsWith("data:")) complaints.push(`request to ${request.url()}`);
  });
  const emulated = await emulate(browser, page, boardPeripheral(station, { intervalMs: 15, mtu }));
  cleanups.push(() => emulated.close());
  onTestFailed(() => console.log(emulated.operations.join("\n")));
  const time = new PassingTime(simulation, speed);
  cleanups.push(() => time.stop());
  await page.goto(served.url);
  return { simulation, station, time, page, emulated, complaints };
}

async function connected({ page }: Opened): Promise<void> {
  await page.click("#connect");
  await gives(page, "globalThis.connected || globalThis.failed");
  expect(await page.evaluate("globalThis.failed")).toBe(undefined);
}

/** Waits until `script` gives something. */
async function gives(page: Page, script: string): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await page.evaluate(script))) {
    if (performance.now() > deadline) throw new Error(`not within 10 s: ${script}`);
    await new Promise((done) => setTimeout(done, 10));
  }
}

/** All results that were notified, which the SDK does not check. */
function results({ emulated }: Opened): { command: number; texts: string[] }[] {
  const prefix = `notification ${resultUuid} `;
  return emulated.operations
    .filter((each) => each.startsWith(prefix))
    .map((each) => strictResult(Buffer.from(each.slice(prefix.length), "hex")));
}

/** At once, nobody doing anything. */
function later({ simulation, time }: Opened, forS: number): void {
  time.pause();
  simulation.scheduler.runUntil(simulation.scheduler.nowUs + forS * 1e6);
  time.go();
}

test("the right password: the board joins and tells its URL, the settings hold, and the results' checksums are right", async () => {
  const opened = await open({ device: { url } });
  const { page, station, complaints } = opened;
  expect(serviceData(opened)).toBe("7746020f00000000");
  await connected(opened);
  expect(await page.evaluate("improv.states")).toEqual([2, 2]);
  expect(await page.evaluate("improv.provision('mote', 'simulated')")).toBe(url);
  // The SDK itself says the last one.
  expect(await page.evaluate("improv.states")).toEqual([2, 2, 3, 4, 4]);
  expect(results(opened)).toEqual([{ command: 1, texts: [url] }]);
  expect(complaints).toEqual([]);
  expect(serviceData(opened)).toBe("7746040f00000000");
  later(opened, 900);
  station.powerOff();
  expect(station.board.link.up).toBe(false);
  station.powerOn();
  later(opened, 10);
  expect(station.board.link.up).toBe(true);
});

test("a wrong password is error 3, after which the board is as it was, and the right one works", async () => {
  const opened = await open({ device: { url } });
  const { page, station, complaints } = opened;
  await connected(opened);
  expect(await page.evaluate("improv.provision('mote', 'wrong password')")).toBe(undefined);
  expect(await page.evaluate("improv.errorState")).toBe(3);
  await gives(page, "improv.states.at(-1) === 2");
  expect(station.board.link.up).toBe(false);
  expect(await page.evaluate("improv.provision('nowhere', '')")).toBe(undefined);
  expect(await page.evaluate("improv.errorState")).toBe(3);
  await gives(page, "improv.states.at(-1) === 2");
  expect(await page.evaluate("improv.provision('mote', 'simulated')")).toBe(url);
  expect(station.board.link.up).toBe(true);
  expect(await page.evaluate("improv.errors")).toEqual([]);
  expect(complaints).toEqual([]);
});

test("identify blinks the board's LED, and device info, scan and names come through the SDK", async () => {
  const opened = await open();
  const { page, station } = opened;
  await connected(opened);
  expect(await page.evaluate("improv.capabilities")).toBe(15);
  let edges = 0;
  station.board.line(boards.esp32.led!).watch(() => edges++);
  await page.evaluate("improv.identify()");
  const [, version, chip, name] = (await page.evaluate("improv.rpc(3)")) as string[];
  expect([version, chip, name]).toEqual([expect.stringMatching(/^\d+\.\d+/), "ESP32-DevKitC", station.device]);
  const found = (await page.evaluate("improv.rpc(4)")) as string[];
  expect(found.slice(0, 3)).toEqual(["mote", expect.stringMatching(/^-\d+$/), "WPA"]);
  expect(found).toContain("NO");
  expect(await page.evaluate("improv.rpc(5)")).toEqual([expect.stringMatching(/^mote-[0-9a-f]{6}$/)]);
  expect(await page.evaluate(`improv.rpc(5, ${codes("shed-2")})`)).toEqual(["shed-2"]);
  expect(await page.evaluate(`improv.rpc(6, ${codes("Shed 2")})`)).toEqual(["Shed 2"]);
  expect(await page.evaluate(`improv.rpc(5, ${codes("shed.2")}).catch((error) => error)`)).toBe(5);
  expect(await page.evaluate("improv.rpc(9).catch((error) => error)")).toBe(2);
  expect(results(opened).map(({ command }) => command)).toEqual([3, 4, 5, 5, 6]);
  later(opened, 6);
  expect(edges).toBeGreaterThan(8);
});

test("at MTU 23 a frame arrives in parts of 20 bytes and as a long write, and a result that no notification holds can be read", async () => {
  const opened = await open({ device: { url } }, { mtu: 23, speed: 3 });
  const { page } = opened;
  await connected(opened);
  const name = Buffer.from(named(6, "a name over 20 bytes long")).toString("hex");
  for (const [partBytes, withResponse] of [
    [20, false],
    [20, true],
    [512, true],
  ]) {
    const before = opened.emulated.operations.length;
    await page.evaluate(`improv.write("${name}", ${partBytes}, ${withResponse})`);
    await gives(page, `improv.result().then((bytes) => bytes[0] === 6)`);
    const read = strictResult(Uint8Array.from((await page.evaluate("improv.result()")) as number[]));
    expect(read).toEqual({ command: 6, texts: ["a name over 20 bytes long"] });
    const notified = opened.emulated.operations.slice(before).find((each) => each.startsWith(`notification ${resultUuid}`))!;
    expect(notified).toHaveLength(`notification ${resultUuid} `.length + 40);
    await page.evaluate(`improv.write("030003", 20, true)`);
    await gives(page, `improv.result().then((bytes) => bytes[0] === 3)`);
  }
});

test("a person does it in the SDK's own dialog: a wrong password, then the right one", async () => {
  const opened = await open();
  const { page, station, complaints } = opened;
  await page.click("improv-wifi-launch-button button");
  const ssid = page.locator("ib-textfield[name=ssid] input");
  const password = page.locator("ib-textfield[name=password] input");
  const connect = page.locator("ib-button[label=Connect]");
  await ssid.fill("mote");
  await password.fill("wrong password");
  await connect.click();
  await page.getByText("Provisioning", { exact: true }).waitFor();
  await connect.waitFor();
  await ssid.fill("mote");
  await password.fill("simulated");
  await connect.click();
  await page.getByText("Provisioned!").waitFor();
  expect(station.board.link.up).toBe(true);
  expect(complaints).toEqual([]);
});

test("a board whose power goes is gone for the SDK, and can be connected again when it is back", async () => {
  const opened = await open();
  const { page, station } = opened;
  await connected(opened);
  station.powerOff();
  await gives(page, "improv.disconnects === 1");
  station.powerOn();
  await page.evaluate("globalThis.connected = false");
  await connected(opened);
  expect(await page.evaluate("improv.states.at(-1)")).toBe(2);
  await page.evaluate("improv.close()");
  await page.evaluate("globalThis.connected = false");
  await connected(opened);
  expect(await page.evaluate("[improv.name, improv.states.at(-1)]")).toEqual(["Mote", 2]);
});
