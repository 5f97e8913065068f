/** A line of a CSV file as its cells, trimmed: RFC 4180, but for line breaks inside of quotes. */
export type Separator = "," | ";" | "\t";

export function cellsOf(line: string, separator: Separator = ","): string[] {
  if (!line.includes('"')) return line.split(separator).map((cell) => cell.trim());
  const cells: string[] = [];
  const quoted = quotedCells[separator];
  for (let at = 0; at <= line.length;) {
    quoted.lastIndex = at;
    const cell = quoted.exec(line);
    let end = line.indexOf(separator, at);
    if (cell !== null) end = quoted.lastIndex;
    else if (end < 0) end = line.length;
    cells.push((cell === null ? line.slice(at, end) : cell[1]!.replaceAll('""', '"')).trim());
    at = end + 1;
  }
  return cells;
}

const quotedCells: Readonly<Record<Separator, RegExp>> = {
  ",": /\s*"((?:[^"]|"")*)"\s*(?=,|$)/y,
  ";": /\s*"((?:[^"]|"")*)"\s*(?=;|$)/y,
  "\t": / *"((?:[^"]|"")*)" *(?=\t|\s*$)/y,
};

/** A file may be anything: what is quoted of it stays short and printable. */
export function shownCell(cell: string): string {
  const clean = cell.replace(/\p{C}/gu, "�");
  return clean.length > 40 ? clean.slice(0, 40) + "…" : clean;
}
