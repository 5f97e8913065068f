/** `mote sim` as scripts use it: what it prints, with which code it ends, and that a user's mistake never costs a stack trace. */
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { counts, killGroup, mote, startMote, type Ended } from "../host-sim/cli/command.js";
import { onXs, withoutXs } from "../host-sim/xs/available.js";
import { badBroker } from "../peers/bad-broker.js";

const folder = mkdtempSync(join(tmpdir(), "mote-sim-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

const keys = [
  "engine",
  "seed",
  "simulatedMs",
  "boots",
  "retransmitted",
  "connections",
  "wallMs",
  "samples",
  "missed",
  "readErrors",
  "emitted",
  "published",
  "acknowledged",
  "bytesOut",
  "blocks",
  "gaps",
  "lost",
  "waiting",
  "traceSha256",
];
const memoryKeys = ["arenaBytes", "arenaPeakBytes", "arenaAliveBytes", "slotBytes"];

/** One line on stderr, nothing else. */
function expectMistake(ended: Ended, message: string | RegExp, code = 2): void {
  expect(ended.err).toMatch(message);
  expect(ended.err).toMatch(/^mote: .*\n$/);
  expect({ code: ended.code, out: ended.out }).toEqual({ code, out: "" });
}

describe.concurrent("--json", () => {
  test("makes the last line of stdout one object with the keys that scripts know, and the only one", async () => {
    const ended = await mote("sim", "--speed", "max", "--duration", "10s", "--seed", "7", "--json");
    expect(ended).toMatchObject({ code: 0, err: "", out: expect.stringMatching(/^\{.*\}\n$/) });
    expect(Object.keys(counts(ended)).sort()).toEqual([...keys].sort());
    expect(counts(ended)).toMatchObject({ engine: "node", seed: 7, simulatedMs: 10_000, samples: 40, missed: 0, readErrors: 0 });
    expect(counts(ended)["traceSha256"]).toMatch(/^[0-9a-f]{64}$/);
  });

  test.skipIf(withoutXs)(onXs("says beside them on XS what memory it took"), async () => {
    const ended = await mote("sim", "--speed", "max", "--duration", "10s", "--json", "--engine", "xs");
    expect(Object.keys(counts(ended)).sort()).toEqual([...keys, ...memoryKeys].sort());
    const { arenaBytes, arenaPeakBytes, slotBytes } = counts(ended) as Record<string, number>;
    expect([16, 32]).toContain(slotBytes);
    expect(arenaBytes).toBe(81_920 * (slotBytes! / 16));
    expect(arenaPeakBytes).toBeLessThan(arenaBytes!);
  });

  test("tells people on stderr where the broker of a paced run is", async () => {
    const ended = await mote("sim", "--duration", "20s", "--speed", "20", "--json");
    expect(ended).toMatchObject({ code: 0, out: expect.stringMatching(/^\{.*\}\n$/), err: expect.stringContaining("(embedded)") });
    const { simulatedMs, samples, missed, acknowledged } = counts(ended) as Record<string, number>;
    expect(simulatedMs).toBe(20_000);
    expect(samples! + missed!).toBeGreaterThanOrEqual(79);
    expect(acknowledged).toBeGreaterThan(40);
  });
});

describe.concurrent("wrong usage ends with 2 and one line", () => {
  test.each([
    [["smi"], '"smi" is no command; did you mean mote sim? (mote --help tells all)'],
    [["sim", "--speed", "max", "--broker", "mqtt://h"], "--speed max is virtual time"],
    [["sim", "--trace", "/nowhere/trace.jsonl"], "--trace /nowhere/trace.jsonl: it cannot be written: there is no such folder"],
  ])("%j", async (words, message) => {
    expectMistake(await mote(...words), message);
  });

  test("a recording with a hole", async () => {
    const path = file("hole.csv", "timestamp,temperature\n0,20\n1,\n");
    expectMistake(await mote("sim", "--source", path), `${path}:3: column "temperature" is empty where a number must be`);
  });
});

const app = (stages: string) => `import { defineApp, median, SHT3x } from "mote";
export default defineApp({
  name: "x",
  sensors: { a: { driver: SHT3x, on: "i2c", everyMs: 1000 } },
  channels: { c: { from: "a.thermometer.temperature", resolution: 0.1, stages: [${stages}] } },
});
`;

const ownDriver = `import { defineApp } from "mote";
class P { constructor() { throw new Error("no probe here"); } sample() { return { a: { b: 1 } }; } close() {} }
export default defineApp({ name: "x", sensors: { p: { driver: P, on: "analog", everyMs: 1000 } }, channels: { c: { from: "p.a.b", resolution: 1 } } });
`;

describe.concurrent("a wrong app is refused by file and place", () => {
  const run = (engine: string, path: string): Promise<Ended> => mote("sim", "--speed", "max", "--json", "--engine", engine, "--app", path);

  test("for an unknown stage", async () => {
    const path = file("unknown.ts", app('{ stage: "medain", window: 5 } as never'));
    expectMistake(await run("node", path), `${path}: channel "c", stage 1: there is no stage "medain", did you mean "median"?`);
  });

  test("for what it throws as it is loaded, in a file that it imports too", async () => {
    file("part.ts", "export const part: string[] = [];\npart[0]!.trim();\n");
    const path = file("outer.ts", 'import "./part.js";\n' + app(""));
    expectMistake(await run("node", path), /part\.ts:2: it throws as it is loaded: Cannot read/);
  });

  test.skipIf(withoutXs)(onXs("for a window of 0"), async () => {
    const path = file("zero.ts", app("median(0)"));
    expectMistake(await run("xs", path), `${path}: channel "c", stage 1 (median): window must be an odd whole number from 3 to 101, not 0`);
  });

  test.skipIf(withoutXs)(onXs("for a driver that cannot be made"), async () => {
    const path = file("driver.ts", ownDriver);
    expectMistake(await run("xs", path), `${path}: sensor "p": no probe here`);
  });
});

test.concurrent("a recording is replayed through the app's sensors, for as long as it lasts; a column that none feels is named", async () => {
  const path = file("run.csv", "timestamp,temperature,analog\n0,20\n".replace("0,20\n", "0,20,0\n20,30,1\n"));
  const ended = await mote("sim", "--speed", "max", "--source", path);
  expect(ended).toMatchObject({ code: 0, err: "" });
  expect(ended.out).toContain(`Source  ${path}: 2 rows of temperature, analog over 40 s\n`);
  expect(ended.out).toMatch(/^ {2}temperature +30 °C /m);
  expect(ended.out).toContain("Note    no sensor of the app felt the recording's analog\n");
  expect(ended.out).toMatch(/^Ran +40 s in /m);
});

describe.concurrent("the trace", () => {
  test("goes whole into its file: its hash is the one that is printed", async () => {
    const path = join(folder, "whole.jsonl");
    const ended = await mote("sim", "--speed", "max", "--duration", "90s", "--trace", path, "--json");
    expect(createHash("sha256").update(readFileSync(path)).digest("hex")).toBe(counts(ended)["traceSha256"]);
  });

  test.skipIf(process.platform !== "linux")("that its disk does not hold makes the run fail, in one line", async () => {
    const ended = await mote("sim", "--speed", "max", "--duration", "5s", "--trace", "/dev/full", "--json");
    expect(ended).toMatchObject({ code: 1, err: "mote: --trace /dev/full: it is not whole: its disk is full\n" });
  });
});

test.concurrent("Ctrl-C ends a run in virtual time in order, with its counts so far", async () => {
  const started = startMote("sim", "--speed", "max", "--duration", "300d", "--json");
  await new Promise((resolve) => setTimeout(resolve, 4000));
  killGroup(started.child.pid!, "SIGINT");
  const ended = await started.ended;
  expect(ended).toMatchObject({ code: 0, err: "" });
  const { simulatedMs, samples } = counts(ended) as Record<string, number>;
  expect(simulatedMs).toBeGreaterThan(1000);
  expect(samples).toBeGreaterThanOrEqual(Math.floor(simulatedMs! / 1000) * 4);
});

test.skipIf(withoutXs || process.platform !== "linux")(
  onXs("the death of the XS process ends the run with 1 and one line"),
  { concurrent: true },
  async () => {
    const broker = await badBroker();
    // Its sockets stay open, and must not hold the process.
    const started = startMote("sim", "--engine", "xs", "--broker", `mqtt://127.0.0.1:${broker.port}`);
    await started.says(/^temperature /m);
    const machine = readdirSync("/proc").find((id) => /^\d+$/.test(id) && isMachineOf(started.child.pid!, id));
    process.kill(Number(machine), "SIGKILL");
    const { code, err } = await started.ended;
    expect({ code, err }).toEqual({ code: 1, err: "mote: the run failed: XS: the XS process is gone\n" });
    await broker.close();
  },
);

/** Whether process `id` is the XS machine that `parent` started. */
function isMachineOf(parent: number, id: string): boolean {
  try {
    const [, name = "", rest = ""] = /^\d+ \((.*)\) (.*)$/s.exec(readFileSync(`/proc/${id}/stat`, "utf8")) ?? [];
    return name.startsWith("mote-xs") && Number(rest.split(" ")[1]) === parent;
  } catch {
    return false;
  }
}

test.skipIf(withoutXs)(onXs("an arena that is too small ends the run with 1 and one line"), { concurrent: true }, async () => {
  expectMistake(await mote("sim", "--engine", "xs", "--speed", "max", "--json", "--arena", "30000"), /the arena of \d+ bytes is full/, 1);
});

test.concurrent("this computer's own sensors are read in real time", async () => {
  const ended = await mote("sim", "--source", "host", "--duration", "1500ms");
  expect(ended).toMatchObject({ code: 0, err: "" });
  expect(ended.out).toMatch(/^load +\d+(\.\d+)?$/m);
  expect(ended.out).toMatch(/^memory_free +\d+ MiB$/m);
  expect(ended.out).not.toContain("no chip");
});

test.concurrent("help is said for the asking, in lines that fit a terminal", async () => {
  for (const words of [["help"], ["start", "-h"]]) {
    const { code, out } = await mote(...words);
    expect(code).toBe(0);
    expect(out).toContain("--speed N|max");
    for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  }
});
