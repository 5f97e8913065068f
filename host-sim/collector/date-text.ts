/** Wall time as text, UTC. A board may say what it likes of its clock: a time that no calendar has is empty, as one that nobody knows. */

/** Of Date (ECMA-262, 21.4.1.1), ms. */
const dateMax = 8.64e15;

export function dateText(ms: number): string {
  return ms >= -dateMax && ms <= dateMax ? new Date(ms).toISOString() : "";
}
