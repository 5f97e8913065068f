/** Totals inside XS, on a simulated board behind the pipe: the same entries, bit by bit, as on Node, in a bounded arena. */
import { afterEach, describe, expect, test } from "vitest";
import { limits } from "../../../firmware/limits.js";
import { namespace, totals } from "../../../firmware/checkpoints/totals.js";
import { deviceCalls } from "../../../host-sim/xs/device-calls.js";
import { type Machine, openMachine } from "../../../host-sim/xs/machine.js";
import { link } from "../../../host-sim/xs/modules.js";
import { findProgram } from "../../../host-sim/xs/program.js";
import { simulatedBoard } from "../../firmware/simulated-board.js";
import { onXs, withoutXs } from "./available.js";

const machines: Machine[] = [];
afterEach(() => {
  for (const each of machines.splice(0)) each.close();
});

const telling = 1000;
const everyMs = limits.checkpointsEveryMs;

/** Runs `source` on the board's thread in XS, where `made` are its totals; what it tells comes back, now or when it is told. */
function onBoard(made: ReturnType<typeof simulatedBoard>, source: string): { told: unknown[]; machine: Machine } {
  const program = findProgram();
  if (!program.ok) throw new Error(program.error.message);
  const entry = `import { device } from "host-sim/xs/device"; import { totals } from "firmware/checkpoints/totals"; const tell = (value) => hostCall(${telling}, JSON.stringify(value)); const made = totals(device, ${everyMs}); ${source}`;
  const preload = ["host-sim/xs/device", "firmware/checkpoints/totals"];
  const linked = link({ sources: { entry }, entries: ["entry"], preload });
  if (!linked.ok) throw new Error(linked.error.message);
  const told: unknown[] = [];
  const opened = openMachine({
    program: program.value.path,
    flash: linked.value,
    arenaBytes: 64 * 1024,
    nowMs: () => made.device.clock.nowMs(),
    ...deviceCalls(
      made.device,
      (index, once, ...values) => {
        const called = machine.dispatch(index, once, ...values);
        if (!called.ok) throw new Error(called.error.message);
      },
      { [telling]: (json: string) => void told.push(JSON.parse(json)) },
    ),
  });
  if (!opened.ok) throw new Error(opened.error.message);
  const machine = opened.value;
  machines.push(machine);
  made.on(() => {
    const ran = machine.run("entry");
    if (!ran.ok) throw new Error(ran.error.message);
  });
  return { told, machine };
}

describe.skipIf(withoutXs)(onXs("totals in XS"), () => {
  test("leave the entries that they leave on Node, and restore each other's", () => {
    const numbers = [0.1 + 0.2, -0, 5e-324, 1.7976931348623157e308, -1234.5678, 2 ** 53 - 1];
    const [xs, node] = [simulatedBoard(), simulatedBoard()];
    onBoard(xs, `${JSON.stringify(numbers)}.forEach((x, index) => made.open("näme " + index).keep(index === 1 ? -0 : x)); made.stop();`);
    node.on(() => {
      const made = totals(node.device, everyMs);
      numbers.forEach((x, index) => made.open("näme " + index).keep(x));
      made.stop();
    });
    const written = (board: typeof xs): unknown[] =>
      board.lines.filter(({ what }) => what === "key-value.write").map(({ namespace: path, key, bytes }) => [path, key, bytes]);
    expect(written(xs).length).toBe(numbers.length);
    expect(written(xs)).toEqual(written(node));
    expect((written(xs)[0] as unknown[])[0]).toBe(namespace);
    const { told } = onBoard(
      node,
      `for (let index = 0; index < 6; index++) tell(Object.is(made.open("näme " + index).restore(), -0) ? "-0" : made.open("näme " + index).restore());`,
    );
    expect(told).toEqual(numbers.map((x) => (Object.is(x, -0) ? "-0" : x)));
  });

  test("are written from their timer, and keeping takes nothing out of the arena", () => {
    const made = simulatedBoard();
    const { told } = onBoard(
      made,
      `
      const total = made.open("a/0");
      total.keep(1);
      const slots = slotsInUse(), bytes = chunkBytesInUse();
      for (let x = 2; x < 1002; x++) total.keep(x);
      const slotsAfter = slotsInUse(), bytesAfter = chunkBytesInUse();
      tell([slotsAfter - slots, bytesAfter - bytes]);
      device.timers.set(() => tell([made.failures, made.open("a/0").restore()]), ${everyMs + 1000});`,
    );
    made.pass(everyMs + 2000);
    expect(told).toEqual([
      [0, 0],
      [0, 1001],
    ]);
  });
});
