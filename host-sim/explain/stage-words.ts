/** A stage as a person reads it: its name and its parameters, times in their units. */
import type { Stage } from "../../firmware/pipeline/stage.js";
import { timeText } from "../scenario/schema-time.js";

export function stageWords(stage: Stage): string {
  const { stage: name, ...parameters } = stage;
  const entries = Object.entries(parameters).filter(([, value]) => value !== undefined);
  const called = name.replaceAll("_", " ");
  if ((name === "or" || name === "group") && "of" in stage) {
    return `${called} (${stage.of.map(stageWords).join(name === "or" ? " / " : " → ")})`;
  }
  return [called, ...entries.map(([key, value]) => parameterWords(called, key, value, entries.length === 1))].join(" ");
}

function parameterWords(called: string, key: string, value: unknown, alone: boolean): string {
  const time = key.endsWith("Ms");
  const hertz = key === "hz" || key.endsWith("Hz");
  const label = (time || hertz ? key.slice(0, -2) : key).replaceAll("_", " ").replace(/[A-Z]/g, (letter) => " " + letter.toLowerCase());
  const text = time && typeof value === "number" ? timeText(value) : valueText(value) + (hertz ? " Hz" : "");
  if (value === true) return label;
  // A timeout's own time is its name already.
  return alone || label === "" || label === "every" || label === called ? text : `${label} ${text}`;
}

function valueText(value: unknown): string {
  if (typeof value === "function") return "by a function of the app";
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value) && value.every((each) => typeof each !== "object")) {
    const list = value.join(", ");
    return list.length > 40 ? `${list.slice(0, 39)}…` : list;
  }
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
