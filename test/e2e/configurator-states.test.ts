/** What the configurator shows in each of its states, on a board of the tests' own: readable, reachable by keyboard, and saying what to do next. */
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { join } from "node:path";
import { readFileSync } from "node:fs";
import { launchChromium } from "../../host-sim/bench/dashboard.js";
import { pairingCode, qrPayload } from "../../host-sim/pairing/code.js";
import { complaintsOf, faults, gives, says, serveConfigurator, type ServedConfigurator } from "./configurator-page.js";

const secret = Uint8Array.from({ length: 15 }, (_, index) => 3 + 17 * index);
const code = pairingCode(secret);
/** Of the fake's board. */
const id = "a0b1c2d3e4f5";

let browser: Browser;
let served: ServedConfigurator;
beforeAll(async () => {
  const [launched, page] = await Promise.all([launchChromium(), serveConfigurator(join(import.meta.dirname, "configurator-fake.ts"))]);
  if (!launched.ok) throw new Error(launched.error.message);
  browser = launched.value;
  served = page;
});
afterAll(async () => {
  await browser?.close();
  await served?.close();
});

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

interface Opened {
  readonly page: Page;
  readonly complaints: string[];
}

async function open(fake: object = {}, hash = ""): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, reducedMotion: "reduce" });
  cleanups.push(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(8000);
  const complaints = complaintsOf(page, served);
  await page.goto(`${served.url}?${encodeURIComponent(JSON.stringify(fake))}${hash}`);
  return { page, complaints };
}

async function pair(page: Page): Promise<void> {
  await page.fill("#code", code);
  await page.click("text=Connect over Bluetooth");
}

async function paired(fake: object = {}): Promise<Opened> {
  const opened = await open(fake);
  await pair(opened.page);
  await says(opened.page, "#tab-readings", /Readings/);
  return opened;
}

const fake = (page: Page, script: string): Promise<unknown> => page.evaluate(`fake.${script}`);
const focused = (page: Page): Promise<string> =>
  page.evaluate("document.activeElement.id || document.activeElement.textContent") as Promise<string>;

/** On a desk in light, on a small phone in the dark. */
async function looksRight(page: Page, state: string): Promise<void> {
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await page.setViewportSize({ width: 1200, height: 800 });
  expect(await faults(page), `${state} on a desk in light`).toEqual([]);
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
  await page.setViewportSize({ width: 360, height: 800 });
  // The others do not depend on that.
  expect(await faults(page, ["color-contrast", "target-size"]), `${state} on a phone in the dark`).toEqual([]);
}

describe("before there is a board", () => {
  test("the start says what is missing while the code is typed, group by group", async () => {
    const { page, complaints } = await open();
    await says(page, ".boards li", /board-1.*window open/);
    await looksRight(page, "the start");
    await page.type("#code", code.slice(0, 12).toLowerCase().replaceAll("-", ""));
    expect(await page.inputValue("#code")).toBe(code.slice(0, 12));
    await says(page, "#code-word", /^2 of 7 groups$/);
    await page.fill("#code", `${code.slice(0, 5)}U${code.slice(6)}`);
    await says(page, "#code-word", /“U” in group 2 never stands in a code/);
    expect(await page.getAttribute(".ticks i:nth-child(2)", "data-how")).toBe("wrong");
    expect(await page.getAttribute(".ticks i:nth-child(1)", "data-how")).toBe("");
    await page.fill("#code", code.slice(0, -1) + (code.endsWith("0") ? "1" : "0"));
    await says(page, "#code-word", /has a slip in it/);
    await looksRight(page, "a mistyped code");
    await page.click("text=Connect over Bluetooth");
    expect(await focused(page)).toBe("code");
    await page.fill("#code", code);
    await says(page, "#code-word", /^The code is complete\.$/);
    expect(complaints).toEqual([]);
  });

  test("without a camera the page says so, and the code can be typed", async () => {
    const { page } = await open();
    await page.click("text=Scan QR code");
    await says(page, "dialog [role=status]", /no camera here|not allowed/);
    expect(await faults(page)).toEqual([]);
    await page.keyboard.press("Escape");
    expect(await page.locator("dialog").count()).toBe(0);
    expect(await focused(page)).toBe("Scan QR code");
  });

  test("a link with the code in it fills it in, and does not stay in the address", async () => {
    const { page } = await open({}, `#${qrPayload(id, secret)}`);
    await says(page, "#code-word", new RegExp(`for board ${id}`));
    expect(await page.inputValue("#code")).toBe(code);
    expect(page.url()).not.toContain("MOTE");
    expect(await focused(page)).toBe("Connect over Bluetooth …");
    const other = await open({}, `#${qrPayload("0123456789ab", secret)}`);
    await other.page.click("text=Connect over Bluetooth");
    await says(other.page, ".trouble", /belongs to another board/);
  });

  test.each([
    ["unsupported", /This browser cannot do Bluetooth.*Chrome or Edge/],
    ["insecure", /loaded without TLS.*https/],
    ["off", /Bluetooth is off.*Switch Bluetooth on/],
  ])("Bluetooth that is %s is explained at the start", async (bluetooth, form) => {
    const { page, complaints } = await open({ bluetooth, nosimulator: true });
    await says(page, ".why", form);
    expect(await page.locator("button.large").isDisabled()).toBe(bluetooth !== "off");
    if (bluetooth === "off") {
      await fake(page, "bluetooth = undefined");
      await page.evaluate("dispatchEvent(new Event('focus'))");
      await gives(page, "document.querySelector('.why').textContent === ''");
      await fake(page, "bluetooth = 'off'");
      await page.evaluate("dispatchEvent(new Event('focus'))");
      await says(page, ".why", form);
    }
    if (bluetooth === "off") await looksRight(page, bluetooth);
    else expect(await faults(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test("whatever is in the way says what it is and what to do, has the focus, and leads back", async () => {
    const { page, complaints } = await open();
    const well = { choice: undefined, link: undefined, secretFits: true };
    const info = await page.evaluate("fake.board.info");
    for (const [kind, what, form] of [
      ["dismissed", { choice: "dismissed" }, /No board was chosen.*Press its button/],
      ["blocked", { choice: "blocked" }, /Bluetooth is forbidden here.*allow/],
      ["unreachable", { link: "unreachable" }, /The board does not answer.*Go closer/],
      ["foreign", { link: "foreign" }, /no Mote board/],
      ["secret", { secretFits: false }, /Wrong pairing code.*19 guesses are left/],
      ["closed", { link: "closed" }, /window is closed.*Press the board's button/],
      ["locked", { info: { locked: true } }, /locked.*20 new guesses/],
      ["no-secret", { info: { hasSecret: false } }, /no pairing code.*npm run flash/],
      ["version", { info: { protocol: 2 } }, /Another version/],
    ] as const) {
      const { info: own, ...rest } = what as { info?: object };
      await page.evaluate(
        ([set, told]) => {
          const { fake } = globalThis as unknown as { fake: { board: object } };
          Object.assign(fake, set);
          Object.assign(fake.board, { info: told });
        },
        [
          { ...well, ...rest },
          { ...(info as object), ...own },
        ] as const,
      );
      // Undefined does not come through.
      await page.evaluate(`for (const name of ["choice", "link"]) if (!(name in ${JSON.stringify(rest)})) fake[name] = undefined`);
      await pair(page);
      await says(page, `.trouble[data-kind=${kind}]`, form);
      expect(await focused(page), kind).toBe("trouble-title");
      // One view shows them all.
      if (kind === "secret") await looksRight(page, kind);
      else expect(await faults(page), kind).toEqual([]);
      await page.click("text=Back to the start");
      expect(await focused(page), kind).toBe("start-title");
    }
    expect(await page.inputValue("#code")).toBe(code);
    expect(complaints).toEqual([]);
  });

  test("who waits for the button is let in when it is pressed", async () => {
    const { page } = await open({ info: { windowOpen: false } });
    await pair(page);
    await page.click("[data-remedy=wait]");
    await says(page, ".progress", /Waiting for the button/);
    await looksRight(page, "waiting");
    await fake(page, "board.info.windowOpen = true");
    await says(page, "#tab-readings", /Readings/);
  });
});

describe("an open board", () => {
  test("every part of it is readable", async () => {
    const { page, complaints } = await paired();
    await says(page, "[data-channel=temperature] .value", /^\d+\.\d\d$/);
    await says(page, "[data-channel=rain] .note", /no reading: bus: no answer/);
    await looksRight(page, "readings");
    for (const [tab, selector, form] of [
      ["wifi", ".network", /Guests/],
      ["settings", "[data-name='wifi.password'] button", /Set: replace/],
      ["calibration", ".rawnow", /Raw now: 20\.5/],
      ["log", ".lines", /connected/],
      ["device", ".device .facts", /greenhouse/],
    ] as const) {
      await page.click(`#tab-${tab}`);
      await says(page, selector, form);
      await looksRight(page, tab);
    }
    await page.click("text=Factory reset …");
    await looksRight(page, "factory reset");
    expect(complaints).toEqual([]);
  });

  test("a change is checked, shown before it is made, and marked; secrets are never seen", async () => {
    const { page, complaints } = await paired();
    await page.click("#tab-settings");
    await page.fill("#setting-broker-port", "70000");
    await says(page, "[data-name='broker.port'] .mistake", /^broker.port must be a whole number from 1 to 65535, not 70000$/);
    await page.click("text=Review …");
    expect(await focused(page)).toBe("setting-broker-port");
    await page.fill("#setting-broker-port", "8883");
    await page.click("[data-name='broker.password'] button:has-text('enter')");
    expect(await focused(page)).toBe("setting-broker-password");
    await page.keyboard.type("hunter22");
    await page.click("[data-name='journal.blockS'] button:has-text('Reset')");
    await looksRight(page, "edited settings");
    await page.click("text=Review …");
    const rows = (await page.evaluate(
      "[...document.querySelectorAll('.diff tbody tr')].map((row) => row.innerText.replace(/\\s+/g, ' '))",
    )) as string[];
    expect(rows.map((row) => row.trim())).toEqual([
      expect.stringMatching(/^broker.port 1883 .*8883 on trial$/),
      expect.stringMatching(/^broker.password not set .*•••••• on trial$/),
      expect.stringMatching(/^journal.blockS 30 s .*what is built in, or 60 s after a restart$/),
    ]);
    expect(await page.content()).not.toContain("hunter22");
    await looksRight(page, "the difference");
    await page.click("dialog button.primary");
    await says(page, "#trial-title", /On trial/);
    expect(await focused(page)).toBe("trial-title");
    await looksRight(page, "on trial");
    await fake(page, "trialEnds('undone', 'time')");
    await says(page, "#trial-title", /^Undone: the time was over$/);
    await looksRight(page, "undone");
    expect(await page.inputValue("#setting-broker-port")).toBe("1883");
    expect(complaints).toEqual([]);
  });

  test("what the board refuses stands at its field, in the board's words, and what was typed stays", async () => {
    const { page } = await paired({ refuse: "counters.everyS must be odd today" });
    await page.click("#tab-settings");
    await page.fill("#setting-counters-everyS", "120");
    await page.click("text=Review …");
    await page.click("dialog button.primary");
    await says(page, "[data-name='counters.everyS'] .mistake", /must be odd today/);
    expect(await page.inputValue("#setting-counters-everyS")).toBe("120");
  });

  test("the countdown is told at its beginning and at few moments, and a trial confirmed is kept", async () => {
    const { page } = await paired();
    await page.click("#tab-wifi");
    await page.click("[data-ssid=Guests]");
    await says(page, "dialog", /The network is open/);
    await looksRight(page, "joining an open network");
    await page.click("dialog button.primary");
    await says(page, ".countdown", /^[23]:\d\d$/);
    await page.evaluate(
      "spoken = []; new MutationObserver(() => spoken.push(document.querySelector('.trial [role=status]').textContent)).observe(document.querySelector('.trial [role=status]'), { childList: true })",
    );
    await new Promise((resolve) => setTimeout(resolve, 1300));
    expect(await page.evaluate("spoken")).toEqual([]);
    await page.click(".trial >> text=Confirm");
    await says(page, "#trial-title", /^Kept/);
    await says(page, "[data-ssid=Guests].chosen", /Guests/);
    await looksRight(page, "kept");
  });

  test.each(["before", "after"])(
    "a link lost %s a change arrived: nothing is half applied, and which of both it was is told",
    async (loseAtSet) => {
      const { page, complaints } = await paired({ loseAtSet, unreachable: 0 });
      await page.click("#tab-settings");
      await page.fill("#setting-counters-everyS", "120");
      await page.click("text=Review …");
      if (loseAtSet === "before") await fake(page, "unreachable = 1");
      await page.click("dialog button.primary");
      await says(page, ".loss", /A change was on its way\. Nothing of it is half applied/);
      if (loseAtSet === "before") await looksRight(page, "lost");
      await says(page, ".loss", loseAtSet === "after" ? /The change had arrived/ : /The change had not arrived.*Apply it again/);
      if (loseAtSet === "after") await looksRight(page, "found again");
      expect(complaints).toEqual([]);
    },
  );

  test("a session that the board ended is not forced open again: a button does", async () => {
    const { page } = await paired();
    await fake(page, "end('refused', 'Nobody has asked for anything for 2 minutes.')");
    await says(page, ".loss", /Nobody has asked for anything/);
    await page.click("text=Reconnect");
    await says(page, ".lamp:first-child", /connected/);
  });

  test("a sensor is calibrated in two points, which are looked at before they are kept", async () => {
    const { page, complaints } = await paired();
    await page.click("#tab-calibration");
    const known = page.locator(".point input");
    const take = page.locator(".point button");
    await says(page, ".rawnow", /mean of/);
    await known.nth(0).fill("twenty");
    await says(page, ".point .mistake", /must be a number/);
    await known.nth(0).fill("20,0");
    await take.nth(0).click();
    await known.nth(1).fill("40");
    await take.nth(1).click();
    await says(page, ".outcome", /The points lie close together|said the same|slope/);
    await fake(page, "rawC = 40.9");
    await page.selectOption("#calibration-channel", "climate.hygrometer.humidity");
    await page.selectOption("#calibration-channel", "climate.thermometer.temperature");
    await fake(page, "rawC = 20.5");
    await says(page, ".rawnow", /Raw now: 20\.[45]/);
    await known.nth(0).fill("20");
    await take.nth(0).click();
    await page.selectOption("#calibration-channel", "climate.hygrometer.humidity");
    expect(await known.nth(0).inputValue()).toBe("");
    await says(page, ".rawnow", /44\.1/);
    await known.nth(0).fill("40");
    await take.nth(0).click();
    await known.nth(1).fill("39");
    await take.nth(1).click();
    await says(page, ".outcome", /did not follow/);
    expect(await page.locator("text=Review and save").isDisabled()).toBe(true);
    await looksRight(page, "calibration");
    expect(complaints).toEqual([]);
  });

  test("a config file holds what differs, without secrets, and restoring it shows the difference first", async () => {
    const { page, complaints } = await paired();
    await page.click("#tab-settings");
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("text=Save to a file")]);
    const text = readFileSync(await download.path(), "utf8");
    expect(download.suggestedFilename()).toBe("greenhouse.json");
    expect(JSON.parse(text)).toEqual({ wifi: { ssid: "Workshop" }, broker: { host: "10.0.0.2" }, journal: { blockS: 30 } });
    const restore = (content: string) =>
      page.setInputFiles("input[type=file]", { name: "porch.json", mimeType: "application/json", buffer: Buffer.from(content) });
    await restore("{ no JSON");
    await says(page, "#toast", /porch.json: it is no JSON/);
    await restore('{"broker": {"port": 0}}');
    await says(page, "#toast", /broker.port must be a whole number/);
    await restore('{"brokr": {"port": 1}}');
    await says(page, "#toast", /no setting "brokr.port"/);
    await restore('{"journal": {"blockS": 45}, "wifi": {"ssid": "Workshop"}}');
    await says(page, ".diff tbody", /^journal.blockS30 s45 s/);
    await page.click("dialog button.primary");
    await gives(page, "document.querySelector('#setting-journal-blockS').value === '45'");
    expect(complaints).toEqual([]);
  });

  test("erasing needs a word that nobody types by accident", async () => {
    const { page } = await paired();
    await page.click("#tab-device");
    await page.click("text=Factory reset …");
    expect(await page.locator("dialog button.primary").isDisabled()).toBe(true);
    await page.keyboard.type("eras");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("fake.erased")).toBe(false);
    await page.keyboard.type("e");
    await page.keyboard.press("Enter");
    await gives(page, "fake.erased");
  });
});

test("from the code to a confirmed network with the keyboard alone", async () => {
  const { page, complaints } = await open({ nosimulator: true });
  const press = async (key: string, times = 1): Promise<void> => {
    for (let count = 0; count < times; count++) await page.keyboard.press(key);
  };
  const tabTo = async (name: RegExp): Promise<void> => {
    for (let presses = 0; presses < 40; presses++) {
      if (name.test(await focused(page))) return;
      await page.keyboard.press("Tab");
    }
    throw new Error(`tab does not come to ${String(name)}`);
  };
  await tabTo(/^code$/);
  await page.keyboard.type(code);
  await press("Enter");
  await says(page, "#tab-readings", /Readings/);
  await tabTo(/^tab-readings$/);
  const outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle");
  expect(outline).toBe("solid");
  await press("ArrowRight");
  expect(await focused(page)).toBe("tab-wifi");
  await says(page, ".network", /Neighbours/);
  await tabTo(/^Neighbours/);
  await press("Enter");
  expect(await focused(page)).toBe("join-password");
  await page.keyboard.type("a long password");
  await press("Enter");
  await says(page, "#trial-title", /On trial/);
  expect(await focused(page)).toBe("trial-title");
  await tabTo(/^Confirm$/);
  await press("Enter");
  await says(page, "#trial-title", /^Kept/);
  expect(complaints).toEqual([]);
});
