/**
 * The dashboard in headless Chromium: how soon the first value stands on the screen, and how long the
 * page's main thread works a frame with 50 boards of 10 readings a second, from the browser's own trace.
 */
import { existsSync } from "node:fs";
import type { Browser, CDPSession } from "playwright-core";
import { failure, success, type Result } from "../../firmware/base/result.js";
import type { App } from "../../firmware/declaration.js";
import { defineApp, median as medianOf, SHT3x } from "../../firmware/mote.js";
import ownApp from "../../firmware/app.js";
import { openDashboard } from "../dashboard/server.js";
import { sketched } from "../dashboard/sketch.js";
import { VirtualSession } from "../dashboard/virtual-session.js";
import { type Benchmark, median, type Row } from "./benchmark.js";

const chromiums = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const flags =
  "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";
const loads = 5;
const tracedMs = 6000;
/** A page that has just opened still builds itself. */
const settleMs = 2500;

/** Ten readings a second, each of them published. */
export const fastApp: App = defineApp({
  name: "fast",
  sensors: { climate: { driver: SHT3x, on: "i2c", everyMs: 100 } },
  channels: {
    temperature: { from: "climate.thermometer.temperature", unit: "°C", resolution: 0.01, stages: [medianOf(3)] },
  },
});

/** Debian's Chromium, or what is wrong. `more`: flags. */
export async function launchChromium(more: readonly string[] = []): Promise<Result<Browser, "chromium">> {
  const executablePath = chromiums.find((path) => existsSync(path));
  if (executablePath === undefined) return failure("chromium", "no Chromium found: apt install chromium");
  const { chromium } = await import("playwright-core");
  return success(await chromium.launch({ executablePath, args: [...flags.split(" "), ...more] }));
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

/** Milliseconds of work on the page's main thread, for each frame that it drew within `forMs`. */
export async function workAFrame(session: CDPSession, forMs: number): Promise<number[]> {
  const events: TraceEvent[] = [];
  session.on("Tracing.dataCollected", ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await session.send("Tracing.start", {
    traceConfig: { includedCategories: ["devtools.timeline", "disabled-by-default-devtools.timeline"], excludedCategories: ["*"] },
    transferMode: "ReportEvents",
  });
  await new Promise((resolve) => setTimeout(resolve, forMs));
  const complete = new Promise((resolve) => session.once("Tracing.tracingComplete", resolve));
  await session.send("Tracing.end");
  await complete;
  const drawn = events.filter(({ name }) => name === "FireAnimationFrame");
  const main = drawn[0];
  if (main === undefined) return [];
  const tasks = events
    .filter(({ name, pid, tid, ph }) => name === "RunTask" && ph === "X" && pid === main.pid && tid === main.tid)
    .sort((a, b) => a.ts - b.ts);
  const frames: number[] = [];
  let workUs = 0;
  let next = 0;
  for (const { ts, dur = 0, tdur = dur } of tasks) {
    workUs += tdur;
    // The task that drew ends its frame: layout and paint are part of it.
    if (next < drawn.length && drawn[next]!.ts >= ts && drawn[next]!.ts <= ts + dur) {
      frames.push(workUs / 1000);
      workUs = 0;
      while (next < drawn.length && drawn[next]!.ts <= ts + dur) next++;
    }
  }
  // The first holds what was before the trace.
  return frames.slice(1);
}

async function shown<Value>(app: App, boards: number, look: (url: string) => Promise<Value>): Promise<Value> {
  const session = new VirtualSession({ recipe: sketched({ app, boards }) });
  session.start();
  const dashboard = await openDashboard({ session, broker: "the broker model", port: 0, write: () => "" });
  try {
    return await look(dashboard.url);
  } finally {
    await dashboard.close();
    session.close();
  }
}

/** When the first value stood on the screen, ms since the page began to load. */
async function firstValueMs(browser: Browser, url: string): Promise<number> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  try {
    await page.goto(url);
    for (;;) {
      // Asked from outside: the page's policy forbids what Playwright's own waiting does.
      const atMs = await page.evaluate("performance.getEntriesByName('first-value')[0]?.startTime");
      if (typeof atMs === "number") return atMs;
      await page.waitForTimeout(20);
    }
  } finally {
    await page.close();
  }
}

export const dashboard: Benchmark = {
  name: "dashboard",
  async run() {
    const launched = await launchChromium();
    if (!launched.ok) return launched;
    const browser = launched.value;
    try {
      const firsts: number[] = [];
      for (let load = 0; load < loads; load++) firsts.push(await shown(ownApp, 1, (url) => firstValueMs(browser, url)));
      const frames = await shown(fastApp, 50, async (url) => {
        const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
        await page.goto(url);
        await page.waitForTimeout(settleMs);
        return workAFrame(await page.context().newCDPSession(page), tracedMs);
      });
      const rows: Row[] = [
        {
          what: "first value on screen after the page's load, fastest of five",
          measured: Math.min(...firsts),
          unit: "ms",
          limit: { atMost: 1000 },
        },
        { what: "main thread a frame, 50 boards at 10 Hz, median", measured: median(frames), unit: "ms", limit: { atMost: 8 } },
        { what: "frames a second", measured: frames.length / (tracedMs / 1000) },
      ];
      return success(rows);
    } finally {
      await browser.close();
    }
  },
};
