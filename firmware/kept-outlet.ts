/** A channel's results go two ways: the latest to whoever watches, all of them into the journal. */
import type { ReadingError } from "./base/reading-error.js";
import type { Outlet } from "./channel.js";
import type { Recording } from "./journal/recorder.js";

/** A class, since its methods stay in flash. What is recorded comes first: the journal is the promise. */
class KeptOutlet implements Outlet {
  private readonly live: Outlet;
  private readonly recording: Recording;

  constructor(live: Outlet, recording: Recording) {
    this.live = live;
    this.recording = recording;
  }

  value(x: number, atMs: number): void {
    this.recording.value(x, atMs);
    this.live.value(x, atMs);
  }

  failed(error: ReadingError, atMs: number): void {
    this.recording.failed(error, atMs);
    this.live.failed(error, atMs);
  }

  summary(min: number, max: number, mean: number, std: number, count: number, atMs: number): void {
    this.live.summary(min, max, mean, std, count, atMs);
  }
}

export function kept(live: Outlet, recording: Recording | undefined): Outlet {
  return recording === undefined ? live : new KeptOutlet(live, recording);
}
