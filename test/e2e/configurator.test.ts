/**
 * The configurator in a real Chromium, over its Web Bluetooth, with the actual firmware behind it in the simulated world.
 * Without Chromium these tests fail: `apt install chromium`.
 */
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFailed, test } from "vitest";
import { pairingCode, qrPayload } from "../../host-sim/pairing/code.js";
import { place, type Place, type PlaceOptions } from "../firmware/provisioning/visitor.js";
import { boardPeripheral, PassingTime } from "./board-peripheral.js";
import { complaintsOf, faults, gives, says, serveConfigurator, type ServedConfigurator } from "./configurator-page.js";
import { emulate, type EmulatedPeripheral, launchBluetooth } from "./emulated-peripheral.js";

let browser: Browser;
let served: ServedConfigurator;
beforeAll(async () => {
  [browser, served] = await Promise.all([launchBluetooth(), serveConfigurator()]);
});
afterAll(async () => {
  await browser?.close();
  await served?.close();
});

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

interface Opened extends Place {
  readonly page: Page;
  readonly time: PassingTime;
  readonly emulated: EmulatedPeripheral;
  readonly complaints: string[];
  readonly code: string;
}

async function open(options: PlaceOptions = { builtIn: {} }, mtu = 185): Promise<Opened> {
  const world = place(options);
  world.simulation.scheduler.runUntil(2e6);
  // The window of a board that was told something opens by its button alone.
  if (world.board.bluetooth.advertisement === undefined) world.visitor.press();
  const context = await browser.newContext({ viewport: { width: 1100, height: 800 } });
  cleanups.push(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(8000);
  const complaints = complaintsOf(page, served);
  const emulated = await emulate(browser, page, boardPeripheral(world.station, { intervalMs: 15, mtu }));
  cleanups.push(() => emulated.close());
  const time = new PassingTime(world.simulation, 8);
  cleanups.push(() => time.stop());
  onTestFailed(() => console.log(emulated.operations.slice(-12).join("\n")));
  await page.goto(served.url);
  return { ...world, page, time, emulated, complaints, code: pairingCode(world.board.secret!) };
}

async function connect({ page, code }: Opened): Promise<void> {
  await page.fill("#code", code);
  await page.click("text=Connect over Bluetooth");
}

/** The difference is seen first. */
async function changeBroker(page: Page, host: string): Promise<void> {
  await page.click("#tab-settings");
  const now = await page.inputValue("#setting-broker-host");
  await page.fill("#setting-broker-host", host);
  await page.click("text=Review …");
  expect(await page.locator("dialog .diff tbody").textContent()).toBe(`broker.host${now || "not set"}${host} is tried first`);
  await page.click("dialog button.primary");
}

const published = ({ station }: Opened): number => station.counts().published;

async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`not within 15 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

// Much at once goes on where tests run.
describe("over Web Bluetooth", { timeout: 60_000 }, () => {
  test("a board out of its box is paired, joins the Wi-Fi, is told its broker, and its readings are seen", async () => {
    const opened = await open();
    const { page, simulation, complaints, station } = opened;
    const { wifi, broker } = simulation.settings;
    await connect(opened);
    // A board that knows no network is shown where to give it one.
    await says(page, ".network", new RegExp(wifi.ssid));
    await page.click(`[data-ssid=${wifi.ssid}]`);
    await page.fill("#join-password", wifi.password);
    await page.click("dialog button.primary");
    await says(page, "#trial-title", /Kept/);
    await says(page, ".lamp:nth-child(2)", /joined/);
    // A broker that cannot be reached yet: a person says that it is right.
    await changeBroker(page, "10.9.9.9");
    await says(page, "#trial-title", /On trial/);
    await says(page, ".trial .steps", /Wi-Fi joined, as .*Connecting to the broker/);
    await page.click(".trial >> text=Confirm");
    await says(page, ".trial .doubt", /cut off from its broker/);
    await page.click(".trial >> text=Keep it anyway");
    await says(page, "#trial-title", /^Kept: you confirmed it$/);
    // The right one is kept by itself.
    await changeBroker(page, broker.host);
    await says(page, ".lamp:nth-child(3)", /connected/);
    await until("it has published", () => published(opened) > 0);
    await says(page, "#trial-title", /^Kept: the broker has answered$/);
    await page.click("#tab-readings");
    await says(page, "[data-channel=temperature] .value", /^\d+(\.\d+)?$/);
    await gives(page, "document.querySelector('[data-channel=temperature] .spark path:last-child').getAttribute('d')?.length > 20");
    await page.click("#tab-log");
    await says(page, ".lines", /the settings on trial are kept/);
    await says(page, ".facts", /Signal-?\d+ dBm/);
    await page.click("#tab-device");
    await says(page, ".device .facts", new RegExp(station.board.id));
    expect(await faults(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test("a wrong Wi-Fi password is undone, and the page says why", async () => {
    const opened = await open({ builtIn: { trial: { forS: 30 } } });
    const { page, simulation, time, complaints } = opened;
    await connect(opened);
    await says(page, ".network", /mote/);
    await page.click(`[data-ssid=${simulation.settings.wifi.ssid}]`);
    await page.fill("#join-password", "not the password");
    await page.click("dialog button.primary");
    await says(page, "#trial-title", /On trial/);
    time.speed = 30;
    await says(page, "#trial-title", /^Undone: the time was over$/);
    await page.click("#tab-settings");
    expect(await page.inputValue("#setting-wifi-ssid")).toBe("");
    expect(complaints).toEqual([]);
  });

  test("a wrong pairing code costs a guess, the page says how many are left, and the right one opens", async () => {
    const opened = await open();
    const { page, complaints } = opened;
    await page.fill("#code", pairingCode(new Uint8Array(15).fill(7)));
    await page.click("text=Connect over Bluetooth");
    await says(page, ".trouble", /Wrong pairing code.*19 guesses are left/);
    await page.click("[data-remedy=code]");
    expect(await page.evaluate("document.activeElement.id")).toBe("code");
    await connect(opened);
    await says(page, ".network", /mote/);
    expect(complaints).toEqual([]);
  });

  test("a code for another board is not even sent", async () => {
    const opened = await open();
    const { page, board, emulated } = opened;
    await page.fill("#code", qrPayload("0123456789ab", board.secret!));
    await page.click("text=Connect over Bluetooth");
    await says(page, ".trouble", /belongs to another board.*no guess is used up/);
    expect(emulated.operations.filter((each) => each.startsWith("write"))).toEqual([]);
  });

  /** More than a frame of a change, so that it can be lost on its way. */
  const longName = "http://a-page-with-a-very-long-name.example/and/more/behind/it";

  test("a board that loses its power in the middle of a write has nothing half applied, and the page says so and finds it again", async () => {
    const opened = await open({}, 23);
    const { page, station, visitor, time, emulated, complaints } = opened;
    await connect(opened);
    await says(page, "#tab-settings", /Settings/);
    await page.click("#tab-settings");
    await page.fill("#setting-device-url", longName);
    await page.fill("#setting-counters-everyS", "77");
    await page.click("text=Review …");
    // Of a request that takes several frames only the last has the bit 0x40: no other is as long as the change.
    let parts = 0;
    emulated.onOperation = (what) => {
      if (/^write .* [0-3][0-9a-f]{39}$/.test(what) && ++parts === 3) station.powerOff();
    };
    await page.click("dialog button.primary");
    await says(page, ".loss", /A change was on its way. Nothing of it is half applied/);
    expect(await faults(page)).toEqual([]);
    expect(station.powered).toBe(false);
    time.pause();
    station.powerOn();
    // It knows its network: only its button opens the window.
    visitor.press();
    time.go();
    await says(page, ".loss", /Connected again.*The change had not arrived: .*device.url.* as it was/, 18_000);
    expect(await page.inputValue("#setting-device-url")).toBe(longName);
    // What was typed is still there, and goes through now.
    await page.click("text=Review …");
    await page.click("dialog button.primary");
    await says(page, "[data-name='device.url'] .origin", /^set$/);
    expect(complaints).toEqual([]);
  });

  test("a board that goes out of reach, or restarts, is found again by itself", async () => {
    const opened = await open({});
    const { page, board, station, time, complaints } = opened;
    await connect(opened);
    await says(page, "[data-channel=temperature] .value", /^\d/);
    const back = board.bluetooth.leaveReach();
    time.speed = 40;
    await says(page, ".lamp:first-child", /lost/);
    expect(await page.evaluate("document.querySelector('.panels').inert")).toBe(true);
    time.speed = 8;
    back();
    await says(page, ".lamp:first-child", /connected/);
    await gives(page, "document.querySelector('.loss').hidden");
    await page.click("#tab-device");
    await page.click("button:text-is('Blink')");
    await says(page, "#toast", /^The board blinks/);
    // A restart that was asked for opens the window again, and the page finds the board by itself.
    await page.click("button:text-is('Restart')");
    await page.click("dialog button.primary");
    await says(page, ".lamp:first-child", /restarting/);
    await says(page, ".lamp:first-child", /connected/);
    expect(station.counts().boots).toBe(2);
    expect(complaints).toEqual([]);
  });

  test("a board whose window is closed does not answer, and after a press of its button it does", async () => {
    const opened = await open({});
    const { page, visitor, time, simulation } = opened;
    time.pause();
    simulation.scheduler.runUntil(simulation.scheduler.nowUs + 310e6);
    time.speed = 40;
    time.go();
    await connect(opened);
    await says(page, ".trouble", /The board does not answer.*Press the board's button/);
    time.pause();
    visitor.press();
    time.speed = 8;
    time.go();
    await page.click("[data-remedy=again]");
    await says(page, "[data-channel=temperature] .value", /^\d/);
  });

  test("a sensor is calibrated in two points, and its readings follow at once", async () => {
    let bathC = 20;
    const opened = await open({ signals: { temperatureC: () => bathC } });
    const { page, time, complaints } = opened;
    await connect(opened);
    await says(page, "[data-channel=temperature] .value", /^(19|20)(\.|$)/);
    await page.click("#tab-calibration");
    const known = page.locator(".point input");
    const take = page.locator(".point button");
    await says(page, ".rawnow", /Raw now: 20\b.*mean of 5, steady/);
    await known.nth(0).fill("21");
    await take.nth(0).click();
    bathC = 40;
    time.speed = 20;
    await says(page, ".rawnow", /Raw now: 40\b.*mean of 5, steady/);
    await known.nth(1).fill("43");
    await take.nth(1).click();
    await page.click("text=Review and save");
    await says(page, ".diff tbody", /calibration.points/);
    await page.click("dialog button.primary");
    await says(page, "#toast", /^Kept/);
    await page.click("#tab-readings");
    // 20 is 21 and 40 is 43: 40 now stands for 43.
    await says(page, "[data-channel=temperature] .value", /^43(\.[01]|$)/);
    expect(complaints).toEqual([]);
  });

  test("Bluetooth that is off, and a list that is closed: each says what to do next", async () => {
    // Of its own: Chromium's emulation does not outlive a list that was closed.
    const own = await launchBluetooth();
    const shared = browser;
    browser = own;
    const opened = await open({}).finally(() => (browser = shared));
    const { page, emulated } = opened;
    await emulated.setAdapter("absent");
    await connect(opened);
    await says(page, ".trouble", /Bluetooth is off.*Switch Bluetooth on/);
    await page.click("text=Back to the start");
    await says(page, ".why", /Bluetooth is off/);
    await emulated.setAdapter("powered-on");
    emulated.prompt = "cancel";
    await connect(opened);
    await says(page, ".trouble", /No board was chosen/);
    cleanups.splice(0);
    opened.time.stop();
    await own.close().catch(() => {});
  });
});
