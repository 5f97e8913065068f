/** The checker of the back-off lets pass what the firmware's back-off can draw at the least, and nothing shorter. */
import { expect, test } from "vitest";
import { backoff } from "../../../firmware/base/backoff.js";
import { limits } from "../../../firmware/limits.js";
import { BackOff, leastWaitMs } from "../../../host-sim/invariants/back-off.js";
import { Bench, connack, Line } from "./scene.js";

function bench() {
  const scene = new Bench();
  const checker = new BackOff(scene);
  checker.started();
  return { scene, checker, line: new Line(checker) };
}

test("the least wait is what the firmware's back-off draws at the least, for 20 failures in a row", () => {
  const least = backoff(limits.backoffShortestMs, limits.backoffLongestMs, limits.returnSpreadMs, () => 0);
  for (let failures = 1; failures <= 20; failures++) expect(leastWaitMs(failures)).toBe(least.next());
});

test("refused connections and names without an answer count in one row, and 10 ms too little is heard", () => {
  const { scene, checker, line } = bench();
  for (let failures = 1; failures <= 8; failures++) {
    checker.asked();
    scene.nowMs += 7_000;
    if (failures % 2 === 0) checker.unresolved();
    else line.open().close();
    scene.nowMs += leastWaitMs(failures);
  }
  expect(scene.said).toEqual([]);
  scene.nowMs -= 10;
  checker.asked();
  expect(scene.said).toEqual([expect.stringContaining("its broker again 29990.000 ms after failure 8 in a row")]);
});

test("an accepted connection ends the broker's row, and the shortest wait still holds", () => {
  const { scene, line } = bench();
  line.open().close();
  scene.nowMs += 250;
  line.open().receive(connack).close();
  scene.nowMs += 250;
  line.open().close();
  expect(scene.said).toEqual([]);
  scene.nowMs += 250;
  line.open();
  expect(scene.said).toHaveLength(1);
});

test("a refusal by CONNACK ends no row", () => {
  const { scene, line } = bench();
  for (let failures = 1; failures <= 3; failures++) {
    line.open().receive({ cmd: "connack", returnCode: 3 }).close();
    scene.nowMs += 250;
  }
  expect(scene.said).toHaveLength(1);
});

test("a Wi-Fi that was joined lets the broker be tried at once; joining itself waits", () => {
  const { scene, checker, line } = bench();
  checker.joining();
  checker.joined();
  line.open().close();
  checker.apart();
  scene.nowMs += 250;
  checker.joining();
  checker.joined();
  line.open();
  expect(scene.said).toEqual([]);
  checker.apart();
  scene.nowMs += 240;
  checker.joining();
  expect(scene.said).toEqual([expect.stringContaining("its Wi-Fi again 240.000 ms after failure 1 in a row")]);
});
