/** Changes of settings that a person is about to make: gathered, compared, told. Secrets are never told. */
import type { FieldText, SettingValue } from "../pairing/contract.js";
import type { Board, Change } from "./board.js";

export interface Difference {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** Takes effect with the next start. */
  readonly restart: boolean;
  /** Is undone by itself unless it works. */
  readonly trial: boolean;
}

export const notSet = "not set";
/** Of a secret that the board does not list: whether somebody has emptied it, or it never was, cannot be told from here. */
export const empty = "empty";

export function fieldOf(board: Board, name: string): FieldText | undefined {
  return board.fields.find((each) => each.name === name);
}

/** As it holds now. A secret that is not set, and is left out by the board, is its default. */
export function settingOf(board: Board, field: FieldText): SettingValue {
  const found = board.settings.find((each) => each.name === field.name);
  return found ?? { origin: "default", name: field.name, value: field.secret ? undefined : field.default };
}

export function isSet(board: Board, field: FieldText): boolean {
  return field.secret ? board.settings.some((each) => each.name === field.name) : settingOf(board, field).value !== "";
}

/** Whether it may be taken back. Of a secret that the board does not list that is unknown: it may where its group has anything else. */
export function isResettable(board: Board, field: FieldText): boolean {
  const found = board.settings.find((each) => each.name === field.name);
  if (found !== undefined || !field.secret) return found?.origin === "set";
  const group = field.name.slice(0, field.name.indexOf(".") + 1);
  return board.settings.some(({ name, origin }) => name.startsWith(group) && origin !== "default");
}

export function shown(field: FieldText, value: string | undefined): string {
  if (value === undefined || value === "") return notSet;
  if (field.secret) return "••••••";
  return field.unit === "" ? value : `${value} ${field.unit}`;
}

export function nowShown(board: Board, field: FieldText): string {
  return field.secret ? (isSet(board, field) ? "••••••" : empty) : shown(field, settingOf(board, field).value);
}

export function differences(board: Board, { set, forget }: Change): Difference[] {
  const found: Difference[] = [];
  const add = (name: string, to: (field: FieldText) => string): void => {
    const field = fieldOf(board, name);
    if (field === undefined) return;
    found.push({ name, from: nowShown(board, field), to: to(field), restart: field.restart, trial: field.trial });
  };
  for (const [name, value] of set)
    add(
      name,
      (field) => (value === "" ? empty : shown(field, value)) + (field.secret && value !== "" && isSet(board, field) ? " (new)" : ""),
    );
  for (const name of forget)
    add(name, (field) => `what is built in, or ${field.secret || field.default === "" ? notSet : shown(field, field.default)}`);
  return found;
}
