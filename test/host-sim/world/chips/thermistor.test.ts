import { describe, expect, it } from "vitest";
import { constant } from "../../../../host-sim/world/chips/signal.js";
import { Thermistor } from "../../../../host-sim/world/chips/thermistor.js";

type Fault = Thermistor["fault"];

function counts(temperatureC: number, fault: Fault = "none", thermistorTo: "supply" | "ground" = "supply"): number | undefined {
  const thermistor = new Thermistor({ temperatureC: constant(temperatureC), thermistorTo });
  thermistor.fault = fault;
  return thermistor.read(0);
}

describe("Thermistor", () => {
  it("gives half the supply at its nominal temperature, as the SDK's counts of 2,450 mV", () => {
    expect(counts(25)).toBe(Math.floor((1650 * 4095) / 2450));
  });

  it("rises with temperature to the supply and falls with it to ground", () => {
    for (let t = -30; t < 48; t += 2) expect(counts(t + 2)!).toBeGreaterThan(counts(t)!);
    for (let t = 6; t < 90; t += 2) expect(counts(t + 2, "none", "ground")!).toBeLessThan(counts(t, "none", "ground")!);
  });

  it("ends at full scale, and at 150 mV where the converter is blind", () => {
    expect(counts(150)).toBe(4095);
    expect(counts(-55)).toBe(250);
  });

  it("reads as the wiring has it when the thermistor is open or short, and as nothing when the converter fails", () => {
    expect([counts(25, "open"), counts(25, "short")]).toEqual([250, 4095]);
    expect([counts(25, "open", "ground"), counts(25, "short", "ground")]).toEqual([4095, 250]);
    expect(counts(25, "failed")).toBeUndefined();
  });
});
