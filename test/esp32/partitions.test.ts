/** The board's flash layout, which nobody can change without USB once boards are out. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { overruled } from "../../scripts/esp32-sdkconfig.js";
import { parsePartitions, problems, type Partition } from "./partitions.js";

const flashBytes = 4 * 1024 * 1024;
const table = parsePartitions(readFileSync(new URL("../../partitions.csv", import.meta.url), "utf8"));
const sdkconfig = readFileSync(new URL("../../sdkconfig/sdkconfig.defaults", import.meta.url), "utf8");

function named(name: string): Partition {
  const found = table.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no partition ${name}`);
  return found;
}

describe("the partition table", () => {
  test("is aligned, does not overlap and fits 4 MB", () => {
    expect(problems(table, flashBytes)).toEqual([]);
  });

  test("has two OTA slots of the same size, at least 1.5 MiB each, and no factory app", () => {
    expect(table.filter((each) => each.type === "app").map((each) => each.subtype)).toEqual(["ota_0", "ota_1"]);
    expect(named("ota_0").size).toBe(named("ota_1").size);
    expect(named("ota_0").size).toBeGreaterThanOrEqual(1.5 * 1024 * 1024);
  });

  test("has the two sectors of otadata, nvs of at least three pages, two of settings, one for its secret, and a journal of 512 KiB", () => {
    expect(named("otadata")).toMatchObject({ type: "data", subtype: "ota", size: 0x2000 });
    expect(named("nvs")).toMatchObject({ type: "data", subtype: "nvs" });
    expect(named("nvs").size).toBeGreaterThanOrEqual(0x3000);
    expect(named("config")).toMatchObject({ type: "data", offset: 0x11000, size: 0x2000 });
    expect(named("secret")).toMatchObject({ type: "data", offset: 0x13000, size: 0x1000 });
    expect(named("journal")).toMatchObject({ type: "data", size: 512 * 1024 });
  });

  test("leaves no flash unreachable but what alignment costs", () => {
    const used = table.reduce((sum, each) => sum + each.size, 0);
    expect(flashBytes - 0x9000 - used).toBe(0);
  });
});

describe("the check of a partition table", () => {
  const good = "nvs, data, nvs, 0x9000, 0x6000,\nota_0, app, ota_0, 0x10000, 0x100000,\n";

  test.each([
    ["an app off its 64 KiB grid", "ota_0, app, ota_0, 0x11000, 0x100000,", "no multiple of 0x10000"],
    ["a size off the erase unit", "nvs, data, nvs, 0x9000, 0x6001,", "no multiple of 0x1000"],
    ["an overlap", `${good}x, data, nvs, 0x20000, 0x1000,`, "begins before"],
    ["the end of the flash", "ota_0, app, ota_0, 0x10000, 0x400000,", "the flash at"],
    ["a missing offset", "nvs, data, nvs, , 0x6000,", "begins before"],
    ["a label twice", `${good}nvs, data, nvs, 0x110000, 0x1000,`, "twice"],
    ["a label that is too long", "a_name_of_sixteen, data, nvs, 0x9000, 0x1000,", "1 to 15"],
  ])("notices %s", (_, csv, word) => {
    expect(problems(parsePartitions(csv), flashBytes).join("\n")).toContain(word);
  });

  test("passes a good one", () => {
    expect(problems(parsePartitions(good), flashBytes)).toEqual([]);
  });
});

describe("the board's configuration", () => {
  test.each([
    ["undoes an update that does not confirm itself", "CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE=y"],
    ["checks images before it boots them", "CONFIG_BOOTLOADER_SKIP_VALIDATE_ALWAYS=n"],
    ["has no legacy pairing", "CONFIG_BT_NIMBLE_SM_LEGACY=n"],
    ["has secure connections", "CONFIG_BT_NIMBLE_SM_SC=y"],
    ["has Bluetooth", "CONFIG_BT_ENABLED=y"],
    ["has it by NimBLE", "CONFIG_BT_NIMBLE_ENABLED=y"],
    ["answers as a peripheral", "CONFIG_BT_NIMBLE_ROLE_PERIPHERAL=y"],
    ["has one central at a time", "CONFIG_BT_NIMBLE_MAX_CONNECTIONS=1"],
    ["has TLS 1.2", "CONFIG_MBEDTLS_SSL_PROTO_TLS1_2=y"],
    ["has 4 MB of flash", "CONFIG_ESPTOOLPY_FLASHSIZE_4MB=y"],
    ["takes our partition table", "CONFIG_PARTITION_TABLE_CUSTOM=y"],
  ])("%s", (_, line) => {
    expect(sdkconfig.split("\n")).toContain(line);
  });

  test("is not overruled by the SDK's manifest of a BLE server, since ours names the module without it", () => {
    const manifests = ["../../manifest.json", "../../firmware/esp32/manifest.json"].map((path) =>
      readFileSync(new URL(path, import.meta.url), "utf8"),
    );
    for (const manifest of manifests) expect(manifest).not.toMatch(/"defines"|ble\/server\/(esp32\/)?manifest/);
    expect(manifests[1]).toContain('"embedded:io/bluetoothle/peripheral": "$(IO)/ble/server/esp32/bleserver"');
    expect(manifests[1]).toContain('"dependency": [{ "idf": "bt" }]');
  });

  test("is noticed when the SDK overrules it", () => {
    const resolved = "CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE=y\nCONFIG_BT_NIMBLE_SM_LEGACY=y\n# CONFIG_BT_NIMBLE_SM_SC is not set\n";
    expect(overruled(sdkconfig, resolved)).toEqual(["CONFIG_BT_NIMBLE_SM_LEGACY=n", "CONFIG_BT_NIMBLE_SM_SC=y"]);
  });

  test("may name options that this ESP-IDF does not have", () => {
    expect(overruled(sdkconfig, "CONFIG_ESPTOOLPY_FLASHSIZE_4MB=y\n")).toEqual([]);
  });
});
