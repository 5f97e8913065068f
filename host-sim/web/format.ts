/** Numbers and times in words that stay as wide as they are. */

/** `00:01:23.4`; days in front where there are any. */
export function clock(ms: number): string {
  const tenths = Math.floor(ms / 100);
  const two = (value: number): string => String(value).padStart(2, "0");
  const seconds = Math.floor(tenths / 10);
  const days = Math.floor(seconds / 86_400);
  const text = `${two(Math.floor(seconds / 3600) % 24)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${tenths % 10}`;
  return days > 0 ? `${days}d ${text}` : text;
}

/** For axes: `1:23`, or `0:04.5`. */
export function shortClock(s: number): string {
  const whole = Math.floor(s);
  const rest = s - whole;
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const seconds = String(whole % 60).padStart(2, "0") + (rest > 0.01 ? rest.toFixed(1).slice(1) : "");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${seconds}` : `${minutes}:${seconds}`;
}

/** `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function lasting(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min${s % 60 === 0 ? "" : ` ${s % 60} s`}`;
  if (s < 86_400) return `${Math.floor(s / 3600)} h ${Math.floor(s / 60) % 60} min`;
  return `${Math.floor(s / 86_400)} d ${Math.floor(s / 3600) % 24} h`;
}

const grouped = new Intl.NumberFormat("en");

export function count(value: number): string {
  return grouped.format(value);
}

/** With as many decimals as the resolution has. */
export function reading(value: number, resolution: number): string {
  const decimals = Math.min(6, Math.max(0, Math.ceil(-Math.log10(resolution) - 1e-9)));
  return value.toFixed(decimals);
}

export function ratio(value: number): string {
  return `${value >= 100 ? count(Math.round(value)) : value >= 9.95 ? value.toFixed(0) : value.toFixed(1)}×`;
}
