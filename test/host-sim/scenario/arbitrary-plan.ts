/** Plans as fast-check draws them: anything that a scenario file can say. */
import fc from "fast-check";
import type { App } from "../../../firmware/declaration.js";
import ownApp from "../../../firmware/app.js";
import { faultForms, type FaultForm, type FaultKind, type NumberForm, type WordForm } from "../../../host-sim/faults/catalogue.js";
import {
  type AppPlan,
  type BoardPlan,
  type Condition,
  type ConsumerPlan,
  countNames,
  type EnvironmentPlan,
  type Expectation,
  type FaultPlan,
  type InlineApp,
  type JournalPlan,
  type NetworkPlan,
  type Plan,
  type Quantity,
  type Range,
  type SignalPart,
  states,
  type StageCall,
  type VisitPlan,
} from "../../../host-sim/scenario/plan.js";
import { rounded } from "../../../host-sim/scenario/schema-time.js";

const value = fc
  .oneof(fc.integer({ min: -1e6, max: 1e6 }), fc.double({ min: -1e9, max: 1e9, noNaN: true }))
  .map((number) => (number === 0 ? 0 : number));
const share = fc.double({ min: 0, max: 1, noNaN: true }).map((number) => (number === 0 ? 0 : number));
const line = fc.string({ unit: "grapheme", maxLength: 40 }).map((text) => text.replace(/\p{C}/gu, ""));

/** Whole and broken milliseconds, round and odd ones. */
function time(leastMs: number, mostMs: number): fc.Arbitrary<number> {
  return fc
    .oneof(
      fc.integer({ min: Math.ceil(leastMs), max: Math.floor(mostMs) }),
      fc.double({ min: leastMs, max: mostMs, noNaN: true }),
      fc.constantFrom(1000, 1500, 60_000, 90_000, 600_000, 3_600_000, 86_400_000),
    )
    .map((ms) => rounded(Math.min(mostMs, Math.max(leastMs, ms))));
}

function points(): fc.Arbitrary<(readonly [number, number])[]> {
  return fc
    .uniqueArray(fc.tuple(time(0, 86_400_000), value), { minLength: 1, maxLength: 5, selector: ([atMs]) => atMs })
    .map((all) => all.sort(([a], [b]) => a - b));
}

const columns = ["temperature", "value", "humidity", "pressure", "outdoor", "pulses", "analog"] as const;

const part: fc.Arbitrary<SignalPart> = fc.oneof(
  value.map((constant) => ({ kind: "constant", value: constant }) as const),
  fc.record({
    kind: fc.constant("daily" as const),
    mean: value,
    amplitude: value,
    peakHour: fc.integer({ min: 0, max: 24 * 60 }).map((minutes) => minutes / 60),
  }),
  points().map((each) => ({ kind: "steps", points: each }) as const),
  points().map((each) => ({ kind: "ramp", points: each }) as const),
  fc.record({ kind: fc.constant("noise" as const), deviation: share, everyMs: time(1, 1e6) }),
  fc.record({ kind: fc.constant("vibration" as const), amplitude: share, hz: fc.double({ min: 0.001, max: 1e5, noNaN: true }), share }),
  fc.record({
    kind: fc.constant("recording" as const),
    file: fc.constantFrom("/recordings/office.csv", "/a b/ü: #1.csv", "/scenes/near.csv"),
    column: fc.constantFrom(...columns),
  }),
  fc.constant({ kind: "host" } as const),
);

const environment: fc.Arbitrary<EnvironmentPlan> = fc
  .uniqueArray(fc.constantFrom<Quantity>("temperature", "humidity", "pressure", "outdoor", "pulses", "analog", "value"), { maxLength: 3 })
  .filter((names) => !(names.includes("temperature") && names.includes("value")))
  .chain((names) => fc.tuple(...names.map((name) => fc.tuple(fc.constant(name), fc.array(part, { minLength: 1, maxLength: 3 })))))
  .map((entries) => Object.fromEntries(entries));

const stage = fc.constantFrom<StageCall[]>(
  ["median", 5],
  ["window", 60, "mean"],
  ["throttle", 2500],
  ["delta", 0.1],
  ["exponential_moving_average", 0.25],
  ["clamp", { min: -5, ignore_out_of_range: true }],
  ["clamp", { min: 0, max: 100 }],
  ["multiply", 0.01],
  ["offset", -1.5],
  ["or", ["delta", 0.5], ["group", ["throttle", 60_000], ["median", 3]]],
);

const inline: fc.Arbitrary<InlineApp> = fc.record({
  name: fc.constantFrom("mote", "garden"),
  sensors: fc.constantFrom<InlineApp["sensors"]>(
    { air: { driver: "SHT3x", on: "i2c", everyMs: 1000 } },
    {
      air: { driver: "BME280", on: "i2c", everyMs: 2500, phaseMs: 20, address: 0x77, options: { pressureOversampling: 4 } },
      wire: { driver: "NTC", on: "analog", everyMs: 1, pin: 3, options: { thermistorTo: "ground", reads: 8 } },
      meter: { driver: "PulseCounter", on: "digital", everyMs: 86_400_000, options: {} },
    },
  ),
  channels: fc.array(stage, { maxLength: 4 }).map((stages) => ({
    a: { from: "air.thermometer.temperature", resolution: 0.01, stages },
    b: { from: "air.hygrometer.humidity", unit: "%: #", resolution: 0.1, stages: [["summary", 60]] },
  })),
});

const appPlan: fc.Arbitrary<AppPlan> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: "own" } as const) },
  fc.constantFrom("/apps/porch.ts", "/scenes/porch app.mjs").map((file) => ({ kind: "file", file }) as const),
  inline.map((app) => ({ kind: "inline", app }) as const),
);

const journal: fc.Arbitrary<JournalPlan> = fc.record(
  {
    whenFull: fc.constantFrom("drop-oldest" as const, "drop-newest" as const, "thin-out" as const),
    acknowledge: fc.constantFrom("broker" as const, "consumer" as const),
    blockS: fc.integer({ min: 1, max: 3600 }),
    sectors: fc.integer({ min: 4, max: 1024 }),
  },
  { requiredKeys: [] },
);

function consumer(durationMs: number): fc.Arbitrary<ConsumerPlan> {
  const times = fc.array(time(0, durationMs), { maxLength: 4 });
  return fc.record({
    commitMs: time(0, 600_000),
    away: fc.array(
      fc.tuple(time(0, durationMs), time(0, durationMs)).map(([a, b]) => ({ fromMs: Math.min(a, b), untilMs: Math.max(a, b) })),
      { maxLength: 3 },
    ),
    crashesMs: times,
    straysMs: times,
  });
}

function visitPlan(durationMs: number, boards: readonly BoardPlan[]): fc.Arbitrary<VisitPlan> {
  const set = fc.constantFrom<VisitPlan["set"]>(
    { "broker.host": "10.9.9.9" },
    { "wifi.ssid": "no: 1", "wifi.password": "" },
    { "broker.port": 1884, "trial.forS": 30, "device.name": "yes" },
  );
  return fc
    .record({
      atMs: time(0, durationMs),
      forMs: fc.oneof(fc.constant(Math.min(durationMs, 300_000)), time(1000, durationMs)),
      set,
      byHand: fc.constantFrom("confirm" as const, "undo" as const, "nothing" as const),
      restart: fc.boolean(),
      board: fc.option(fc.nat()),
    })
    .map(({ board, ...rest }) => ({ ...rest, ...(board === null ? {} : { board: boards[board % boards.length]!.name }) }));
}

function networkPlans(durationMs: number): fc.Arbitrary<NetworkPlan[]> {
  return fc.uniqueArray(
    fc
      .record({
        ssid: fc.constantFrom("mote", "shed", "a: b #1", "1", "Öztürk"),
        password: fc.constantFrom("", "swordfish", "12345678"),
        from: time(0, durationMs),
        until: fc.oneof(fc.constant(Infinity), time(0, durationMs)),
      })
      .map(({ ssid, password, from, until }) => ({
        ssid,
        password: ssid === "mote" ? "" : password,
        fromMs: Math.min(from, until),
        untilMs: until === Infinity ? until : Math.max(from, until),
      })),
    { maxLength: 3, selector: ({ ssid }) => ssid },
  );
}

/** One board, or a row of them as a count makes it, or one that only looks like such a row. */
function boardRow(durationMs: number): fc.Arbitrary<BoardPlan[]> {
  return fc
    .record({
      name: fc.constantFrom("porch", "attic", "B-2", "b_1", "9"),
      count: fc.constantFrom(1, 1, 2, 5),
      app: appPlan,
      board: fc.constantFrom("esp32" as const, "esp32c3" as const, "esp32s3" as const),
      startAtMs: time(0, durationMs / 2),
      apartMs: fc.oneof(fc.constant(0), time(0, durationMs / 10)),
      ticksAtBoot: fc.constantFrom(0, 4_294_967_295, 4_294_900_000),
      environment,
      journal: fc.option(journal, { nil: undefined }),
      numbered: fc.boolean(),
    })
    .map(({ name, count, numbered, apartMs, startAtMs, journal: kept, ...rest }) =>
      Array.from({ length: count }, (_, index) => ({
        name: count === 1 && !numbered ? name : `${name}-${index + 1}`,
        startAtMs: rounded(startAtMs + index * apartMs),
        ...rest,
        ...(kept === undefined ? {} : { journal: kept }),
      })),
    );
}

function parameters(kind: FaultKind): fc.Arbitrary<Record<string, number | string>> {
  const one = (form: NumberForm | WordForm): fc.Arbitrary<number | string> => {
    if ("words" in form) return fc.constantFrom(...form.words);
    if (form.unit === "ms") return time(form.least, form.most);
    if (form.unit === "count" || form.unit === "bytes") return fc.integer({ min: form.least, max: form.most });
    return fc.double({ min: form.least, max: form.most, noNaN: true }).map((number) => (number === 0 ? 0 : number));
  };
  const forms = Object.entries((faultForms[kind] as FaultForm).parameters);
  return fc.tuple(...forms.map(([name, form]) => fc.tuple(fc.constant(name), one(form)))).map((entries) => Object.fromEntries(entries));
}

function sensorsOf(app: AppPlan): string[] {
  const sensors: App["sensors"] | InlineApp["sensors"] = app.kind === "inline" ? app.app.sensors : ownApp.sensors;
  return Object.keys(sensors);
}

function faultPlan(durationMs: number, boards: readonly BoardPlan[]): fc.Arbitrary<FaultPlan[]> {
  const at: fc.Arbitrary<FaultPlan["at"]> = fc.oneof(
    time(0, durationMs - 1).map((atMs) => ({ kind: "once", atMs }) as const),
    fc
      .tuple(time(0, durationMs / 2 - 1), time(durationMs / 2, durationMs), time(1000, 1e7), share)
      .map(([fromMs, untilMs, everyMs, chance]) => ({ kind: "repeated", fromMs, untilMs, everyMs, chance }) as const),
  );
  return fc
    .constantFrom(...(Object.keys(faultForms) as FaultKind[]))
    .chain((kind) =>
      fc.record({
        kind: fc.constant(kind),
        at,
        forMs: fc.oneof(fc.constant(Infinity), time(0.001, 1e7)),
        parameters: parameters(kind),
        target: fc.constantFrom("all", "one", "sensor", "group"),
        index: fc.nat(),
      }),
    )
    .map(({ target, index, ...rest }) => {
      const form: FaultForm = faultForms[rest.kind];
      const fault: FaultPlan = { ...rest, forMs: form.lasts ? rest.forMs : 0 };
      if (form.strikes === "broker" || target === "all") return [fault];
      const { name, app } = boards[index % boards.length]!;
      if (target === "group") return boards.map((board) => ({ ...fault, board: board.name }));
      if (target === "sensor" && form.strikes === "sensor") return [{ ...fault, board: name, sensor: sensorsOf(app)[0]! }];
      return [{ ...fault, board: name }];
    });
}

const range: fc.Arbitrary<Range> = fc.oneof(
  fc.tuple(value, value).map(([a, b]) => ({ least: Math.min(a, b), most: Math.max(a, b) })),
  value.map((least) => ({ least, most: Infinity })),
  value.map((most) => ({ least: -Infinity, most })),
  fc.constant({ least: -Infinity, most: Infinity }),
);
const counts: fc.Arbitrary<Range> = fc.oneof(
  fc.nat({ max: 100 }).map((least) => ({ least, most: least })),
  fc.nat({ max: 100 }).map((least) => ({ least, most: Infinity })),
  fc.nat({ max: 100 }).map((least) => ({ least, most: least + 3 })),
);

const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record(
    {
      kind: fc.constant("message" as const),
      topic: fc.constantFrom("temperature", "#", "+/summary", "status", "a b/c: d"),
      text: line,
      value: range,
      error: fc.constantFrom("bus", "checksum", "range", "absent"),
    },
    { requiredKeys: ["kind", "topic"] },
  ),
  fc
    .constantFrom(...(Object.keys(states) as (keyof typeof states)[]))
    .chain((of) => fc.record({ kind: fc.constant("state" as const), of: fc.constant(of), is: fc.constantFrom<string>(...states[of]) })),
  fc.record({ kind: fc.constant("count" as const), of: fc.constantFrom(...countNames), within: counts }),
);

function expectation(durationMs: number, boards: readonly BoardPlan[]): fc.Arbitrary<Expectation> {
  return fc
    .record({ condition, afterMs: time(0, durationMs), until: fc.oneof(fc.constant(Infinity), share), board: fc.option(fc.nat()) })
    .map(({ afterMs, until, board, ...rest }) => ({
      ...rest,
      afterMs,
      untilMs: until === Infinity ? Infinity : rounded(afterMs + until * (durationMs - afterMs)),
      place: "",
      text: "",
      ...(board === null ? {} : { board: boards[board % boards.length]!.name }),
    }));
}

export const plan: fc.Arbitrary<Plan> = time(1000, 86_400_000)
  .chain((durationMs) =>
    fc
      .array(boardRow(durationMs), { minLength: 1, maxLength: 4 })
      .map((rows) => rows.flat())
      .filter((boards) => new Set(boards.map(({ name }) => name)).size === boards.length)
      .map((boards) => ({ durationMs, boards })),
  )
  .chain(({ durationMs, boards }) =>
    fc.record({
      name: line.map((text) => text.trim() || "a name"),
      about: fc.oneof(line, fc.lorem({ mode: "sentences" }), fc.string({ unit: "grapheme" })).map((text) => text.trim()),
      seed: fc.integer({ min: 0, max: 4_294_967_295 }),
      durationMs: fc.constant(durationMs),
      boards: fc.constant(boards),
      environment,
      faults: fc.array(faultPlan(durationMs, boards), { maxLength: 4 }).map((all) => all.flat()),
      expect: fc.array(expectation(durationMs, boards), { maxLength: 4 }),
      never: fc.array(expectation(durationMs, boards), { maxLength: 2 }),
      taker: fc.option(consumer(durationMs), { nil: undefined }),
      visits: fc.array(visitPlan(durationMs, boards), { maxLength: 3 }),
      networks: networkPlans(durationMs),
    }),
  )
  .map(({ taker, visits, networks, ...rest }) => ({
    ...rest,
    ...(taker === undefined ? {} : { consumer: taker }),
    ...(visits.length === 0 ? {} : { visits }),
    ...(networks.length === 0 ? {} : { networks }),
  }));
