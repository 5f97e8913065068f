import { describe, expect, it } from "vitest";
import { fineTemperature, humidityPercent, pressurePa, readTrimming } from "../../../../firmware/sensing/drivers/bme280-compensation.js";

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(hex.split(" "), (pair) => parseInt(pair, 16));
}

describe("BME280 compensation", () => {
  it("gives the worked example of the BMP280's datasheet (3.12): 25.08 °C and 100,653 Pa", () => {
    const low = bytes("70 6b 43 67 18 fc 7d 8e 43 d6 d0 0b 27 0b 8c 00 f9 ff 8c 3c f8 c6 70 17 00 00");
    const trimming = readTrimming(low, new Uint8Array(7));
    expect(trimming).toMatchObject({ t1: 27504, t2: 26435, t3: -1000, p1: 36477, p2: -10685, p3: 3024, p4: 2855, p5: 140, p6: -7 });
    expect(trimming).toMatchObject({ p7: 15500, p8: -14600, p9: 6000 });
    const fine = fineTemperature(trimming, 519888);
    // The example's intermediate value t_fine is 128422 in integer arithmetic, 128422.28 in double precision.
    expect(Math.trunc(fine)).toBe(128422);
    expect(fine / 5120).toBeCloseTo(25.08, 2);
    expect(pressurePa(trimming, fine, 415148)).toBeCloseTo(100653.27, 1);
  });

  it("gives the temperature and humidity of a chip whose registers a user published: 24.44 °C and 54.17 %", () => {
    // Bosch Sensortec's forum, "BME280 Data to test Calculations", September 2019.
    const low = bytes("6c 6e 77 66 32 00 a8 92 27 d5 d0 0b 6f 18 ca ff f9 ff ac 26 0a d8 bd 10 00 4b");
    const trimming = readTrimming(low, bytes("65 01 00 14 0b 00 1e"));
    expect(trimming).toMatchObject({ h1: 75, h2: 357, h3: 0, h4: 331, h5: 0, h6: 30 });
    const fine = fineTemperature(trimming, 0x817fb);
    expect(fine / 5120).toBeCloseTo(24.44, 2);
    expect(humidityPercent(trimming, fine, 0x7913)).toBeCloseTo(54.17, 2);
  });

  it("reads the signs of the trimming values, also of the two that share a byte", () => {
    const trimming = readTrimming(new Uint8Array(26).fill(0xff), bytes("00 80 ff ff 5a 80 80"));
    expect(trimming).toMatchObject({ t1: 65535, t2: -1, t3: -1, p1: 65535, p9: -1, h1: 255, h2: -32768, h3: 255 });
    expect(trimming).toMatchObject({ h4: -16 + 0xa, h5: -2048 + 0x5, h6: -128 });
  });
});
