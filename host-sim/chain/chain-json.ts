/** A chain as JSON: the list that a channel has as its stages, or one stage alone. Plain data, unchecked. */
import type { Stage } from "../../firmware/pipeline/stage.js";

export interface JsonMistake {
  readonly what: string;
  /** Where in the text. */
  readonly at: number;
}

export function looksLikeJson(text: string): boolean {
  return /^\s*[[{]/.test(text);
}

export function chainOfJson(text: string): readonly Stage[] | JsonMistake {
  const at = text.search(/\S/);
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    const told = /^(.*?)(?: in JSON)? at position (\d+)/.exec((error as Error).message);
    return {
      what: `this is no JSON: ${told?.[1] ?? "it ends too early, or a quote is missing"}`,
      at: told === null ? at : Number(told[2]),
    };
  }
  const stages = Array.isArray(data) ? data : [data];
  if (stages.length === 0) return { what: 'a stage is missing here, such as [{"stage":"median","window":5}]', at };
  return stages as Stage[];
}
