/** The `mote` command. Exit codes: 0 done, 1 the run failed, 2 wrong usage, 42 a scenario's time ran out. */
import { createRequire } from "node:module";
import { nearest } from "../../firmware/base/nearest.js";
import { optionLines } from "./command-help.js";
import { parseSimOptions, simForms } from "./options.js";
import { quoted } from "./words.js";

// A reader that goes away, as `head` does, has seen enough: what is left to say is lost, and that is no failure.
for (const output of [process.stdout, process.stderr]) {
  output.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

const [command, ...words] = process.argv.slice(2);
const commands = [
  "start",
  "sim",
  "scenarios",
  "record",
  "replay",
  "swarm",
  "explain",
  "try",
  "decode",
  "collect",
  "export",
  "gaps",
  "config",
  "help",
];

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
  case "record": {
    const { parseRecordOptions, recordHelp } = await import("./record-options.js");
    if (words.includes("--help") || words.includes("-h")) {
      process.stdout.write(recordHelp());
      break;
    }
    const options = parseRecordOptions(words);
    if (!options.ok) misused(options.error.message, "mote record --help");
    else process.exitCode = await (await import("./record.js")).record(options.value);
    break;
  }
  case "replay": {
    const { parseReplayOptions, replayHelp } = await import("./replay-options.js");
    if (words.includes("--help") || words.includes("-h")) {
      process.stdout.write(replayHelp());
      break;
    }
    const options = parseReplayOptions(words);
    if (!options.ok) misused(options.error.message, "mote replay --help");
    else process.exitCode = await (await import("./replay.js")).replay(options.value);
    break;
  }
  case "swarm": {
    const { parseSwarmOptions, swarmHelp } = await import("./swarm-options.js");
    if (words.includes("--help") || words.includes("-h")) {
      process.stdout.write(swarmHelp());
      break;
    }
    const options = parseSwarmOptions(words);
    if (!options.ok) misused(options.error.message, "mote swarm --help");
    else process.exitCode = await (await import("./swarm.js")).swarm(options.value);
    break;
  }
  case "try": {
    const { parseTryOptions, tryHelp } = await import("./try-options.js");
    if (words.includes("--help") || words.includes("-h")) {
      process.stdout.write(tryHelp());
      break;
    }
    const options = parseTryOptions(words);
    if (!options.ok) misused(options.error.message, "mote try --help");
    else process.exitCode = await (await import("./try.js")).tryChain(options.value);
    break;
  }
  case "decode": {
    const { parseDecodeOptions, decodeHelp } = await import("./decode-options.js");
    if (words.includes("--help") || words.includes("-h")) {
      process.stdout.write(decodeHelp());
      break;
    }
    const options = parseDecodeOptions(words);
    if (!options.ok) misused(options.error.message, "mote decode --help");
    else process.exitCode = (await import("./decode.js")).decode(options.value);
    break;
  }
  case "config": {
    const { parseConfigOptions, configHelp } = await import("./config-options.js");
    if (words.includes("--help") || words.includes("-h")) {
      process.stdout.write(configHelp());
      break;
    }
    const options = parseConfigOptions(words);
    if (!options.ok) misused(options.error.message, "mote config --help");
    else process.exitCode = (await import("./config.js")).config(options.value);
    break;
  }
  case "explain": {
    const { parseExplainOptions, explainHelp } = await import("./explain-options.js");
    if (words.includes("--help") || words.includes("-h")) {
      process.stdout.write(explainHelp());
      break;
    }
    const options = parseExplainOptions(words);
    if (!options.ok) misused(options.error.message, "mote explain --help");
    else process.exitCode = await (await import("./explain.js")).explainApp(options.value);
    break;
  }
  case "collect": {
    const { parseCollectOptions, collectHelp } = await import("./collect-options.js");
    if (words.includes("--help") || words.includes("-h")) {
      process.stdout.write(collectHelp());
      break;
    }
    const options = parseCollectOptions(words);
    if (!options.ok) misused(options.error.message, "mote collect --help");
    else process.exitCode = await (await import("./collect.js")).collect(options.value);
    break;
  }
  case "export": {
    const { parseExportOptions, exportHelp } = await import("./export-options.js");
    if (words.includes("--help") || words.includes("-h")) {
      process.stdout.write(exportHelp());
      break;
    }
    const options = parseExportOptions(words, Date.now());
    if (!options.ok) misused(options.error.message, "mote export --help");
    else process.exitCode = await (await import("./export.js")).exportSamples(options.value);
    break;
  }
  case "gaps": {
    const { parseGapsOptions, gapsHelp } = await import("./gaps-options.js");
    if (words.includes("--help") || words.includes("-h")) {
      process.stdout.write(gapsHelp());
      break;
    }
    const options = parseGapsOptions(words);
    if (!options.ok) misused(options.error.message, "mote gaps --help");
    else process.exitCode = (await import("./gaps.js")).gaps(options.value);
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
  mote config             what is set on a simulated board: get, set, diff:
                          mote config --help
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
