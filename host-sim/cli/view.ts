/** What a person watches: a line a channel that is brought up to date in place on a terminal, and plain lines elsewhere. */
const bars = "▁▂▃▄▅▆▇█";
const historyLength = 24;
/** How often a terminal is drawn anew at most, ms. */
const drawEveryMs = 100;

export interface View {
  /** A message that the board published. */
  published(topic: string, payload: string): void;
  note(text: string): void;
  /** Leaves the screen as it is, the cursor below. */
  end(): void;
}

interface Line {
  text: string;
  readonly history: number[];
}

export function view(board: string, out: NodeJS.WriteStream): View {
  return out.isTTY ? terminalView(board, out) : plainView(board, out);
}

function plainView(board: string, out: NodeJS.WriteStream): View {
  return {
    published(topic, payload) {
      const name = channelName(board, topic);
      if (name !== undefined) out.write(`${name.padEnd(14)} ${describe(payload).text}\n`);
    },
    note: (text) => void out.write(text + "\n"),
    end() {},
  };
}

function terminalView(board: string, out: NodeJS.WriteStream): View {
  const lines = new Map<string, Line>();
  let drawn = 0;
  let timer: NodeJS.Timeout | undefined;

  function draw(): void {
    timer = undefined;
    const width = out.columns > 0 ? out.columns : 80;
    let text = drawn > 0 ? `\x1b[${drawn}A` : "";
    for (const [name, line] of lines) text += "\x1b[2K" + fit(`  ${name.padEnd(14)} ${line.text.padEnd(22)} ${sparkline(line.history)}`, width) + "\n";
    drawn = lines.size;
    out.write(text);
  }

  return {
    published(topic, payload) {
      const name = channelName(board, topic);
      if (name === undefined) return;
      let line = lines.get(name);
      if (line === undefined) {
        line = { text: "", history: [] };
        lines.set(name, line);
      }
      const { text, value } = describe(payload);
      line.text = text;
      if (value !== undefined) {
        line.history.push(value);
        if (line.history.length > historyLength) line.history.shift();
      }
      timer ??= setTimeout(draw, drawEveryMs);
    },
    note(text) {
      if (drawn > 0) out.write(`\x1b[${drawn}A\x1b[0J`);
      drawn = 0;
      out.write(text + "\n");
      draw();
    },
    end() {
      clearTimeout(timer);
      draw();
    },
  };
}

/** The channel that a topic belongs to, or undefined for the board's own and for summaries. */
function channelName(board: string, topic: string): string | undefined {
  const name = topic.slice(`mote/${board}/`.length);
  return name === "status" || name === "counters" || name.includes("/") ? undefined : name;
}

function describe(payload: string): { text: string; value: number | undefined } {
  const message = JSON.parse(payload) as { value?: number; unit?: string; error?: string };
  if (message.value === undefined) return { text: `no reading: ${message.error}`, value: undefined };
  return { text: message.unit === undefined ? String(message.value) : `${message.value} ${message.unit}`, value: message.value };
}

function sparkline(history: readonly number[]): string {
  const low = Math.min(...history);
  const span = Math.max(...history) - low;
  return history.map((value) => bars[span === 0 ? 0 : Math.round(((value - low) / span) * (bars.length - 1))]).join("");
}

function fit(text: string, width: number): string {
  return text.length < width ? text : text.slice(0, width - 1);
}
