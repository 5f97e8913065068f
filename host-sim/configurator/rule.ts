/** What a setting may be, in the board's own words: the schema that it sent, as the firmware's check reads it. */
import { type Field, mistakeIn, ruleOf } from "../../firmware/config/field.js";
import type { FieldText } from "../pairing/contract.js";

/** Undefined: the board will take it. */
export function mistakeOf(field: FieldText, text: string): string | undefined {
  const value = field.type === "whole" && /^-?\d{1,15}$/.test(text.trim()) ? Number(text) : text;
  return mistakeIn(field.name, asField(field), value);
}

/** To be read after "Must be". */
export function boundsOf(field: FieldText): string {
  return ruleOf(asField(field));
}

/** A later board may have forms of text that this page does not know: then it is the board alone that checks them. */
function asField(field: FieldText): Field {
  const { type, form, bytesMax, min, max, unit, choices, secret, restart, about } = field;
  if (type === "whole") return { type, min, max, unit, default: 0, secret, restart, about } as Field;
  if (type === "choice") return { type, choices, default: "", secret, restart, about } as Field;
  return { type, form, bytesMax, default: "", secret, restart, about } as Field;
}
