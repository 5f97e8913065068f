/** What a person is told as a run begins: what runs, where its broker is, and how to stop it. */
import type { Settings } from "../../firmware/settings.js";
import type { EmbeddedBroker } from "../node/embedded-broker.js";
import { brokerUrl } from "./broker-url.js";
import { durationText } from "./duration.js";
import type { Inputs } from "./inputs.js";
import type { SimOptions } from "./options.js";
import { airUrl, commandAt, defaultAt } from "./reach-place.js";

export interface Greeting {
  readonly options: SimOptions;
  readonly inputs: Inputs;
  readonly name: string;
  /** The kind of board. */
  readonly board: string;
  /** What the simulator could not wire. */
  readonly notes: readonly string[];
  readonly broker: Settings["broker"];
  readonly embedded: EmbeddedBroker | undefined;
  /** The dashboard's address, where there is one. */
  readonly dashboard?: string | undefined;
  /** The pairing code of the one board, which whoever is here may know: it is simulated. */
  readonly code?: string | undefined;
  /** The network of the simulation. */
  readonly wifi: Network;
  /** The name of the first board in the run. */
  readonly first: string;
}

interface Network {
  readonly ssid: string;
  readonly password: string;
}

/** Where the boards of a run are set up, and what one has to know for it. `code`: of the one board; `first`: the first of several. */
export function setupLines(
  dashboard: string,
  wifi: Network,
  board: { readonly code?: string | undefined; readonly first?: string },
): string {
  const at = airUrl(dashboard) ?? defaultAt;
  const [{ code, first }, password] = [board, wifi.password === "" ? "no password" : `password "${wifi.password}"`];
  const codes =
    first !== undefined
      ? `Code    ${commandAt("mote pair --code", { at, board: first })} says the pairing code of a board\n`
      : code === undefined
        ? ""
        : `Code    ${code} (its pairing code; as a QR code: ${commandAt("npx mote pair --qr", { at, board: undefined })})\n`;
  return `Open    ${dashboard}\nSet up  ${dashboard}configure/ (over simulated Bluetooth)\n${codes}Wi-Fi   ${wifi.ssid}, ${password}\n`;
}

export function greet(out: NodeJS.WriteStream, greeting: Greeting): void {
  const { options, inputs, name, board, notes, broker, embedded, dashboard, code, wifi, first } = greeting;
  const { speed, engine, seed, source, durationMs } = options;
  const pace = speed === "max" ? "virtual time" : speed === 1 ? "real time" : `${speed}× real time`;
  const { boards } = options;
  out.write(
    boards > 1 ? `Mote    ${boards.toLocaleString("en")} simulated boards (${board})\n` : `Mote    a simulated ${board} named ${name}\n`,
  );
  out.write(`        ${pace}, ${engine === "xs" ? "XS engine" : "Node's engine"}, seed ${seed}\n`);
  const { recording, computer } = inputs;
  if (source.kind === "recording" && recording !== undefined) {
    const { rows, columns, durationMs: lengthMs } = recording;
    out.write(`Source  ${source.file}: ${rows.toLocaleString("en")} rows of ${columns.join(", ")} over ${durationText(lengthMs)}\n`);
  }
  if (computer !== undefined) {
    out.write(`Source  this computer${computer.temperatureC === undefined ? " (it shows no thermometer: no temperature)" : ""}\n`);
  }
  if (dashboard !== undefined) {
    out.write(setupLines(dashboard, wifi, boards > 1 ? { first } : { code }));
  }
  if (speed !== "max" || embedded !== undefined) {
    out.write(`Broker  ${brokerUrl(broker)}${embedded === undefined ? "" : " (embedded)"}\n`);
    if (embedded?.usualPortTaken === true) out.write("        port 1883 is taken by another program, so this is a free one\n");
    if (embedded !== undefined) out.write(`Watch   mosquitto_sub -h ${broker.host} -p ${broker.port} -v -t 'mote/#'\n`);
    const lengthMs = durationMs ?? recording?.durationMs;
    out.write(
      `Stop    Ctrl-C${lengthMs === undefined ? "" : `, or by itself after ${durationText(speed === "max" ? lengthMs : lengthMs / speed)}`}\n`,
    );
  }
  // The simulator itself has no chip for this computer's sensors: the command attaches it.
  if (computer === undefined) for (const note of notes) out.write(`Note    ${note}\n`);
  out.write("\n");
}
