/** `mote explain`: an app's channels before they run. Returns the exit code. */
import { explain, explainedHeap } from "../explain/explained.js";
import { explainedText } from "../explain/explained-text.js";
import { explainHistory } from "../explain/history.js";
import { historyText } from "../explain/history-text.js";
import { jsonOfApp } from "../scenario/json-app.js";
import { loadApp, ownApp } from "./app-file.js";
import { complain } from "./complaint.js";
import type { ExplainOptions } from "./explain-options.js";

export async function explainApp({ app: file, json, roundTripMs }: ExplainOptions): Promise<number> {
  const loaded = file === undefined ? { ok: true as const, value: await ownApp() } : await loadApp(file);
  if (!loaded.ok) return complain(loaded.error.message, 2);
  const { app } = loaded.value;
  const explained = explain(app);
  if (!explained.ok) return complain(`${file ?? "firmware/app.ts"}: ${explained.error.message}`, 2);
  const heap = explainedHeap(app, explained.value);
  const history = explainHistory(app, { roundTripMs });
  if (!json) {
    process.stdout.write(explainedText(explained.value, heap, process.stdout.isTTY ? process.stdout.columns : undefined));
    process.stdout.write(historyText(history) + "\n");
    return 0;
  }
  const text = jsonOfApp(app);
  process.stdout.write(
    JSON.stringify({
      app: text.ok ? JSON.parse(text.value) : null,
      channels: explained.value,
      heap,
      history: history.ok ? history.value : null,
      ...(history.ok ? {} : { noHistory: history.error.message }),
    }) + "\n",
  );
  return 0;
}
