/** What a message quotes of what somebody gave. */

/** As a person would write it, bounded; undefined and functions too. */
export function quote(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 60);
}
