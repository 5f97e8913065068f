/** What a person is told as a run begins: what runs, where its broker is, and how to stop it. */
import type { Settings } from "../../firmware/settings.js";
import type { EmbeddedBroker } from "../node/embedded-broker.js";
import { brokerUrl } from "./broker-url.js";
import { durationText } from "./duration.js";
import type { Inputs } from "./inputs.js";
import type { SimOptions } from "./options.js";

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
}

export function greet(out: NodeJS.WriteStream, { options, inputs, name, board, notes, broker, embedded, dashboard, code }: Greeting): void {
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
    out.write(`Open    ${dashboard}\n`);
    out.write(`Set up  ${dashboard}configure/ (over simulated Bluetooth)\n`);
    if (code !== undefined) out.write(`Code    ${code} (its pairing code; as a QR code: mote pair --qr)\n`);
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
