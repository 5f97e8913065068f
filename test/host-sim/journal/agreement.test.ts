/** Two readers of one format: at any moment, whole or torn, the reader of images and the journal itself see the same. */
import { expect, test } from "vitest";
import { readJournalImage } from "../../../host-sim/journal/image.js";
import { random } from "../../../host-sim/world/random.js";
import { record } from "../../firmware/journal/explorer.js";
import { apply, LightFlash } from "../../firmware/journal/light-flash.js";
import { readGap, standsForRecords, u32 } from "../../firmware/journal/sealed.js";
import { open } from "../../firmware/journal/workload.js";
import { workloadsOf } from "../../firmware/journal/workloads.js";

test.each((["drop-oldest", "drop-newest", "thin-out"] as const).flatMap(workloadsOf))("$name", (workload) => {
  const draws = random(1, "agreement");
  const { moments } = record(workload, { operations: 800, after: 0, everyCut: 1, seed: 31 });
  let compared = 0;
  for (const { flash, operation } of moments) {
    if (draws.next() % 4 !== 0) continue;
    // Torn writes only: what a torn erase leaves reads differently each time.
    const partition = flash.fork(draws);
    if (!("erase" in operation)) apply(partition, operation, draws.fraction());
    const bytes = new Uint8Array(partition.bytes);
    partition.read(bytes, 0);
    const image = readJournalImage(bytes);
    const journal = open(new LightFlash(partition), workload.whenFull);
    const read: number[] = [];
    const told: [number, number][] = [];
    for (let payload = journal.peek(); payload !== undefined; journal.skip(), payload = journal.peek()) {
      const gap = payload[0] === 0x47 ? readGap(payload) : undefined;
      if (gap === undefined || !standsForRecords(gap)) read.push(u32(payload, 12));
      else told.push([gap.first, gap.first + gap.count]);
    }
    if (image.newest === undefined) continue;
    compared++;
    expect([journal.install, journal.doneSeq, read]).toEqual([image.install, image.done, image.waiting.map(({ seq }) => seq)]);
    // What was left out at the end the image does not tell.
    const holes = told.filter(([, to]) => to <= (read.at(-1) ?? 0));
    expect(holes).toEqual(image.holes.map(({ from, to }) => [from, to]));
    expect(journal.boot).toBeGreaterThanOrEqual(image.nextBoot);
    expect(journal.nextSeq).toBeGreaterThanOrEqual(image.nextSeq);
  }
  expect(compared).toBeGreaterThan(120);
});
