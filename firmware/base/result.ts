/** A result that may be an error of the user or of the world: a value with a kind and a message, never thrown. */
export interface Failure<Kind extends string = string> {
  /** What a program branches on. */
  readonly kind: Kind;
  /** What a person reads: the place, what is wrong, what would be right. */
  readonly message: string;
}

export type Result<Value, Kind extends string = string> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: Failure<Kind> };

export function success<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

export function failure<Kind extends string>(kind: Kind, message: string): { readonly ok: false; readonly error: Failure<Kind> } {
  return { ok: false, error: { kind, message } };
}
