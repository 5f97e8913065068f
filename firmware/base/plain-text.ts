/**
 * Plain data as text, as JSON.stringify would write it. XS's marks the objects that it is in, and so throws
 * where they were preloaded into flash, as an app's are.
 */
export function plainText(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? String(value);
  const parts: string[] = [];
  if (Array.isArray(value)) {
    for (const each of value) parts.push(plainText(each));
    return "[" + parts.join(",") + "]";
  }
  const table = value as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(table)) if (table[key] !== undefined) parts.push(JSON.stringify(key) + ":" + plainText(table[key]));
  return "{" + parts.join(",") + "}";
}
