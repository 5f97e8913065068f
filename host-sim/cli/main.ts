/** The `mote` command. Exit codes: 0 done, 1 the run failed, 2 wrong usage, 42 a scenario's time ran out. */
import { createRequire } from "node:module";
import { nearest } from "../../firmware/base/nearest.js";
import { optionLines } from "./command-help.js";
import { commands } from "./commands.js";
import { parseSimOptions, simForms } from "./options.js";
import { quoted } from "./words.js";

// A reader that goes away, as `head` does, has seen enough: what is left to say is lost, and that is no failure.
for (const output of [process.stdout, process.stderr]) {
  output.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

const [command, ...words] = process.argv.slice(2);
switch (command) {
  case "start":
  case "sim": {
    if (words.includes("--help") || words.includes("-h")) {
      process.stdout.write(help());
      break;
    }
    const story = words[0] !== undefined && !words[0].startsWith("-") ? words[0] : undefined;
    process.exitCode = await (story === undefined ? simulate(command, words) : tell(command, story, words.slice(1)));
    break;
  }
  case "scenarios":
    process.stdout.write((await import("./scenario-file.js")).libraryText());
    break;
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
  default:
    await obey(command, words);
}

async function obey(name: string, words: readonly string[]): Promise<void> {
  const run = commands.get(name);
  if (run === undefined) {
    const all = ["start", "sim", "scenarios", ...commands.keys(), "help"];
    const near = nearest(name, all);
    misused(`${quoted(name)} is no command; ${near === undefined ? `there are: ${all.join(", ")}` : `did you mean mote ${near}?`}`);
    return;
  }
  const ended = await run(words);
  if (typeof ended === "string") misused(ended, `mote ${name} --help`);
  else process.exitCode = ended;
}

async function simulate(command: "start" | "sim", words: readonly string[]): Promise<number | undefined> {
  const options = parseSimOptions(words);
  if (!options.ok) return misused(options.error.message);
  const { boards, broker, source, json, dashboard } = options.value;
  if (command === "start" && broker === undefined && source.kind !== "host" && !json && dashboard !== "off") {
    return (await import("./start.js")).start(options.value);
  }
  if (boards > 1) return (await import("./fleet.js")).fleet(options.value);
  const live = command === "start" && !json && dashboard === undefined ? { ...options.value, dashboard: 8080 } : options.value;
  return (await import("./sim.js")).sim(live);
}

async function tell(command: "start" | "sim", file: string, words: readonly string[]): Promise<number | undefined> {
  const { parseScenarioOptions, parseStoryOptions } = await import("./scenario-options.js");
  if (command === "start") {
    const options = parseStoryOptions(words);
    return options.ok ? (await import("./scenario-start.js")).startScenario(file, options.value) : misused(options.error.message);
  }
  const options = parseScenarioOptions(file, words);
  return options.ok ? (await import("./scenario.js")).scenario(options.value) : misused(options.error.message);
}

function help(): string {
  return `mote: an ESP32 sensor board you can watch, break and replay, on this computer

  mote start [SCENARIO]   a simulated board with a dashboard and an MQTT broker,
                          or the boards of a scenario
  mote sim [options]      a board in the terminal, or many, as you tell it
  mote sim SCENARIO       runs a scenario and judges it: a file, or a name
  mote scenarios          the scenarios that are here
  mote swarm              draws faults by chance, to break it: mote swarm --help
  mote record             saves a broker's traffic: mote record --help
  mote explain            each channel's way: rates, delays, memory, cost:
                          mote explain --help
  mote try                what a chain of stages does to a recording:
                          mote try --help
  mote pair               makes a simulated board known to the two below, by its
                          pairing code, over its Bluetooth: mote pair --help
  mote wifi               its Wi-Fi: state, scan, join: mote wifi --help
  mote config             what is set on it: get, set, diff: mote config --help
  mote decode FILE        shows what blocks of samples hold: mote decode --help
  mote collect            keeps what boards send in a SQLite file, nothing lost
                          or doubled: mote collect --help
  mote export             samples out of that file: mote export --help
  mote gaps               what is missing in it, and why: mote gaps --help
  mote replay TRACE       shows a run again, in words: mote replay --help
  mote --version
  mote --help

Options of start and sim
${optionLines(simForms).join("\n")}

Examples
  mote sim bad-wifi-evening
  mote sim --speed max --duration 1h --json
  mote sim --app my/app.ts --broker mqtt://192.168.1.5
  mote sim --source recording.csv --speed max --trace run.jsonl

Exit codes: 0 done, 1 the run failed, 2 wrong usage, 42 a scenario's time ran
out before its expectations were met.
`;
}

function misused(what: string, help = "mote --help"): number {
  console.error(`mote: ${what} (${help} tells all)`);
  process.exitCode = 2;
  return 2;
}
