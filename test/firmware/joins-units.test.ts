/** Joined channels in units that the formula does not take, as a person would mistake them. */
import { expect, test } from "vitest";
import { checkApp } from "../../firmware/check.js";
import type { App, ChannelDeclaration } from "../../firmware/declaration.js";
import {
  absolute_humidity,
  difference_of,
  dew_point,
  joined,
  mean_of,
  median,
  multiply,
  offset,
  sea_level_pressure,
  SHT3x,
  sum_of,
} from "../../firmware/mote.js";

const read = { from: "air.thermometer.temperature", resolution: 0.01 };
const channels = {
  warm: { ...read, unit: "°C" },
  cool: { ...read, unit: "℃" },
  hot: { ...read, unit: "°F" },
  damp: { ...read, unit: "%" },
  pascals: { ...read, unit: "Pa" },
  bare: read,
};

function refusal(out: Omit<ChannelDeclaration, "resolution">): string | undefined {
  const sensors = { air: { driver: SHT3x, on: "i2c", everyMs: 1000 } } as const;
  const app: App = { name: "mote", sensors, channels: { ...channels, out: { resolution: 0.01, ...out } } };
  const checked = checkApp(app);
  return checked.ok ? undefined : checked.error.message;
}

const takes = 'channel "out": from: dew_point takes temperature in °C, humidity in %, but channel';

test.each([
  [
    "the wrong way round",
    { from: dew_point("damp", "warm") },
    `${takes} "damp" is in "%": write them the other way round, "warm" where "damp" stands`,
  ],
  [
    "in °F",
    { from: dew_point("hot", "damp") },
    `${takes} "hot" is in "°F": give a channel in °C, such as one with the stages offset(-32), multiply(0.5555555556)`,
  ],
  ["twice the same", { from: dew_point("warm", "cool") }, `${takes} "cool" is in "℃": give a channel in %`],
  [
    "in Pa",
    { from: sea_level_pressure("pascals", "warm", 5) },
    'channel "out": from: sea_level_pressure takes pressure in hPa, temperature in °C, but channel "pascals" is in "Pa": ' +
      "give a channel in hPa, such as one with the stages multiply(0.01)",
  ],
  [
    "of two kinds",
    { from: mean_of("bare", "warm", "damp") },
    'channel "out": from: mean_of takes channels of one unit, but "warm" is in °C and "damp" in %: convert one of them',
  ],
  [
    "labelled as what it is not",
    { from: dew_point("warm", "damp"), unit: "°F" },
    'channel "out": from: dew_point gives °C, not "°F": write that as unit, or convert with stages',
  ],
  [
    "labelled as what it is not, behind a median",
    { from: absolute_humidity("bare", "bare"), unit: "%", stages: [median(3)] },
    'channel "out": from: absolute_humidity gives g/m³, not "%": write that as unit, or convert with stages',
  ],
  [
    "labelled unlike its channels",
    { from: sum_of("warm", "cool"), unit: "%" },
    'channel "out": from: sum_of gives °C, not "%": write that as unit, or convert with stages',
  ],
])("a join of channels %s is refused with the remedy", (_, out, message) => {
  expect(refusal(out)).toBe(message);
});

test.each<[string, Omit<ChannelDeclaration, "resolution">]>([
  ["in other spellings", { from: dew_point("cool", "damp"), unit: "°C" }],
  ["without units", { from: dew_point("bare", "bare"), unit: "°C" }],
  ["that converts its result", { from: dew_point("warm", "damp"), unit: "°F", stages: [multiply(1.8), offset(32)] }],
  ["in kelvins, of a difference", { from: difference_of("warm", "cool"), unit: "K" }],
  ["of the app's own function", { from: joined((a, b) => a * b, "warm", "damp"), unit: "fl" }],
  ["alike, in any unit", { from: mean_of("hot", "hot"), unit: "°F" }],
])("a join %s passes", (_, out) => {
  expect(refusal(out)).toBeUndefined();
});
