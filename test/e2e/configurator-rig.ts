/** The configurator's page on a board of the tests' own, in a real Chromium: opened, paired, looked at. Without Chromium it throws: `apt install chromium`. */
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { expect } from "vitest";
import { launchChromium } from "../../host-sim/bench/dashboard.js";
import { pairingCode } from "../../host-sim/pairing/code.js";
import { complaintsOf, faults, says, serveConfigurator, type ServedConfigurator } from "./configurator-page.js";

export const secret = Uint8Array.from({ length: 15 }, (_, index) => 3 + 17 * index);
export const code = pairingCode(secret);
/** Of the fake's board. */
export const id = "a0b1c2d3e4f5";

export interface Opened {
  readonly page: Page;
  readonly complaints: string[];
}

export class FakeRig {
  readonly #browser: Browser;
  readonly #served: ServedConfigurator;
  readonly #cleanups: (() => unknown)[] = [];

  private constructor(browser: Browser, served: ServedConfigurator) {
    this.#browser = browser;
    this.#served = served;
  }

  static async start(): Promise<FakeRig> {
    const [launched, served] = await Promise.all([launchChromium(), serveConfigurator(join(import.meta.dirname, "configurator-fake.ts"))]);
    if (!launched.ok) throw new Error(launched.error.message);
    return new FakeRig(launched.value, served);
  }

  /** After each test. */
  async clean(): Promise<void> {
    for (const clean of this.#cleanups.splice(0).reverse()) await clean();
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#served.close();
  }

  /** `fake`: what holds before the page begins. */
  async open(fake: object = {}, hash = ""): Promise<Opened> {
    const context = await this.#browser.newContext({ viewport: { width: 1200, height: 800 }, reducedMotion: "reduce" });
    this.#cleanups.push(() => context.close());
    const page = await context.newPage();
    page.setDefaultTimeout(8000);
    const complaints = complaintsOf(page, this.#served);
    await page.goto(`${this.#served.url}?${encodeURIComponent(JSON.stringify(fake))}${hash}`);
    return { page, complaints };
  }

  async paired(fake: object = {}): Promise<Opened> {
    const opened = await this.open(fake);
    await pair(opened.page);
    await says(opened.page, "#tab-readings", /Readings/);
    return opened;
  }
}

export async function pair(page: Page): Promise<void> {
  await page.fill("#code", code);
  await page.click("text=Connect over Bluetooth");
}

export const fake = (page: Page, script: string): Promise<unknown> => page.evaluate(`fake.${script}`);

/** Its id, or what it says. */
export const focused = (page: Page): Promise<string> =>
  page.evaluate("document.activeElement.id || document.activeElement.textContent") as Promise<string>;

/** On a desk in light, on a small phone in the dark. */
export async function looksRight(page: Page, state: string): Promise<void> {
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await page.setViewportSize({ width: 1200, height: 800 });
  expect(await faults(page), `${state} on a desk in light`).toEqual([]);
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
  await page.setViewportSize({ width: 360, height: 800 });
  expect(await faults(page), `${state} on a phone in the dark`).toEqual([]);
}
