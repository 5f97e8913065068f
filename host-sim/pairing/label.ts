/** A board's QR code for people: in a terminal, and as a label to print, with its code as text beside it. */
import encodeQR from "qr";

/** Half blocks, light on dark; `coloured` says so to a terminal whose own colours are other ones. */
export function terminalQr(payload: string, coloured: boolean): string {
  const rows = encodeQR(payload, "raw", { ecc: "low", border: 2 });
  const lines: string[] = [];
  for (let y = 0; y < rows.length; y += 2) {
    let line = "";
    for (let x = 0; x < rows[y]!.length; x++) {
      const [above, below] = [rows[y]![x]!, rows[y + 1]?.[x] ?? true];
      line += above ? (below ? " " : "▄") : below ? "▀" : "█";
    }
    lines.push(coloured ? `\x1b[97;40m${line}\x1b[0m` : line);
  }
  return lines.join("\n") + "\n";
}

/** 62 mm by 29 mm. `name`: as it is advertised; `code`: in groups of four. */
export function labelSvg(name: string, code: string, payload: string): string {
  const rows = encodeQR(payload, "raw", { ecc: "medium", border: 4 });
  let path = "";
  for (const [y, row] of rows.entries()) for (const [x, dark] of row.entries()) if (dark) path += `M${x} ${y}h1v1h-1z`;
  const groups = code.split("-");
  const lines: string[] = [];
  for (let index = 0; index < groups.length; index += 2) lines.push(groups.slice(index, index + 2).join("-"));
  const text = (words: string, y: number, style: string): string => `  <text x="30" y="${y}" ${style}>${words}</text>\n`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="62mm" height="29mm" viewBox="0 0 62 29">\n` +
    `  <rect width="62" height="29" fill="#fff"/>\n` +
    `  <svg width="29" height="29" viewBox="0 0 ${rows.length} ${rows.length}" shape-rendering="crispEdges"><path d="${path}"/></svg>\n` +
    text(name, 5.5, 'font-family="sans-serif" font-size="3.6" font-weight="bold"') +
    lines.map((line, index) => text(line, 11.5 + index * 4.6, 'font-family="monospace" font-size="4"')).join("") +
    `</svg>\n`
  );
}
