/** Words for the terminal: counts with their noun, and lines that break between items instead of inside of them. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
}

/** The items behind one another, with a blank between them; lines behind the first are indented. An item longer than a line stays whole. */
export function wrapped(items: readonly string[], columns: number, indent: number): string {
  const lines: string[] = [];
  let line = "";
  for (const item of items) {
    if (line.trim() !== "" && line.length + 1 + item.length > columns) {
      lines.push(line);
      line = " ".repeat(indent) + item;
    } else line += line === "" ? item : ` ${item}`;
  }
  return [...lines, line].join("\n");
}
