/** The `mote` command. Exit codes: 0 done, 1 the run failed, 2 wrong usage. */
import { createRequire } from "node:module";
import { parseSimOptions, simForms } from "./options.js";
import { sim } from "./sim.js";
import { nearest, quoted } from "./words.js";

const [command, ...words] = process.argv.slice(2);
const commands = ["start", "sim", "help"];

switch (command) {
  case "start":
  case "sim": {
    if (words.includes("--help") || words.includes("-h")) {
      process.stdout.write(help());
      break;
    }
    const options = parseSimOptions(words);
    if (!options.ok) misused(options.error.message);
    else process.exitCode = await sim(options.value);
    break;
  }
  case undefined:
  case "help":
  case "--help":
  case "-h":
    process.stdout.write(help());
    break;
  case "--version":
  case "-v":
    console.log((createRequire(import.meta.url)("../../../package.json") as { version: string }).version);
    break;
  default: {
    const near = nearest(command, commands);
    misused(`${quoted(command)} is no command; ${near === undefined ? `there are: ${commands.join(", ")}` : `did you mean mote ${near}?`}`);
  }
}

function help(): string {
  const options = Object.entries(simForms).flatMap(([name, { value, help: lines }]) => {
    const form = `  --${name}${value === undefined ? "" : " " + value}`;
    const column = 22;
    const [first = "", ...more] = lines;
    const begin = form.length < column - 1 ? [form.padEnd(column) + first] : [form, " ".repeat(column) + first];
    return [...begin, ...more.map((line) => " ".repeat(column) + line)];
  });
  return `mote: an ESP32 sensor board you can watch, on this computer

  mote start            a simulated board in real time, with an MQTT broker
  mote sim [options]    the same, as you tell it
  mote --version
  mote --help

Options of start and sim
${options.join("\n")}

Examples
  mote sim --speed max --duration 1h --json
  mote sim --app my/app.ts --broker mqtt://192.168.1.5
  mote sim --source recording.csv --speed max --trace run.jsonl

Exit codes: 0 done, 1 the run failed, 2 wrong usage.
`;
}

function misused(what: string): void {
  console.error(`mote: ${what} (mote --help tells all)`);
  process.exitCode = 2;
}
