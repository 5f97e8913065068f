/** The words of `npm run build:esp32` and `npm run flash`, checked: what is wrong is said in one line, with what would be right. */
import { parseArgs } from "node:util";

/** Moddable's platforms by board. */
export const platforms = { esp32: "esp32", esp32c3: "esp32/esp32c3", esp32s3: "esp32/esp32s3" };

/** What `--help` says. */
export const helpText = `npm run build:esp32 -- [options]: builds the firmware for ESP32 boards (all three kinds)
npm run flash -- [options]: builds it, and writes it to one that is plugged in; at the end
you have the board's pairing code, by which it is set up over Bluetooth

  --board NAME        ${Object.keys(platforms).join(", ")}; flash: esp32 where nothing is said
  --port PORT         flash: the serial port, such as /dev/ttyUSB0; the SDK looks for it
                      where nothing is said
  --label FILE.svg    flash: writes a label with the pairing code, to print
  --wifi-ssid NAME    builds a Wi-Fi in, in place of setting it over Bluetooth
  --wifi-password P   its password; better in MOTE_WIFI_PASSWORD, which is in no history
  --broker URL        builds a broker in, such as mqtt://192.168.1.10:1883
  --debug             a build that speaks to xsbug, where trace() is read
  --help

Exit codes: 0 done, 1 the build or the upload failed, 2 wrong usage, 3 the SDK or ESP-IDF
is not installed.
`;

/** Thrown for a user's mistake; its message is one line. */
export class UsageError extends Error {}

/**
 * @param {readonly string[]} words
 * @param {Record<string, string | undefined>} environment `MOTE_WIFI_PASSWORD` keeps the password out of the shell's history.
 * @returns {{ command: "build" | "flash", boards: string[], config: Record<string, string>, port: string | undefined, label: string | undefined, debug: boolean,
 *   assumed: boolean }} `assumed`: nobody has said which board it is.
 */
export function parseOptions(words, environment = {}) {
  const [command, ...rest] = words;
  if (command !== "build" && command !== "flash") throw new UsageError("say build or flash");
  const values = parse(rest);
  const boards = values.board ?? (command === "build" ? Object.keys(platforms) : ["esp32"]);
  for (const board of boards) {
    if (!Object.hasOwn(platforms, board))
      throw new UsageError(`--board must be one of ${Object.keys(platforms).join(", ")}, not ${quoted(board)}`);
  }
  if (command === "flash" && boards.length > 1) throw new UsageError("--board may be given once: one board is flashed at a time");
  if (command === "build" && values.port !== undefined) throw new UsageError("--port belongs to npm run flash");
  const { label } = values;
  if (command === "build" && label !== undefined) throw new UsageError("--label belongs to npm run flash");
  if (label !== undefined && !/.\.svg$/i.test(label))
    throw new UsageError(`--label must be a file that ends in .svg, not ${quoted(label)}`);
  return {
    command,
    boards: [...new Set(boards)],
    config: { ...wifiConfig(values, environment), ...(values.broker === undefined ? {} : brokerConfig(values.broker)) },
    port: values.port,
    label,
    debug: values.debug ?? false,
    assumed: command === "flash" && values.board === undefined,
  };
}

function parse(words) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        board: { type: "string", multiple: true },
        "wifi-ssid": { type: "string" },
        "wifi-password": { type: "string" },
        broker: { type: "string" },
        port: { type: "string" },
        label: { type: "string" },
        debug: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error.message.split("\n")[0].replace(/\.? To specify.*$/, ""));
  }
}

/** IEEE 802.11: a name of 1 to 32 bytes; WPA2: a passphrase of 8 to 63 characters, or 64 hex digits. */
function wifiConfig(values, environment) {
  const ssid = values["wifi-ssid"];
  const password = values["wifi-password"] ?? environment.MOTE_WIFI_PASSWORD;
  if (ssid === undefined) {
    if (values["wifi-password"] !== undefined) throw new UsageError("--wifi-password needs --wifi-ssid");
    return {};
  }
  const bytes = Buffer.byteLength(ssid);
  if (bytes < 1 || bytes > 32) throw new UsageError(`--wifi-ssid must be 1 to 32 bytes long, not ${bytes}`);
  if (password === undefined || password === "") return { moteSSID: ssid };
  const length = Buffer.byteLength(password);
  if (!(length >= 8 && length <= 63) && !/^[0-9a-fA-F]{64}$/.test(password)) {
    throw new UsageError(`--wifi-password must be 8 to 63 characters or 64 hex digits; this one has ${length}`);
  }
  return { moteSSID: ssid, motePassword: password };
}

function brokerConfig(text) {
  const right = "such as mqtt://192.168.1.10:1883";
  let url;
  try {
    url = new URL(text);
  } catch {
    throw new UsageError(`--broker must be a URL, ${right}, not ${quoted(text)}`);
  }
  if (url.protocol !== "mqtt:") throw new UsageError(`--broker must begin with mqtt://, ${right}`);
  if (url.hostname === "" || (url.pathname !== "" && url.pathname !== "/") || url.search !== "" || url.hash !== "") {
    throw new UsageError(`--broker must name a host and a port, ${right}`);
  }
  if (/^(localhost|127\.[\d.]+|\[::1\])$/.test(url.hostname)) {
    throw new UsageError(`--broker ${url.hostname} would mean the board itself: give this computer's address in its network, ${right}`);
  }
  if (url.port === "0") throw new UsageError("--broker: the port must be 1 to 65535");
  if (!/^[\w.-]{1,128}$/.test(url.hostname)) {
    throw new UsageError(`--broker: the host must be a name or a dotted address of at most 128 bytes, ${right}`);
  }
  const [username, password] = [decoded(url.username, "name"), decoded(url.password, "password")];
  return {
    moteBrokerHost: url.hostname,
    moteBrokerPort: url.port || "1883",
    ...(username === "" ? {} : { moteBrokerUsername: username }),
    ...(password === "" ? {} : { moteBrokerPassword: password }),
  };
}

/** The bounds of firmware/config/schema.ts: a board would leave out what is beyond them. */
function decoded(text, what) {
  let plain;
  try {
    plain = decodeURIComponent(text);
  } catch {
    throw new UsageError(`--broker: the ${what} has a % in it that is no escape: write it as %25`);
  }
  const bytes = Buffer.byteLength(plain);
  if (bytes > 64) throw new UsageError(`--broker: the ${what} must be at most 64 bytes long; this one has ${bytes}`);
  return plain;
}

function quoted(text) {
  return JSON.stringify(text).slice(0, 60);
}
