/** `mote wifi`: the Wi-Fi of a simulated board, looked at and joined over its virtual Bluetooth. Returns the exit code. */
import { failure, success, type Result } from "../../firmware/base/result.js";
import type { BoardClient, FoundNetwork } from "../pairing/contract.js";
import { complain } from "./complaint.js";
import { askLine, isTerminal, lineOfStdin } from "./prompt.js";
import { mistakeIn } from "../../firmware/config/field.js";
import { fieldNamed } from "../../firmware/config/schema.js";
import { commandAt } from "./reach-place.js";
import { exitCodeOf, knownBoard, reach } from "./reach.js";
import { originText } from "./config-view.js";
import { networkText, trialEnd, trialText } from "./trial-watch.js";
import type { WifiOptions } from "./wifi-options.js";

type Told = Result<{ readonly text: string; readonly json: unknown; readonly exitCode?: number }, string>;

export async function wifi(options: WifiOptions): Promise<number> {
  // What nobody has to type is looked at before anything else; what somebody has to, once it can be of use.
  const asks = options.action === "join" && !options.open && !options.passwordFromStdin && isTerminal();
  const given = asks || options.action !== "join" ? success("") : await passwordFor(options);
  if (!given.ok) return complain(given.error.message, exitCodeOf(given.error.kind));
  const known = await knownBoard(options);
  if (!known.ok) return complain(known.error.message, exitCodeOf(known.error.kind));
  const password = asks ? await passwordFor(options) : given;
  if (!password.ok) return complain(password.error.message, exitCodeOf(password.error.kind));
  const reached = await reach(options, known.value);
  if (!reached.ok) return complain(reached.error.message, 1);
  const client = reached.value;
  const told = await doneWith(client, options, password.value);
  client.close();
  if (!told.ok) return complain(told.error.message, exitCodeOf(told.error.kind));
  process.stdout.write(options.json ? JSON.stringify(told.value.json) + "\n" : told.value.text);
  return told.value.exitCode ?? 0;
}

function doneWith(client: BoardClient, options: WifiOptions, password: string): Promise<Told> {
  switch (options.action) {
    case "state":
      return state(client);
    case "scan":
      return scan(client);
    case "join":
      return join(client, options, password);
  }
}

async function passwordFor({ ssid, passwordFromStdin, open }: WifiOptions): Promise<Result<string, string>> {
  if (open) return success("");
  if (!passwordFromStdin && !isTerminal())
    return failure(
      "usage",
      "there is no terminal to ask for the password: give it with --password-stdin, or say --open where there is none",
    );
  const asked = passwordFromStdin
    ? success(await lineOfStdin())
    : await askLine(`Password of ${ssid ?? ""} (not shown; empty for none): `, true);
  if (!asked.ok) return asked;
  if (asked.value === undefined) return failure("usage", "no password was given");
  const mistake = mistakeIn("wifi.password", fieldNamed("wifi.password")!, asked.value);
  return mistake === undefined ? success(asked.value) : failure("usage", mistake);
}

async function state(client: BoardClient): Promise<Told> {
  const settings = await client.settings();
  if (!settings.ok) return settings;
  const health = await client.health();
  if (!health.ok) return health;
  const ssid = settings.value.find(({ name }) => name === "wifi.ssid");
  const [network = "", broker = "", rssi] = ["network", "broker", "rssi"].map((name) => health.value.get(name));
  const set = ssid?.value === undefined || ssid.value === "" ? "No network is set" : `Network ${ssid.value} (${originText(ssid.origin)})`;
  const lines = [set, networkText(network), ...(rssi === undefined ? [] : [`signal ${rssi} dBm`]), networkText(`broker ${broker}`)];
  const json = { ssid: ssid?.value ?? "", origin: ssid?.origin, network, broker, ...(rssi === undefined ? {} : { rssiDbm: Number(rssi) }) };
  return success({ text: lines.join("\n") + "\n", json });
}

async function scan(client: BoardClient): Promise<Told> {
  const found = await client.scan();
  if (!found.ok) return found;
  return success({
    text: found.value.length === 0 ? "The board hears no network.\n" : networksText(found.value),
    json: { networks: found.value },
  });
}

function networksText(networks: readonly FoundNetwork[]): string {
  return networks.map(({ ssid, rssi, security }) => `${String(rssi).padStart(4)} dBm  ${security.padEnd(4)}  ${ssid}\n`).join("");
}

async function join(client: BoardClient, options: WifiOptions, password: string): Promise<Told> {
  const stop = new AbortController();
  const interrupted = (): void => stop.abort();
  // The second ends it as ever.
  process.once("SIGINT", interrupted);
  const told = await joined(client, options, password, stop.signal);
  process.off("SIGINT", interrupted);
  return told;
}

async function joined(client: BoardClient, options: WifiOptions, password: string, stop: AbortSignal): Promise<Told> {
  const { ssid = "", wait, json } = options;
  const say = (text: string): void => void (json || process.stderr.write(`  ${text}\n`));
  const broker = await client.settings();
  if (!broker.ok) return broker;
  if (stop.aborted) return failure("interrupted", "");
  const set = await client.set(
    new Map([
      ["wifi.ssid", ssid],
      ["wifi.password", password],
    ]),
  );
  if (!set.ok) return set;
  const { state, leftS } = set.value;
  if (state !== "trial") return success({ text: `${ssid}: nothing to change, it was set so before.\n`, json: { ssid, state } });
  if (!wait) {
    const [tells, keeps] = ["mote config trial", "mote config confirm"].map((command) => commandAt(command, options));
    const text = `${ssid} is on trial for ${leftS} s, and then undone unless the broker was reached: ${tells} tells how it gets on, ${keeps} keeps it.\n`;
    return success({ text, json: { ssid, state, leftS } });
  }
  say(`${ssid} is on trial for ${leftS} s; this command takes it back at once when it cannot be joined`);
  // A board without a broker is reached by nobody who would confirm it.
  const confirmWhenUp = !broker.value.some(({ name, value = "" }) => name === "broker.host" && value !== "");
  const end = await trialEnd(client, { say, confirmWhenUp, failuresMost: 2, stop });
  if (stop.aborted && (!end.ok || end.value.state === "trial")) {
    const left = end.ok ? end.value.leftS : leftS;
    const until = confirmWhenUp ? "it is joined" : "the broker is reached";
    const text = `${ssid} stays on trial until ${until}, for ${left} s at most: ${commandAt("mote config undo", options)} takes it back\n`;
    return success({ text, json: { ssid, state, leftS: left }, exitCode: 130 });
  }
  if (!end.ok)
    return failure(
      end.error.kind,
      `${end.error.message} What was set stays on trial: the board undoes it by itself if it does not get on with it`,
    );
  const undone = end.value.state === "undone";
  const shown = { ssid, state: end.value.state, ...(undone ? { reason: end.value.reason } : {}) };
  return success({ text: `${ssid}. ${trialText(end.value)}\n`, json: shown, exitCode: undone ? 1 : 0 });
}
