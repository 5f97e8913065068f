/** A fault as a person orders it on the page, checked against the catalogue: the same bounds as in a scenario. */
import { failure, success, type Result } from "../../firmware/base/result.js";
import { type Fault, type FaultForm, faultForms, type FaultKind, type NumberForm, type WordForm } from "../faults/catalogue.js";
import type { Command, FaultInfo, ParameterInfo } from "../web/protocol.js";

export type Order = Extract<Command, { do: "break" }>;

/** The longest a fault may last without being healed by hand, ms. */
const lastsMostMs = 366 * 86_400_000;

export interface Place {
  /** Board names, with the sensors of each. */
  readonly boards: ReadonlyMap<string, readonly string[]>;
  readonly engine: "node" | "xs";
}

export function faultOf(order: Order, atMs: number, place: Place): Result<Fault, "fault"> {
  const wrong = (what: string): Result<never, "fault"> => failure("fault", `${String(order.kind).slice(0, 40)}: ${what}`);
  if (typeof order.kind !== "string" || !Object.hasOwn(faultForms, order.kind)) return wrong("there is no such fault");
  const kind = order.kind as FaultKind;
  const form: FaultForm = faultForms[kind];
  if (form.engine !== undefined && form.engine !== place.engine) return wrong(`it exists on the ${form.engine} engine alone`);
  const { board, sensor, forMs = Infinity } = order;
  if (board !== undefined && !place.boards.has(board)) return wrong("there is no such board");
  if (sensor !== undefined) {
    const known = board === undefined ? [...place.boards.values()].flat() : place.boards.get(board)!;
    if (form.strikes !== "sensor" || !known.includes(sensor)) return wrong("there is no such sensor for it");
  }
  if (form.lasts && !(typeof forMs === "number" && forMs > 0 && (forMs <= lastsMostMs || forMs === Infinity))) {
    return wrong("it must last longer than no time, and at most 366 days");
  }
  const given: unknown = order.parameters ?? {};
  if (typeof given !== "object" || given === null) return wrong("its parameters must be values by name");
  const parameters: Record<string, number | string> = {};
  for (const [name, parameter] of Object.entries(form.parameters)) {
    const value = (given as Record<string, unknown>)[name] ?? parameter.byDefault;
    const mistake = mistakeIn(parameter, value);
    if (mistake !== undefined) return wrong(`${name} ${mistake}`);
    parameters[name] = value as number | string;
  }
  for (const name of Object.keys(given)) if (!Object.hasOwn(form.parameters, name)) return wrong(`it has no ${name.slice(0, 40)}`);
  return success({
    kind,
    atMs,
    forMs: form.lasts ? forMs : 0,
    ...(form.strikes === "broker" || board === undefined ? {} : { board }),
    ...(sensor === undefined ? {} : { sensor }),
    parameters,
  });
}

function mistakeIn(form: NumberForm | WordForm, value: unknown): string | undefined {
  if ("words" in form) return form.words.includes(value as string) ? undefined : `must be ${form.words.join(" or ")}`;
  const { least, most, unit } = form;
  const whole = unit === "count" || unit === "bytes";
  if (typeof value !== "number" || !(value >= least && value <= most) || (whole && !Number.isInteger(value))) {
    return `must be a ${whole ? "whole " : ""}number from ${least} to ${most}`;
  }
  return undefined;
}

/** The catalogue as the page shows it. `only`: what can strike this run. */
export function faultInfos(engine: "node" | "xs", only: (kind: FaultKind) => boolean): FaultInfo[] {
  return (Object.entries(faultForms) as [FaultKind, FaultForm][])
    .filter(([kind, form]) => (form.engine === undefined || form.engine === engine) && only(kind))
    .map(([kind, { strikes, lasts, about, parameters }]) => ({
      kind,
      strikes,
      lasts,
      about,
      parameters: Object.entries(parameters).map(([name, parameter]): ParameterInfo =>
        "words" in parameter
          ? { name, about: parameter.about, words: parameter.words, byDefault: parameter.byDefault }
          : {
              name,
              about: parameter.about,
              unit: parameter.unit,
              least: parameter.least,
              most: parameter.most,
              ...(parameter.byDefault === undefined ? {} : { byDefault: parameter.byDefault }),
            },
      ),
    }));
}
