/** Wall times out of arrivals: boots heard live, boots heard of later, and what is exported of them. */
import { describe, expect, test } from "vitest";
import { parseExportOptions } from "../../../host-sim/cli/export-options.js";
import { csvRow, exported, jsonRow, type ExportQuery, type Sample } from "../../../host-sim/collector/export.js";
import { Ingest } from "../../../host-sim/collector/ingest.js";
import { openStore, type Store } from "../../../host-sim/collector/store.js";
import { block } from "./records.js";

const dayMs = Date.UTC(2026, 10, 20);
const all: ExportQuery = { fromMs: undefined, toMs: undefined, device: undefined, channel: undefined };

class House {
  readonly store: Store;
  readonly #ingest: Ingest;
  #seq = 0;

  constructor() {
    const opened = openStore(":memory:");
    if (!opened.ok) throw new Error(opened.error.message);
    this.store = opened.value;
    this.#ingest = new Ingest(this.store.sql);
  }

  /** A block of ten seconds whose last sample was taken `lastMs` after the boot, and which came at `atMs`. */
  came(boot: number, lastMs: number, atMs: number, names = true, device = "porch"): void {
    const payload = block({ boot, seq: this.#seq++, startMs: lastMs - 9000, names });
    this.#ingest.commit([{ device, payload, atMs, again: false }]);
  }

  export(query: Partial<ExportQuery> = {}): Sample[] {
    return [...exported(this.store, { ...all, ...query })];
  }

  rows(question: string): unknown[][] {
    return this.store.sql.prepare(question).raw().all([]) as unknown[][];
  }
}

describe("a boot heard live", () => {
  test("began when its least delayed block came, less what the board's clock said", () => {
    const house = new House();
    const delays = [800, 120, 3000, 260];
    delays.forEach((delayMs, index) => house.came(0, 9000 + 10_000 * index, dayMs + 9000 + 10_000 * index + delayMs));
    const [first] = house.export();
    expect(first).toMatchObject({ timeMs: dayMs + 120, ms: 0, boot: 0, seq: 0, channel: "channel-a", unit: "°C", value: 20 });
    expect(first!.uncertaintyMs).toBeGreaterThanOrEqual(680);
    expect(first!.uncertaintyMs).toBeLessThan(1100);
  });

  test("is less sure the further a sample lies from the block that told, for clocks drift", () => {
    const house = new House();
    house.came(0, 9000, dayMs + 9000);
    house.came(0, 19_000, dayMs + 19_010);
    house.came(0, 86_409_000, dayMs + 86_409_000 + 900);
    const samples = house.export();
    expect(samples[0]!.uncertaintyMs).toBeLessThan(1010);
    expect(samples.at(-1)!.uncertaintyMs! - samples[0]!.uncertaintyMs!).toBeGreaterThan(8000);
  });
});

describe("a boot heard of only later", () => {
  /** Boot 0 lives for a minute from 0:00 on; boot 1 for 20 s somewhere in between; boot 2 from 0:10 on, and brings boot 1's blocks. */
  function restarted(): House {
    const house = new House();
    for (let s = 9; s < 60; s += 10) house.came(0, s * 1000, dayMs + s * 1000 + 100);
    const bornMs = dayMs + 600_000;
    house.came(1, 9000, bornMs + 4000, false);
    house.came(1, 19_000, bornMs + 4100, false);
    for (let s = 9; s < 60; s += 10) house.came(2, s * 1000, bornMs + s * 1000 + 100);
    return house;
  }

  test("lies between the boots before and after, and its samples say how far they may be off", () => {
    const samples = restarted().export();
    const second = samples.filter(({ boot }) => boot === 1);
    expect(second).toHaveLength(20);
    // It ended before the next began.
    expect(second.at(-1)!.timeMs).toBe(dayMs + 600_000 + 100);
    // And may have begun when the one before had ended: that far it may be off.
    const earliestMs = dayMs + 59_000 + 100 - 1000;
    expect(second[0]!.timeMs - second[0]!.uncertaintyMs!).toBeLessThanOrEqual(earliestMs);
    expect(second[0]!.timeMs - second[0]!.uncertaintyMs!).toBeGreaterThan(earliestMs - 200);
    expect(samples.map(({ timeMs }) => timeMs)).toEqual(samples.map(({ timeMs }) => timeMs).sort((a, b) => a - b));
  });

  test("is told, however late a broken board's clock says that it is", () => {
    const house = new House();
    for (let boot = 0; boot < 3000; boot++) house.came(boot, 2 ** 52, dayMs, false, "broken");
    house.came(0, 9000, dayMs + 9000);
    expect(house.export({ device: "porch" })[0]!.timeMs).toBe(dayMs);
    expect(house.rows("SELECT count(*) FROM samples")).toEqual([[30_010]]);
  });

  test("has its neighbour's channel names where ids and resolutions fit", () => {
    expect(
      new Set(
        restarted()
          .export()
          .map(({ channel }) => channel),
      ),
    ).toEqual(new Set(["channel-a"]));
    const nameless = new House();
    nameless.came(0, 9000, dayMs, false);
    expect(nameless.export()[0]).toMatchObject({ channel: "channel 0", unit: "" });
  });

  test("with nothing before it says that nobody knows how far it is off", () => {
    const house = new House();
    house.came(3, 9000, dayMs);
    expect(house.export()[0]!.uncertaintyMs).toBeUndefined();
    // A burst of history is not heard live, however evenly it comes.
    house.came(3, 19_000, dayMs + 50);
    house.came(3, 29_000, dayMs + 100);
    expect(house.export()[0]!.uncertaintyMs).toBeUndefined();
  });
});

describe("an export", () => {
  test("takes from a time on until before another, of one device and channel", () => {
    const house = new House();
    for (let s = 9; s < 60; s += 10) house.came(0, s * 1000, dayMs + s * 1000);
    house.came(0, 9000, dayMs + 9000, true, "attic");
    const cut = house.export({ fromMs: dayMs + 5000, toMs: dayMs + 8000, device: "porch" });
    expect(cut.map(({ timeMs }) => timeMs - dayMs)).toEqual([5000, 6000, 7000]);
    expect(house.export({ device: "attic" })).toHaveLength(10);
    expect(house.export({ channel: "channel-b" })).toEqual([]);
  });

  test("says the same as the view in SQL", () => {
    const house = new House();
    for (let s = 9; s < 60; s += 10) house.came(0, s * 1000, dayMs + s * 1000);
    const seen = house.rows("SELECT time, device, channel, value, unit, missing, ms, boot, seq, uncertainty_ms FROM samples ORDER BY time");
    expect(seen).toEqual(
      house
        .export()
        .map((each) => [
          new Date(each.timeMs).toISOString(),
          each.device,
          each.channel,
          each.value,
          each.unit,
          null,
          each.ms,
          each.boot,
          each.seq,
          each.uncertaintyMs ?? null,
        ]),
    );
  });

  test("writes CSV and JSON, with quotes where names need them, and nothing that would begin another row", () => {
    const sample: Sample = {
      timeMs: dayMs + 1,
      device: 'a "b", c\nd',
      channel: "t",
      value: 20.5,
      decimals: 2,
      unit: "°C",
      missing: undefined,
      ms: 1,
      boot: 2,
      seq: 3,
      uncertaintyMs: undefined,
    };
    expect(csvRow(sample)).toBe('2026-11-20T00:00:00.001Z,"a ""b"", c�d",t,20.50,°C,,1,2,3,');
    expect(csvRow({ ...sample, device: "d", value: undefined, missing: "bus", uncertaintyMs: 5 })).toBe(
      "2026-11-20T00:00:00.001Z,d,t,,°C,bus,1,2,3,5",
    );
    expect(JSON.parse(jsonRow({ ...sample, value: undefined, missing: "bus" }))).toEqual({
      time: "2026-11-20T00:00:00.001Z",
      device: 'a "b", c\nd',
      channel: "t",
      value: null,
      unit: "°C",
      missing: "bus",
      ms: 1,
      boot: 2,
      seq: 3,
      uncertaintyMs: null,
    });
  });

  test("takes times in UTC, with a zone, and as how long ago; and says what is none", () => {
    const from = (text: string): number | undefined => {
      const options = parseExportOptions(["--from", text], dayMs);
      return options.ok ? options.value.fromMs : undefined;
    };
    expect(from("2026-11-20T10:00")).toBe(dayMs + 36_000_000);
    expect(from("2026-11-20 10:00:00.5")).toBe(dayMs + 36_000_500);
    expect(from("2026-11-20T10:00+01:00")).toBe(dayMs + 32_400_000);
    expect(from("2026-11-20")).toBe(dayMs);
    expect(from("90m")).toBe(dayMs - 5_400_000);
    for (const text of ["yesterday", "2026-11-31", "2026-11-20T25:00", "10:00"]) expect(from(text)).toBeUndefined();
    const swapped = parseExportOptions(["--from", "2026-11-20", "--to", "2026-11-19"], dayMs);
    expect(swapped).toMatchObject({ ok: false, error: { message: "--from must lie before --to" } });
    expect(parseExportOptions(["--csv", "--json"], dayMs)).toMatchObject({ ok: false });
  });
});
