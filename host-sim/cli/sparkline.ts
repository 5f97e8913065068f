/** A few numbers as a line of bars, from the least to the most of them. */
const bars = "▁▂▃▄▅▆▇█";

export function sparkline(history: readonly number[]): string {
  const low = Math.min(...history);
  const span = Math.max(...history) - low;
  return history.map((value) => bars[span === 0 ? 0 : Math.round(((value - low) / span) * (bars.length - 1))]).join("");
}
