/** The dialog that orders one fault: where it strikes, its parameters with their bounds, and how long it lasts. */
import { byId, make } from "./dom.js";
import type { Command, FaultInfo, ParameterInfo } from "./protocol.js";

type Order = Extract<Command, { do: "break" }>;

/** How long, ms; "": until it is healed. */
const durations: readonly (readonly [string, string])[] = [
  ["5000", "5 s"],
  ["10000", "10 s"],
  ["30000", "30 s"],
  ["60000", "1 min"],
  ["600000", "10 min"],
  ["", "until I heal it"],
];
const usualDuration = "30000";

export interface FormPlace {
  readonly board: string | undefined;
  readonly boards: number;
  readonly sensors: readonly string[];
}

export function openFaultForm(fault: FaultInfo, place: FormPlace, order: (order: Order) => void): void {
  const dialog = byId<HTMLDialogElement>("fault-form");
  const fields: HTMLElement[] = [];
  const field = (label: string, input: HTMLElement, about = ""): void => {
    fields.push(make("label", { class: "field" }, make("span", {}, label), input, ...(about === "" ? [] : [make("small", {}, about)])));
  };
  const sensor = make("select", { name: "sensor" }, make("option", { value: "" }, "all sensors"));
  for (const name of place.sensors) sensor.append(make("option", { value: name }, name));
  if (fault.strikes === "sensor" && place.board !== undefined) field("sensor", sensor);
  const where = make("select", { name: "where" });
  if (fault.strikes !== "broker" && place.boards > 1 && place.board !== undefined) {
    where.append(make("option", { value: "one" }, place.board), make("option", { value: "all" }, `all ${place.boards} boards`));
    field("where", where);
  }
  const inputs = fault.parameters.map((parameter) => {
    const input = inputOf(parameter);
    field(parameter.name + unitOf(parameter), input, parameter.about);
    return { parameter, input };
  });
  const lasts = make("select", { name: "for" });
  for (const [value, text] of durations) lasts.append(make("option", { value, selected: value === usualDuration }, text));
  if (fault.lasts) field("for", lasts);
  const form = make(
    "form",
    { method: "dialog" },
    make("h2", { id: "fault-title" }, fault.kind.replaceAll("-", " ")),
    make("p", { class: "soft" }, sentence(fault)),
    ...fields,
    make(
      "p",
      { class: "buttons" },
      make("button", { type: "button", value: "cancel" }, "Cancel"),
      make("button", { class: "primary alarm", value: "break" }, "Break it"),
    ),
  );
  form.querySelector<HTMLButtonElement>("button[type=button]")!.addEventListener("click", () => dialog.close());
  form.addEventListener("submit", () => {
    const parameters: Record<string, number | string> = {};
    for (const { parameter, input } of inputs) parameters[parameter.name] = valueOf(parameter, input.value);
    const everywhere = where.value === "all" || place.board === undefined;
    order({
      do: "break",
      kind: fault.kind,
      ...(fault.strikes === "broker" || everywhere ? {} : { board: place.board! }),
      ...(sensor.value === "" ? {} : { sensor: sensor.value }),
      ...(fault.lasts && lasts.value !== "" ? { forMs: Number(lasts.value) } : {}),
      parameters,
    });
  });
  dialog.replaceChildren(form);
  dialog.showModal();
  const first = form.querySelector<HTMLElement>("select, input, button.primary");
  first?.focus();
}

function sentence({ about }: FaultInfo): string {
  return about[0]!.toUpperCase() + about.slice(1) + ".";
}

function inputOf({ name, words, unit, least, most, byDefault }: ParameterInfo): HTMLInputElement | HTMLSelectElement {
  if (words !== undefined) {
    const select = make("select", { name });
    for (const word of words) select.append(make("option", { value: word, selected: word === byDefault }, word));
    return select;
  }
  const percent = unit === "share" ? 100 : 1;
  const input = make("input", {
    name,
    type: "number",
    required: true,
    min: least! * percent,
    max: most! * percent,
    step: unit === "count" || unit === "bytes" ? 1 : "any",
    inputmode: "decimal",
    value: byDefault === undefined ? 5 : Number(byDefault) * percent,
  });
  return input;
}

function valueOf({ words, unit }: ParameterInfo, text: string): number | string {
  if (words !== undefined) return text;
  return unit === "share" ? Number(text) / 100 : Number(text);
}

function unitOf({ unit }: ParameterInfo): string {
  if (unit === "share") return ", %";
  return unit === undefined || unit === "count" || unit === "value" ? "" : `, ${unit}`;
}
