/**
 * `npm run build:esp32` and `npm run flash`: the firmware for ESP32 through the Moddable SDK's mcconfig. A flash also sees to the
 * board's secret (esp32-secret.js) and shows its pairing code: Wi-Fi and broker may be left out, and set over Bluetooth.
 * Exit codes: 0 done, 1 the build or the upload failed, 2 wrong usage, 3 the SDK or ESP-IDF is not installed.
 */
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { helpText, parseOptions, platforms, UsageError } from "./esp32-options.js";
import { ensureSecret, findEsptool, secretOffset } from "./esp32-secret.js";
import { overruled } from "./esp32-sdkconfig.js";

const root = fileURLToPath(new URL("../", import.meta.url));
const output = join(root, "build", "esp32");
/** mcconfig runs `tsc` from PATH: the project's own. */
const path = join(root, "node_modules", ".bin") + delimiter + (process.env.PATH ?? "");

process.exitCode = await main();

async function main() {
  const words = process.argv.slice(2);
  if (words.includes("--help") || words.includes("-h")) {
    process.stdout.write(helpText);
    return 0;
  }
  let options;
  try {
    options = parseOptions(words, process.env);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`esp32: ${error.message}`);
    return 2;
  }
  const esptool = options.command === "flash" ? findEsptool(onPath, { ...process.env, PATH: path }) : undefined;
  const missing = missingTools(options.command === "flash" && esptool === undefined);
  if (missing.length > 0) {
    console.error(`esp32: an ESP32 build needs more than npm installs. Missing here:\n${missing.map((each) => `  - ${each}\n`).join("")}`);
    console.error("Without a board, `npm start` runs the same firmware on a simulated one.");
    return 3;
  }
  if (options.assumed) console.log("esp32: taking the board for an esp32: --board says another (esp32c3, esp32s3)");
  console.log("esp32: checking types");
  if (run("tsc", ["-b", "tsconfig.board.json"]) !== 0) return failed("the types do not fit (see above)");
  mkdirSync(output, { recursive: true });
  for (const board of options.boards) {
    const error = build(board, options) ?? (options.command === "flash" ? upload(board, options) : undefined);
    if (error !== undefined) return failed(error);
    if (esptool === undefined) continue;
    const unpaired = await pair(board, options, esptool);
    if (unpaired !== undefined) return failed(`${unpaired}. The firmware is on the board; run the same line again for its secret`);
  }
  return 0;
}

function missingTools(withoutEsptool) {
  const missing = [];
  const sdk = process.env.MODDABLE;
  const guide = "https://www.moddable.com/documentation/Moddable%20SDK%20-%20Getting%20Started, or `npx xs-dev setup`";
  if (sdk === undefined || sdk === "") missing.push(`the Moddable SDK 8.2 or later: MODDABLE is not set (${guide})`);
  else if (!existsSync(join(sdk, "examples", "manifest_base.json")))
    missing.push(`the Moddable SDK: MODDABLE is ${sdk}, but the SDK is not there (${guide})`);
  if (!onPath("mcconfig")) missing.push("mcconfig, the SDK's build tool: put $MODDABLE/build/bin/lin/release (mac: …/mac/release) on PATH");
  const idf = "https://docs.espressif.com/projects/esp-idf, or `npx xs-dev setup --device esp32`";
  if (!process.env.IDF_PATH || !existsSync(process.env.IDF_PATH)) missing.push(`ESP-IDF v6.0: IDF_PATH names no folder (${idf})`);
  if (!onPath("idf.py")) missing.push("idf.py, ESP-IDF's build tool: run `source $IDF_PATH/export.sh` in this shell");
  if (withoutEsptool) missing.push("esptool, by which the board's secret is read and written: `source $IDF_PATH/export.sh` brings it");
  if (!existsSync(join(root, "build", "host-sim", "pairing", "code.js"))) missing.push("what npm builds: run `npm ci`");
  return missing;
}

function onPath(tool) {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, tool), constants.X_OK);
      return statSync(join(folder, tool)).isFile();
    } catch {
      return false;
    }
  });
}

function build(board, options) {
  const place = join(platforms[board], options.debug ? "debug" : "release", "mote");
  const image = join(output, "bin", place, "xs_esp32.bin");
  console.log(`esp32: building for ${board}${options.config.moteSSID === undefined ? " (no Wi-Fi given: it is set over Bluetooth)" : ""}`);
  // The SDK's makefile ignores a failed ESP-IDF build: only a fresh image proves that it went well.
  rmSync(image, { force: true });
  const status = mcconfig(board, options, "build");
  if (status !== 0) return `mcconfig ended with ${status} for ${board} (see above)`;
  if (!existsSync(image)) return `ESP-IDF made no image for ${board} (see above)`;
  const lost = overruledSettings(join(output, "tmp", place, `xsProj-${board}`, "sdkconfig"));
  if (lost.length > 0) return `ESP-IDF was configured against sdkconfig/sdkconfig.defaults for ${board}: ${lost.join(", ")}`;
  console.log(`esp32: ${board}: ${statSync(image).size} bytes, ${image.slice(root.length)}`);
  return undefined;
}

function overruledSettings(resolved) {
  if (!existsSync(resolved)) return [];
  return overruled(readFileSync(join(root, "sdkconfig", "sdkconfig.defaults"), "utf8"), readFileSync(resolved, "utf8"));
}

function upload(board, options) {
  console.log(`esp32: flashing ${board}${options.port === undefined ? "" : ` on ${options.port}`}`);
  const status = mcconfig(board, options, "deploy");
  return status === 0 ? undefined : `the upload ended with ${status} (see above). Is the board plugged in, and --port right?`;
}

/** The board's secret, kept or made, and its pairing code for the person. What went wrong is returned. */
async function pair(board, { port, label, config }, esptool) {
  const { pairingCode, qrPayload, secretImage } = await import("../build/host-sim/pairing/code.js");
  const { labelSvg, terminalQr } = await import("../build/host-sim/pairing/label.js");
  const offset = secretOffset(readFileSync(join(root, "partitions.csv"), "utf8"));
  const environment = { ...process.env, PATH: path };
  const found = ensureSecret({ esptool, chip: board, port, offset, environment, imageOf: secretImage });
  if ("error" in found) return found.error;
  const { secret, id, made } = found;
  const [code, payload, name] = [pairingCode(secret), qrPayload(id, secret), `Mote ${id.slice(-6)}`];
  console.log(
    `esp32: ${name} ${made ? "has a secret now, its own for good" : "keeps the secret that it had"}. Its pairing code:\n\n  ${code}\n`,
  );
  process.stdout.write(terminalQr(payload, process.stdout.isTTY === true) + "\n");
  console.log(
    "Whoever has this code can set the board up over Bluetooth: keep it, on a label for instance. `npm start` has the page for it:",
  );
  console.log("http://127.0.0.1:8080/configure/ in Chrome or Edge; paste the code there, or scan it.");
  const fresh = config.moteSSID === undefined && config.moteBrokerHost === undefined;
  console.log(
    fresh
      ? "The board knows no Wi-Fi yet: it can be reached for 5 minutes after it is switched on, or after its button (BOOT) is pressed."
      : "It can be reached for 5 minutes after its button (BOOT) is pressed.",
  );
  if (label === undefined) return undefined;
  try {
    writeFileSync(label, labelSvg(name, code, payload), { mode: 0o600 });
  } catch (error) {
    return `the label could not be written to ${label}: ${error.message}`;
  }
  console.log(`Its label to print: ${label}`);
  return undefined;
}

function mcconfig(board, options, target) {
  const settings = Object.entries(options.config).map(([key, value]) => `${key}=${value}`);
  // A debug build speaks to xsbug, where trace() is read.
  const words = [
    ...(options.debug ? ["-d"] : []),
    "-m",
    "-p",
    platforms[board],
    "-t",
    target,
    "-o",
    output,
    ...settings,
    join(root, "manifest.json"),
  ];
  return run("mcconfig", words, options.port === undefined ? {} : { UPLOAD_PORT: options.port });
}

function run(tool, words, environment = {}) {
  const done = spawnSync(tool, words, { cwd: root, stdio: "inherit", env: { ...process.env, ...environment, PATH: path } });
  return done.status ?? 1;
}

function failed(what) {
  console.error(`esp32: ${what}`);
  return 1;
}
