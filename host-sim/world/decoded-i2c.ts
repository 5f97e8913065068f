/**
 * I²C transfers in words. The bus tells only addresses, so a chip is named by the one it usually has;
 * another part may sit there, which is why the bytes always stand beside. Sources: the datasheets
 * "SHT3x-DIS" (4.3, 4.8, 4.13, table 9) and "BME280" (5.4).
 */
import { crc8 } from "../../firmware/base/crc8.js";
import { hexText } from "./decoded-text.js";

const chips: Readonly<Record<number, string>> = { 0x44: "SHT3x", 0x45: "SHT3x", 0x76: "BME280", 0x77: "BME280" };

const sht3xCommands: Readonly<Record<number, string>> = {
  0x2400: "measure",
  0x2416: "measure, low repeatability",
  0x240b: "measure, medium repeatability",
  0x3093: "break",
  0x30a2: "soft reset",
  0xf32d: "status?",
};

const bme280Registers: Readonly<Record<number, string>> = {
  0x88: "trimming",
  0xd0: "chip id",
  0xe0: "reset",
  0xe1: "trimming",
  0xf2: "humidity control",
  0xf3: "status",
  0xf4: "measurement control",
  0xf5: "config",
  0xf7: "measurement",
};

export class BusWords {
  /** What was written last, by address. */
  readonly #asked = new Map<number, string>();

  /** `bytes` undefined: nobody acknowledged. */
  describe(way: "out" | "in", address: number, bytes: Uint8Array | undefined): string {
    const chip = chips[address];
    const place = `0x${address.toString(16).padStart(2, "0")}${chip === undefined ? "" : ` ${chip}`}`;
    if (bytes === undefined) return `${place} does not acknowledge`;
    const words = way === "out" ? request(chip, bytes) : answer(chip, this.#asked.get(address), bytes);
    if (way === "out") this.#asked.set(address, words);
    return `${place} ${hexText(bytes)}${words === "" ? "" : `  ${words}`}`;
  }
}

function request(chip: string | undefined, bytes: Uint8Array): string {
  if (chip === "SHT3x" && bytes.length === 2) return sht3xCommands[(bytes[0]! << 8) | bytes[1]!] ?? "";
  if (chip !== "BME280" || bytes.length === 0) return "";
  if (bytes.length === 1) return `${register(bytes[0]!)}?`;
  const set: string[] = [];
  for (let index = 0; index + 1 < bytes.length; index += 2) set.push(`${register(bytes[index]!)} = ${bytes[index + 1]}`);
  return set.join(", ");
}

function register(number: number): string {
  return bme280Registers[number] ?? `register 0x${number.toString(16)}`;
}

function answer(chip: string | undefined, asked: string | undefined, bytes: Uint8Array): string {
  if (asked === undefined) return "";
  if (chip === "SHT3x" && asked.startsWith("measure") && bytes.length === 6) return climate(bytes);
  return chip === "BME280" && asked.endsWith("?") ? asked.slice(0, -1) : "";
}

/** Two words, each with its checksum (4.13). */
function climate(bytes: Uint8Array): string {
  const sound = (at: number): boolean => crc8(bytes, at, at + 2, 0xff) === bytes[at + 2];
  const share = (at: number): number => ((bytes[at]! << 8) | bytes[at + 1]!) / 65_535;
  const temperature = sound(0) ? `${(-45 + 175 * share(0)).toFixed(2)} °C` : "a damaged word";
  const humidity = sound(3) ? `${(100 * share(3)).toFixed(1)} %` : "a damaged word";
  return `${temperature}, ${humidity}`;
}
