/**
 * Worker threads that answer questions, one each at a time. A worker that dies fails the question that it had;
 * one that is not done after `patienceMs` of real time is ended, and the answer is that the run does not end.
 */
import { Worker } from "node:worker_threads";
import type { Answer, Question } from "./worker.js";

/** A run takes a fraction of a second: this is no slow computer, but a loop without an end. */
const patienceMs = 180_000;

interface Waiting {
  readonly question: Question;
  readonly done: (answer: Answer) => void;
  readonly failed: (error: unknown) => void;
}

export class Crew {
  readonly #idle: Worker[] = [];
  readonly #all: Worker[] = [];
  readonly #asked = new Map<Worker, Waiting>();
  readonly #timers = new Map<Worker, NodeJS.Timeout>();
  readonly #waiting: Waiting[] = [];
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  /** Answered as soon as a worker is free, in the order of asking. */
  ask(question: Question): Promise<Answer> {
    return new Promise((done, failed) => {
      this.#waiting.push({ question, done, failed });
      this.#assign();
    });
  }

  /** At once, whatever they are doing; what was asked is not answered. */
  async dismiss(): Promise<void> {
    this.#waiting.length = 0;
    this.#asked.clear();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await Promise.all(this.#all.splice(0).map((worker) => worker.terminate()));
  }

  #assign(): void {
    while (this.#waiting.length > 0) {
      const worker = this.#idle.pop() ?? (this.#all.length < this.#size ? this.#hire() : undefined);
      if (worker === undefined) return;
      const next = this.#waiting.shift()!;
      this.#asked.set(worker, next);
      this.#timers.set(
        worker,
        setTimeout(() => this.#giveUp(worker), patienceMs),
      );
      // A thread has no origin, unlike a window.
      // eslint-disable-next-line unicorn/require-post-message-target-origin
      worker.postMessage(next.question);
    }
  }

  #hire(): Worker {
    const worker = new Worker(new URL("./worker.js", import.meta.url));
    this.#all.push(worker);
    worker.on("message", (answer: Answer) => {
      const asked = this.#release(worker);
      this.#idle.push(worker);
      asked?.done(answer);
      this.#assign();
    });
    worker.on("error", (error) => {
      this.#all.splice(this.#all.indexOf(worker), 1);
      this.#release(worker)?.failed(error);
    });
    return worker;
  }

  #release(worker: Worker): Waiting | undefined {
    const asked = this.#asked.get(worker);
    this.#asked.delete(worker);
    clearTimeout(this.#timers.get(worker));
    return asked;
  }

  #giveUp(worker: Worker): void {
    this.#all.splice(this.#all.indexOf(worker), 1);
    void worker.terminate();
    const what = `the run did not come to its end within ${patienceMs / 1000} s of real time`;
    this.#release(worker)?.done({ violation: { invariant: "runs", atMs: NaN, station: "board", what }, reached: [] });
    this.#assign();
  }
}
