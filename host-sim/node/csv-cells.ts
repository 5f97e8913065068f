/** A line of a CSV file as its cells, trimmed: RFC 4180, but for line breaks inside of quotes. */
export function cellsOf(line: string): string[] {
  if (!line.includes('"')) return line.split(",").map((cell) => cell.trim());
  const cells: string[] = [];
  for (const [, quoted, plain] of line.matchAll(/(?:^|,)(?:\s*"((?:[^"]|"")*)"\s*(?=,|$)|([^,]*))/g)) {
    cells.push((quoted?.replaceAll('""', '"') ?? plain ?? "").trim());
  }
  return cells;
}

/** A file may be anything: what is quoted of it stays short and printable. */
export function shownCell(cell: string): string {
  const clean = cell.replace(/\p{C}/gu, "�");
  return clean.length > 40 ? clean.slice(0, 40) + "…" : clean;
}
