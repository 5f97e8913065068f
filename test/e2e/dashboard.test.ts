/** The dashboard in headless Chromium, as a person meets it. Without Chromium these tests fail: `apt install chromium`. */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { fastApp, launchChromium, workAFrame } from "../../host-sim/bench/dashboard.js";
import { median } from "../../host-sim/bench/benchmark.js";
import { openDashboard } from "../../host-sim/dashboard/server.js";
import { sketched } from "../../host-sim/dashboard/sketch.js";
import { VirtualSession } from "../../host-sim/dashboard/virtual-session.js";
import { parseScenario } from "../../host-sim/scenario/parse.js";
import { live as liveBoard } from "../host-sim/dashboard/live-rig.js";
import { app, dashboard, goneTo, session, until } from "../host-sim/dashboard/rig.js";

let browser: Browser;
beforeAll(async () => {
  const launched = await launchChromium();
  if (!launched.ok) throw new Error(launched.error.message);
  browser = launched.value;
});
afterAll(() => browser?.close());

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

interface Opened {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly made: VirtualSession;
  /** Console errors, thrown errors, and requests that went elsewhere. */
  readonly complaints: string[];
  readonly close: () => Promise<void>;
}

async function open(made: VirtualSession = session({}, { speed: 1 }), options: Parameters<Browser["newContext"]>[0] = {}): Promise<Opened> {
  cleanups.push(() => made.close());
  const shown = await dashboard(made);
  cleanups.push(() => shown.close());
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: "light", ...options });
  cleanups.push(() => context.close());
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: shown.url });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith(shown.url)) complaints.push(`request to ${request.url()}`);
  });
  await page.goto(shown.url);
  return { page, context, made, complaints, close: () => shown.close() };
}

/** Waits until `script` gives something. From outside: the page's policy forbids what Playwright's own waiting does. */
async function gives(page: Page, script: string): Promise<unknown> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const value: unknown = await page.evaluate(script);
    if (value !== undefined && value !== null && value !== false) return value;
    if (performance.now() > deadline) throw new Error(`not within 10 s: ${script}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Waits until an element holds a text of that form. */
async function says(page: Page, selector: string, form: RegExp): Promise<string> {
  const texts = `[...document.querySelectorAll(${JSON.stringify(selector)})].map((each) => each.textContent)`;
  return (await gives(page, `${texts}.find((text) => ${form}.test(text))`)) as string;
}

const focused = (page: Page): Promise<string> =>
  page.evaluate("document.activeElement.id || document.activeElement.textContent") as Promise<string>;

test("the page loads without a complaint, asks nobody else, and its first value stands there soon", async () => {
  const { page, complaints } = await open();
  await says(page, ".card[aria-label=temperature] .value", /^\d+\.\d\d$/);
  const firstMs = (await gives(page, "performance.getEntriesByName('first-value')[0]?.startTime")) as number;
  console.log(`first value on screen after ${Math.round(firstMs)} ms`);
  // 1 s on a machine of one's own; tests share theirs.
  expect(firstMs).toBeLessThan(process.env["CI"] === "true" ? 1000 : 4000);
  await says(page, "#way li:last-child strong", /^[1-9]/);
  await says(page, "#wire li", /CONNECT *mote-/);
  await says(page, "#wire li", /PUBLISH *mote\/.*"value"/);
  expect(await page.locator(".card .plot canvas").count()).toBe(6);
  expect(await page.locator(".lamp[data-how=good]").count()).toBe(4);
  expect(complaints).toEqual([]);
});

test("a fault's button breaks what it says, and healing mends it", async () => {
  const { page, complaints } = await open(session({}, { speed: 10 }));
  await says(page, ".lamp:nth-child(2)", /joined/);
  await page.click("[data-fault=wifi-down]");
  expect(await page.locator("#fault-title").textContent()).toBe(await page.locator("[data-fault=wifi-down]").textContent());
  await page.selectOption("#fault-form select[name=for]", { label: "until I heal it" });
  await page.click("text=Break it");
  await says(page, ".lamp:nth-child(2)", /away/);
  await says(page, ".activefault", /wifi down/);
  await page.click("text=Heal");
  await says(page, ".lamp:nth-child(2)", /joined/);
  await gives(page, "document.querySelectorAll('.activefault').length === 0");
  await page.click("[data-fault=nak]");
  await page.selectOption("#fault-form select[name=sensor]", "climate");
  await page.fill("#fault-form input[name=chance]", "100");
  await page.click("text=Break it");
  await says(page, ".card[aria-label=temperature] .rawvalue", /no reading: bus/);
  await says(page, "#way li:nth-child(2) .loss", /^[1-9]\d* errors/);
  expect(await page.locator(".card[aria-label=outdoor] .rawvalue.wrong").count()).toBe(0);
  expect(complaints).toEqual([]);
});

test("the flash fills on its map while the broker is away, and the arrow keys tell of each sector", async () => {
  const away = { kind: "broker-down", at: { kind: "once", atMs: 90_000 }, forMs: Infinity, parameters: { session: "kept" } } as const;
  const made = session({ faults: [away] });
  await goneTo(made, 2_400_000);
  const { page, complaints } = await open(made);
  await says(page, "#history-facts dd", /^3\d records, [\d,]+ samples, /);
  expect(await page.locator("#sectors .sector").count()).toBe(128);
  await says(page, "#legend li", /^[2-4] to be delivered$/);
  await says(page, "#legend li", /^12\d free$/);
  await says(page, "#history-facts dd", /^\d+: \d+ samples in \d+ bytes, \d\.\d\d each$/);
  expect(await page.locator("#sectors .sector[data-state=newest]").count()).toBe(1);
  expect(await page.locator("#lost:visible").count()).toBe(0);
  const nowMs = made.nowMs;
  await page.focus("#sectors");
  await says(page, "#sector", /being filled: \d+ records, numbers \d+ to \d+/);
  await page.keyboard.press("ArrowRight");
  await says(page, "#sector", /free/);
  expect(await page.locator("#sectors [aria-selected]").count()).toBe(1);
  // They walk here, and leave time alone.
  expect(made.nowMs).toBe(nowMs);
  await page.hover("#sector-0");
  const told = await says(page, "#sector", /^Sector 0, /);
  expect(await page.locator("#sector-0").getAttribute("title")).toBe(told);
  expect(complaints).toEqual([]);
});

test("a fault out of its bounds is not even sent, and what the server refuses is said", async () => {
  const { page, made } = await open();
  await page.click("[data-fault=flash-flip]");
  await page.fill("#fault-form input[name=bits]", "0");
  await page.click("text=Break it");
  expect(await page.locator("#fault-form[open]").count()).toBe(1);
  await page.keyboard.press("Escape");
  expect(await page.locator("#fault-form[open]").count()).toBe(0);
  await until("time has passed", () => made.nowMs > 100);
  await page.evaluate(
    "fetch('/command', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{\"do\":\"go\",\"toMs\":-5}' })",
  );
  expect(made.failure).toBeUndefined();
});

test("time pauses, runs faster, and goes back to where the timeline is pointed at", async () => {
  const { page, made, complaints } = await open();
  await says(page, ".value", /\d/);
  await page.click("#pause");
  await until("it stands", () => made.state === "paused");
  await gives(page, "document.querySelector('#pause').ariaLabel === 'Go on'");
  await page.click("#speeds input[value=max]");
  await until("ten minutes have passed", () => made.nowMs > 600_000);
  expect(made.speed).toBe("max");
  await page.click("#pause");
  await until("it stands", () => made.state === "paused");
  await says(page, "#pace", /paused/);
  const furthestMs = made.nowMs;
  const box = (await page.locator("#time").boundingBox())!;
  await page.mouse.click(box.x + box.width / 4, box.y + box.height / 2);
  await until("it has gone back", () => made.generation === 2 && made.state === "paused");
  expect(made.nowMs / furthestMs).toBeGreaterThan(0.2);
  expect(made.nowMs / furthestMs).toBeLessThan(0.3);
  const clock = await says(page, "#clock", new RegExp(`:${String(Math.floor(made.nowMs / 1000) % 60).padStart(2, "0")}\\.`));
  expect(clock).toMatch(/^\d\d:\d\d:\d\d\.\d$/);
  await says(page, "#pace", /paused/);
  expect(complaints).toEqual([]);
});

test("after a click on a speed, space and arrows drive time, and do not go to the radio button", async () => {
  const { page, made } = await open(session({}, { speed: 1 }));
  await says(page, ".value", /\d/);
  await page.click("#speeds label:has-text('10×')");
  await until("ten times", () => made.speed === 10 && made.nowMs > 3000);
  await page.keyboard.press("Space");
  await until("it stands", () => made.state === "paused");
  await page.keyboard.press("ArrowLeft");
  await until("it has gone back", () => made.generation === 2 && made.state === "paused");
  expect(made.speed).toBe(10);
  await page.click("#wire-acks");
  await page.keyboard.press("Space");
  expect(await page.locator("#wire-acks").isChecked()).toBe(true);
  expect(made.state).toBe("paused");
});

test("the copied scenario parses, with what was done on the page in it", async () => {
  const { page, made } = await open();
  await says(page, ".value", /\d/);
  await page.click("[data-fault=power-cut]");
  await page.click("text=Break it");
  await says(page, ".lamp:first-of-type", /off/);
  await page.click("#pause");
  await until("it stands", () => made.state === "paused");
  await page.click("#copy");
  await says(page, "#toast", /^Copied/);
  const text = (await page.evaluate("navigator.clipboard.readText()")) as string;
  const parsed = parseScenario("copied.yaml", text);
  if (!parsed.ok) throw new Error(parsed.error.message);
  expect(parsed.value.faults).toMatchObject([{ kind: "power-cut", board: "board", forMs: 30_000 }]);
});

test("everything can be done with the keyboard alone, and the focus is seen", async () => {
  const { page, made, complaints } = await open();
  await says(page, ".value", /\d/);
  await page.keyboard.press("Space");
  await until("it stands", () => made.state === "paused");
  await until("some time has passed", () => made.nowMs > 0);
  const pausedMs = made.nowMs;
  await page.keyboard.press(".");
  await until("one second on", () => made.state === "paused" && made.nowMs >= pausedMs + 999);
  await page.keyboard.press("Shift+ArrowLeft");
  await until("it has gone back", () => made.generation === 2 && made.state === "paused");
  expect(made.nowMs).toBe(0);
  await page.keyboard.press("2");
  await until("ten times", () => made.speed === 10 && made.nowMs > 3000);
  await page.keyboard.press("f");
  expect(await focused(page)).toBe("nak");
  const outline = await page.evaluate(
    "getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement).outlineWidth",
  );
  expect(outline).toBe("solid2px");
  await page.keyboard.press("Enter");
  expect(await page.locator("#fault-form[open] h2").textContent()).toBe("nak");
  for (let presses = 0; presses < 12 && (await focused(page)) !== "Break it"; presses++) await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await says(page, ".card[aria-label=humidity] .rawvalue", /no reading/);
  await page.keyboard.press("h");
  await says(page, ".card[aria-label=humidity] .rawvalue", /raw/);
  await page.keyboard.press("?");
  expect(await page.locator("#help[open]").count()).toBe(1);
  await page.keyboard.press("Escape");
  // From the top, the tab key comes to everything in turn.
  await page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)");
  const reached = new Set<string>();
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press("Tab");
    reached.add(await focused(page));
  }
  for (const name of ["copy", "theme", "ask", "pause", "step", "time", "window", "sectors", "wire", "wire-acks", "nak", "broker forgets"]) {
    expect([...reached], name).toContain(name);
  }
  expect(complaints).toEqual([]);
});

describe("on a phone", () => {
  const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

  test("nothing has to be scrolled sideways, and time is driven at the thumb", async () => {
    const { page, made, complaints } = await open(undefined, phone);
    await says(page, ".value", /\d/);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
    const bar = (await page.locator("#transport").boundingBox())!;
    expect(Math.round(bar.y + bar.height)).toBe(844);
    await page.tap("#pause");
    await until("it stands", () => made.state === "paused");
    await page.tap("[data-fault=reset]");
    const dialog = (await page.locator("#fault-form").boundingBox())!;
    expect(dialog.x).toBeGreaterThanOrEqual(0);
    expect(dialog.x + dialog.width).toBeLessThanOrEqual(390);
    await page.tap("text=Break it");
    await until("it is reset", () => made.marks().length === 1);
    expect(complaints).toEqual([]);
  });

  test("a board's name can be read beside the way back to all boards", async () => {
    const { page } = await open(session({ boards: 120 }), phone);
    await page.evaluate("location.hash = 'board=board-120'");
    await says(page, "#title", /^board-120$/);
    const box = (selector: string) => page.locator(selector).boundingBox();
    const title = (await box("#title"))!;
    expect(title.width).toBeGreaterThan(50);
    expect(title.x + title.width).toBeLessThanOrEqual((await box("#copy"))!.x);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
  });

  test("many boards stand in two columns", async () => {
    const { page } = await open(session({ app: fastApp, boards: 50 }, { speed: 1 }), phone);
    await says(page, ".cellvalue", /\d/);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
    expect(await page.evaluate("getComputedStyle(document.querySelector('#cells')).gridTemplateColumns.split(' ').length")).toBe(2);
  });
});

test("fifty boards stand in a grid that says what is wrong, and opens each", async () => {
  const made = session({ app: fastApp, boards: 50 }, { speed: 1 });
  const { page, complaints } = await open(made);
  await says(page, ".sum", /^50 well/);
  expect(await page.locator("#cells li").count()).toBe(50);
  made.strike({ do: "break", kind: "power-cut", board: "board-7", parameters: {} });
  made.strike({ do: "break", kind: "absent", board: "board-9", parameters: {} });
  made.strike({ do: "break", kind: "wifi-down", board: "board-12", parameters: {} });
  await says(page, "[data-board=board-7] .word", /^off$/);
  await says(page, "[data-board=board-9] .word", /^reading errors$/);
  await says(page, "[data-board=board-12] .word", /^no Wi-Fi$/);
  await says(page, ".sum", /^47 well/);
  await page.click(".sum[data-condition=off]");
  expect(await page.locator("#cells li:visible").count()).toBe(1);
  await page.click(".sum[data-condition=off]");
  await page.fill("#find", "board-4");
  expect(await page.locator("#cells li:visible").count()).toBe(11);
  expect(await page.locator("#none:visible").count()).toBe(0);
  await page.fill("#find", made.boards[2]!.station.device!);
  expect(await page.locator("#cells li:visible").getAttribute("data-board")).toBe("board-3");
  await page.fill("#find", "nobody");
  expect(await page.locator("#none").textContent()).toBe("No board is named like that.");
  await page.fill("#find", "");
  await page.focus("[data-board=board-2] button");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await says(page, "#title", /^board-3$/);
  await says(page, ".card .value", /\d/);
  await page.keyboard.press("g");
  await gives(page, "document.querySelector('#grid').checkVisibility()");
  await page.goBack();
  await says(page, "#title", /^board-3$/);
  expect(complaints).toEqual([]);
});

test("with fifty boards at 10 Hz the page's main thread has little to do", async () => {
  const { page, context } = await open(session({ app: fastApp, boards: 50 }, { speed: 1 }));
  await says(page, ".sum", /^50 well/);
  const frames = await workAFrame(await context.newCDPSession(page), 2000);
  console.log(`main thread a frame: ${median(frames).toFixed(2)} ms at the median of ${frames.length}`);
  expect(frames.length).toBeGreaterThan(8);
  // A screen's frame; the benchmark asks for half of it, where no other test runs beside it.
  expect(median(frames)).toBeLessThan(16);
});

test("a board on a real broker is shown, and can be run again in virtual time, while it goes on", async () => {
  const { session: live } = await liveBoard(cleanups);
  const shown = await openDashboard({
    session: live,
    broker: "a real broker",
    port: 0,
    write: () => "",
    replay: (plan) => new VirtualSession({ recipe: sketched({ app, seed: plan.seed, faults: plan.faults }) }),
  });
  cleanups.push(() => shown.close());
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  cleanups.push(() => page.close());
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(shown.url);
  await says(page, ".card .value", /\d/);
  await says(page, ".lamp:nth-child(3)", /connected/);
  expect(await page.locator("#pause").isDisabled()).toBe(true);
  expect(await page.locator("[data-fault=broker-down]").count()).toBe(0);
  await page.click("text=Replay in virtual time");
  await says(page, "#pace", /paused/);
  await says(page, ".card .value", /\d/);
  expect(await page.locator("#pause").isDisabled()).toBe(false);
  await page.click("#step");
  await page.click("text=Back to the live run");
  await gives(page, "document.querySelector('#pause').disabled");
  await says(page, "#pace", /real time/);
  expect(complaints).toEqual([]);
});

/** Each text that is seen: its contrast with what is behind it (WCAG 2.2, 1.4.3), where it is too little. */
const poorContrast = `(() => {
  const parse = (text) => { const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number); return { r, g, b, a }; };
  const channel = (value) => { const c = value / 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
  const light = ({ r, g, b }) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== "");
    if (!own || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || element.matches(":disabled, .skip, .hidden")) continue;
    let behind = element;
    while (behind.parentElement && parse(getComputedStyle(behind).backgroundColor).a === 0) behind = behind.parentElement;
    const style = getComputedStyle(element);
    const [a, b] = [light(parse(style.color)), light(parse(getComputedStyle(behind).backgroundColor))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) found.push(element.textContent.slice(0, 20) + " " + ratio.toFixed(2));
  }
  return found;
})()`;

describe.each(["light", "dark"] as const)("in %s", (colorScheme) => {
  test("every text can be read", async () => {
    const { page, made } = await open(session({}, { speed: 10 }), { colorScheme });
    await says(page, ".value", /\d/);
    const ground = (await page.evaluate("getComputedStyle(document.documentElement).backgroundColor")) as string;
    expect(Number(/\d+/.exec(ground)![0]) > 128).toBe(colorScheme === "light");
    made.strike({ do: "break", kind: "nak", board: "board", parameters: {} });
    made.strike({ do: "break", kind: "wifi-down", board: "board", forMs: 60_000, parameters: {} });
    await says(page, ".lamp", /away/);
    await says(page, ".rawvalue", /no reading/);
    expect(await page.evaluate(poorContrast)).toEqual([]);
    await page.click("[data-fault=wifi-flap]");
    expect(await page.evaluate(poorContrast)).toEqual([]);
  });
});

test("the theme that was chosen stays over a reload", async () => {
  const { page } = await open();
  const ground = (): Promise<unknown> => page.evaluate("getComputedStyle(document.documentElement).backgroundColor");
  const light = await ground();
  await page.click("#theme");
  const dark = await ground();
  expect(dark).not.toBe(light);
  await page.reload();
  await says(page, ".value", /\d/);
  expect(await ground()).toBe(dark);
});

test("a page whose simulator has ended says so, and waits", async () => {
  const { page, close } = await open();
  await says(page, ".value", /\d/);
  await close();
  await says(page, "#alert", /does not answer/);
  await page.keyboard.press("Space");
  await says(page, "#toast", /does not answer/);
});
