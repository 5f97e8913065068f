/** `mote collect`: keeps what boards send in a store until it is told to end, and says what came of it. Returns the exit code. */
import { statSync } from "node:fs";
import { Collector } from "../collector/collector.js";
import { openStore } from "../collector/store.js";
import { brokerUrl } from "./broker-url.js";
import type { CollectOptions } from "./collect-options.js";
import { collectVoice } from "./collect-voice.js";
import { complain } from "./complaint.js";
import { Interruption } from "./interruption.js";

export async function collect(options: CollectOptions): Promise<number> {
  const { broker, durationMs, json } = options;
  const opened = openStore(options.store);
  if (!opened.ok) return complain(opened.error.message, 1);
  const store = opened.value;
  const interruption = new Interruption();
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  interruption.onRequested(end);
  let broken: string | undefined;

  const voice = collectVoice(json, brokerUrl(broker), options.store);
  const collector = new Collector(store, broker, nowMs, {
    onListening: (resumed) => voice.listening(resumed),
    onAway: (why) => voice.away(why),
    onNote: (note) => voice.note(note),
    onWaiting: ({ kind, message }) => voice.waiting(kind, message),
    onStoring: () => voice.storing(),
    onBroken({ message }) {
      broken = message;
      end();
    },
  });
  voice.begin(collector, sizeOf(options.store));
  const callOff = durationMs === undefined ? undefined : setTimeout(end, Math.min(durationMs, 2 ** 31 - 1));
  await ended;
  clearTimeout(callOff);
  const whole = await collector.close();
  voice.end(collector.counts);
  interruption.release();
  store.close();
  if (broken !== undefined) return complain(`${broken}. Nothing was confirmed that is not stored: what is left comes again`, 1);
  if (!whole)
    return complain(`${options.store}: ${collector.waiting} messages could not be stored and were not confirmed: they come again`, 1);
  return 0;
}

/** Since 1970; monotonic, whatever happens to the computer's clock meanwhile. */
function nowMs(): number {
  return Math.floor(performance.timeOrigin + performance.now());
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
