/**
 * What has happened on this board since it booted, for a person who looks into it: the newest lines, in RAM alone, no secret
 * among them. Each line has a number, so that a reader can ask for what came since.
 */
export class Log {
  /** Of the next line, from 0. */
  next = 0;
  private readonly nowMs: () => number;
  private readonly texts: string[] = [];
  private readonly times: number[] = [];

  constructor(nowMs: () => number) {
    this.nowMs = nowMs;
  }

  /** Texts that are constants take no RAM but their place. */
  add(text: string): void {
    const place = this.next % linesMax;
    this.texts[place] = text;
    this.times[place] = this.nowMs();
    this.next++;
  }

  /** The number of the oldest line that is still there. */
  get first(): number {
    return this.next > linesMax ? this.next - linesMax : 0;
  }

  /** `first` … `next` − 1. Number, ms since boot, text. */
  line(number: number): string {
    const place = number % linesMax;
    return number + " " + this.times[place] + " " + this.texts[place];
  }
}

const linesMax = 24;
