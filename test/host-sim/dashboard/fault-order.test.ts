import { describe, expect, test } from "vitest";
import { faultInfos, faultOf, type Order } from "../../../host-sim/dashboard/fault-order.js";
import { faultForms } from "../../../host-sim/faults/catalogue.js";

const place = { engine: "xs", boards: new Map([["board", ["climate", "probe"]]]) } as const;
const order = (more: Partial<Order>): Order => ({ do: "break", kind: "nak", parameters: {}, ...more });

test("every fault of the catalogue is offered, and can be ordered as it is offered", () => {
  const infos = faultInfos("xs", () => true);
  expect(infos.map(({ kind }) => kind)).toEqual(Object.keys(faultForms));
  for (const { kind, parameters } of infos) {
    const given = Object.fromEntries(parameters.filter(({ byDefault }) => byDefault === undefined).map(({ name }) => [name, 5]));
    const fault = faultOf(order({ kind, parameters: given }), 1234, place);
    expect(fault, kind).toMatchObject({ ok: true, value: { kind, atMs: 1234 } });
    if (fault.ok) expect(Object.keys(fault.value.parameters)).toEqual(parameters.map(({ name }) => name));
  }
});

test("what only XS can suffer is not offered on node", () => {
  expect(faultInfos("node", () => true).map(({ kind }) => kind)).not.toContain("memory");
  expect(faultOf(order({ kind: "memory" }), 0, { ...place, engine: "node" })).toMatchObject({ ok: false });
});

test("a fault that happens at once lasts no time, and one that lasts is until healed unless told otherwise", () => {
  expect(faultOf(order({ kind: "reset", forMs: 5000 }), 0, place)).toMatchObject({ value: { forMs: 0 } });
  expect(faultOf(order({}), 0, place)).toMatchObject({ value: { forMs: Infinity } });
});

test("a fault of the broker strikes no board in particular", () => {
  const fault = faultOf(order({ kind: "broker-down", board: "board" }), 0, place);
  expect(fault.ok && "board" in fault.value).toBe(false);
});

describe("refused, with the name and the rule, is", () => {
  test.each<[Partial<Order>, string]>([
    [{ kind: "toString" }, "toString: there is no such fault"],
    [{ parameters: { chance: 2 } }, "nak: chance must be a number from 0 to 1"],
    [{ parameters: { chance: NaN } }, "nak: chance must be a number from 0 to 1"],
    [{ parameters: { chance: "1" } }, "nak: chance must be a number from 0 to 1"],
    [{ parameters: { speed: 1 } }, "nak: it has no speed"],
    [{ kind: "flash-flip", parameters: { bits: 1.5 } }, "flash-flip: bits must be a whole number from 1 to 10000"],
    [{ kind: "saturation", parameters: { end: "middle" } }, "saturation: end must be high or low"],
    [{ kind: "spike" }, "spike: by must be a number from -1000000000 to 1000000000"],
    [{ board: "other" }, "nak: there is no such board"],
    [{ board: "board", sensor: "other" }, "nak: there is no such sensor for it"],
    [{ kind: "loss", board: "board", sensor: "climate" }, "loss: there is no such sensor for it"],
    [{ forMs: 0 }, "nak: it must last longer than no time, and at most 366 days"],
    [{ parameters: "all" as never }, "nak: its parameters must be values by name"],
  ])("%j", (wrong, message) => {
    expect(faultOf(order(wrong), 0, place)).toMatchObject({ ok: false, error: { message } });
  });
});
