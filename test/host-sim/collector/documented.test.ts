/** The queries of docs/collect.md, run as they stand there. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Ingest } from "../../../host-sim/collector/ingest.js";
import { openStore } from "../../../host-sim/collector/store.js";
import { block } from "./records.js";

const page = readFileSync(new URL("../../../docs/collect.md", import.meta.url), "utf8");
const queries = [...page.matchAll(/```sql\n([^`]+)```/g)].map(([, query]) => query!);

test("the queries of docs/collect.md answer what is said about them", () => {
  const opened = openStore(":memory:");
  if (!opened.ok) throw new Error(opened.error.message);
  const { sql } = opened.value;
  const noonMs = Date.UTC(2026, 10, 20, 12);
  const arrivals = Array.from({ length: 12 }, (_, seq) => ({
    device: seq % 2 === 0 ? "porch" : "attic",
    payload: block({ seq, startMs: seq * 600_000, samples: 10, everyMs: 60_000, channels: 2, ...(seq === 4 ? { missingAt: [2, 3] } : {}) }),
    atMs: noonMs + seq * 600_000 + 540_000,
    again: false,
  }));
  new Ingest(sql).commit(arrivals);
  sql.exec("UPDATE channels SET name = 'temperature' WHERE channel = 0");
  expect(queries).toHaveLength(3);
  const [newest, hourly, missing] = queries.map((query) => sql.prepare(query).raw().all([]) as unknown[][]);
  expect(newest).toEqual([
    ["attic", "channel-b", 21.09, "%", "2026-11-20T13:59:00.000Z"],
    ["attic", "temperature", 20.09, "°C", "2026-11-20T13:59:00.000Z"],
    ["porch", "channel-b", 21.09, "%", "2026-11-20T13:49:00.000Z"],
    ["porch", "temperature", 20.09, "°C", "2026-11-20T13:49:00.000Z"],
  ]);
  expect(hourly).toHaveLength(4);
  expect(hourly![2]).toEqual(["porch", "2026-11-20T12:00Z", 20.05, 20, 20.09, 28]);
  expect(missing).toEqual([
    ["porch", "channel-b", "bus", 2, "2026-11-20T12:42:00.000Z", "2026-11-20T12:43:00.000Z"],
    ["porch", "temperature", "bus", 2, "2026-11-20T12:42:00.000Z", "2026-11-20T12:43:00.000Z"],
  ]);
});
