/** What one setting may be: its type and bounds, in words, and the check of a value against them. A secret's value is never repeated. */
import { quote } from "../base/quote.js";
import { calibrationMistake } from "./calibration.js";

export type Value = string | number;

interface Described<Of extends Value> {
  readonly default: Of;
  /** One line for people. */
  readonly about: string;
  /** Never shown, never part of a message. */
  readonly secret: boolean;
  /** Takes effect with the next start only. */
  readonly restart: boolean;
  /** A wrong value could cut the board off: it is tried first. */
  readonly trial: boolean;
}

export interface TextField extends Described<string> {
  readonly type: "text";
  /** In UTF-8. */
  readonly bytesMax: number;
  /** `passphrase`: of WPA2, empty for an open network. `host`: a name or a dotted address. `hostname`: one label (RFC 1123). `calibration`: see calibration.ts. */
  readonly form: "any" | "passphrase" | "host" | "hostname" | "calibration";
}

export interface WholeField extends Described<number> {
  readonly type: "whole";
  readonly min: number;
  readonly max: number;
  /** Empty for a bare number. */
  readonly unit: string;
}

export interface ChoiceField<Of extends string = string> extends Described<Of> {
  readonly type: "choice";
  readonly choices: readonly Of[];
}

export type Field = TextField | WholeField | ChoiceField;

/** WPA2 (IEEE 802.11, annex J.4): a passphrase of 8 to 63 characters, or the key itself as 64 hex digits. */
const passphraseBytesMin = 8;
const keyDigits = 64;

/** What is right, to be read after "must be". */
export function ruleOf(field: Field): string {
  if (field.type === "whole") return "a whole number from " + field.min + " to " + field.max + (field.unit === "" ? "" : " " + field.unit);
  if (field.type === "choice") return field.choices.slice(0, -1).join(", ") + " or " + field.choices[field.choices.length - 1];
  if (field.form === "passphrase")
    return "empty, " + passphraseBytesMin + " to " + field.bytesMax + " bytes or " + keyDigits + " hex digits";
  if (field.form === "host") return "a name or a dotted address, without a port, of at most " + field.bytesMax + " bytes";
  if (field.form === "hostname") return "letters, digits and hyphens inside, at most " + field.bytesMax + " bytes";
  if (field.form === "calibration") return "like channel=reading:truth,reading:truth, at most " + field.bytesMax + " bytes";
  return "a text of at most " + field.bytesMax + " bytes";
}

/** What is wrong with `value` for the setting `name`; undefined when it is right. */
export function mistakeIn(name: string, field: Field, value: unknown): string | undefined {
  const wrong = wrongWith(field, value);
  if (wrong === undefined) return undefined;
  const must = name + " must be " + ruleOf(field);
  const what = field.secret ? kindOf(value) : shown(value);
  return must + (field.secret && wrong !== "" ? "" : ", not " + what) + (wrong === "" ? "" : "; " + wrong);
}

/** In words that hold nothing of the value; empty where the rule says it all. */
function wrongWith(field: Field, value: unknown): string | undefined {
  if (field.type === "whole") {
    if (typeof value === "string") return "this is a text";
    return typeof value === "number" && Math.floor(value) === value && value >= field.min && value <= field.max ? undefined : "";
  }
  if (typeof value !== "string") return "";
  if (field.type === "choice") return field.choices.includes(value) ? undefined : "";
  return wrongText(field, value);
}

function wrongText(field: TextField, text: string): string | undefined {
  // Far too long: nobody needs to know how much in UTF-8.
  if (text.length > 4 * field.bytesMax) return "this one has " + text.length + " characters";
  let bytes = 0;
  let hex = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.codePointAt(index)!;
    if (code < 0x20 || code === 0x7f) return "it has a control character in it";
    if (code >= 0xd800 && code <= 0xdfff) return "it has half a character in it";
    if (field.form === "host" && !isHostCode(code)) return "only letters, digits, dots and hyphens belong into it";
    if (isHex(code)) hex++;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    // Its second half, where strings are counted in UTF-16 units.
    if (code > 0xffff && text.codePointAt(index + 1) === 0xdc00 + (code & 0x3ff)) index++;
  }
  if (field.form === "passphrase" && (bytes === 0 || (hex === keyDigits && bytes === keyDigits))) return undefined;
  if (field.form === "hostname" && text !== "" && !isLabel(text)) return "";
  if (field.form === "calibration" && bytes <= field.bytesMax) return calibrationMistake(text);
  const few = field.form === "passphrase" && bytes < passphraseBytesMin;
  return few || bytes > field.bytesMax ? "this one has " + bytes + " bytes" : undefined;
}

function isHex(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x66);
}

/** RFC 1123, 2.1: what a host may call itself. */
function isLabel(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const letter = (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;
    if (code === 0x2d ? at === 0 || at === text.length - 1 : !letter && !(code >= 0x30 && code <= 0x39)) return false;
  }
  return true;
}

/** Letters, digits, and `.`, `-`, `_`. */
function isHostCode(code: number): boolean {
  const letter = (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;
  return letter || (code >= 0x30 && code <= 0x39) || code === 0x2e || code === 0x2d || code === 0x5f;
}

/** Lists and objects only by their kind: what is nested without end has no short form. */
function shown(value: unknown): string {
  return typeof value === "object" && value !== null ? kindOf(value) : quote(value);
}

/** As people say it. */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  switch (typeof value) {
    case "string":
      return "a text";
    case "number":
      return "a number";
    case "boolean":
      return "true or false";
    case "object":
      return "an object";
    default:
      return "nothing";
  }
}
