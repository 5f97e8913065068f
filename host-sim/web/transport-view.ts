/** Time: pause, speed, the clock, and the timeline with what happened on it, to go back on. */
import { byId, make, say } from "./dom.js";
import { clock, ratio } from "./format.js";
import { type Command, type Frame, type Mark, type Span, type Speed, up } from "./protocol.js";
import { colours } from "./theme.js";

const lanesEveryMs = 400;
/** How long a row of key presses may take before it is one order, ms. */
const gatherMs = 250;

export class TransportView {
  readonly #send: (command: Command) => void;
  readonly #time = byId<HTMLInputElement>("time");
  readonly #aim = byId("aim");
  readonly #lanes = byId<HTMLCanvasElement>("lanes");
  readonly #pause = byId("pause");
  #frame: Frame | undefined;
  #dragging = false;
  #lanesSize = { width: 0, height: 0 };
  #drawnAtMs = 0;
  #drawnState: Frame["state"] | undefined;
  #aimedMs: number | undefined;
  #gathering: ReturnType<typeof setTimeout> | undefined;
  #live = false;

  constructor(send: (command: Command) => void) {
    this.#send = send;
    this.#pause.addEventListener("click", () => this.toggle());
    byId("step").append(make("span", { class: "icon step", "aria-hidden": "true" }));
    this.#pause.append(make("span", { class: "icon", "aria-hidden": "true" }));
    byId("step").addEventListener("click", () => this.step());
    byId("speeds").addEventListener("change", ({ target }) => {
      const { value } = target as HTMLInputElement;
      this.speed(value === "max" ? "max" : Number(value));
    });
    // Who came with the pointer wants the page's keys to go on working, not a radio button's. A click by key has no detail.
    byId("speeds").addEventListener("click", ({ detail }) => {
      if (detail > 0) setTimeout(() => byId("speeds").querySelector<HTMLElement>("input:focus")?.blur());
    });
    this.#time.addEventListener("input", () => {
      this.#dragging = true;
      this.#aimAt(Number(this.#time.value));
    });
    this.#time.addEventListener("change", () => {
      this.#dragging = false;
      this.#go(Number(this.#time.value));
    });
    this.#time.addEventListener("blur", () => {
      this.#dragging = false;
    });
    // Asking for the size when text was just written would lay the whole page out once more.
    new ResizeObserver(([entry]) => {
      this.#lanesSize = entry!.contentRect;
      this.#drawnAtMs = 0;
    }).observe(this.#lanes);
  }

  set live(live: boolean) {
    this.#live = live;
    for (const control of byId("transport").querySelectorAll<HTMLInputElement | HTMLButtonElement>("input, button"))
      control.disabled = live;
  }

  toggle(): void {
    if (this.#live || this.#frame === undefined) return;
    this.#send(this.#frame.state === "paused" ? { do: "run" } : { do: "pause" });
  }

  step(): void {
    if (!this.#live) this.#send({ do: "step", byMs: 1000 });
  }

  speed(speed: Speed): void {
    if (!this.#live) this.#send({ do: "run", speed });
  }

  /** Several in a row are one. */
  move(byMs: number): void {
    if (this.#live || this.#frame === undefined) return;
    const fromMs = this.#aimedMs ?? this.#frame.nowMs;
    this.#aimAt(Math.min(this.#frame.furthestMs, Math.max(0, fromMs + byMs)));
    this.#time.value = String(this.#aimedMs);
    clearTimeout(this.#gathering);
    this.#gathering = setTimeout(() => this.#go(this.#aimedMs ?? 0), gatherMs);
  }

  show(frame: Frame, marks: readonly Mark[], spans: readonly Span[], nowMs: number): void {
    this.#frame = frame;
    const { state, speed, furthestMs, progress } = frame;
    say(byId("clock"), clock(frame.nowMs));
    const pace =
      state === "replaying"
        ? `running there, ${Math.round((progress ?? 0) * 100)} %`
        : state === "running"
          ? `${ratio(frame.ratio)} real time`
          : state;
    say(byId("pace"), pace);
    if (document.documentElement.dataset["state"] !== state) document.documentElement.dataset["state"] = state;
    const label = state === "paused" || state === "failed" ? "Go on" : "Pause";
    if (this.#pause.getAttribute("aria-label") !== label) this.#pause.setAttribute("aria-label", label);
    for (const input of byId("speeds").querySelectorAll("input")) {
      const is = input.value === String(speed);
      if (input.checked !== is) input.checked = is;
    }
    // A screen reader that is told ten times a second cannot say anything else, and layout is expensive.
    if (nowMs - this.#drawnAtMs < lanesEveryMs && state === this.#drawnState) return;
    this.#drawnAtMs = nowMs;
    this.#drawnState = state;
    this.#time.max = String(Math.max(100, furthestMs));
    if (!this.#dragging && this.#aimedMs === undefined) this.#time.value = String(frame.nowMs);
    this.#time.setAttribute("aria-valuetext", `${clock(frame.nowMs)} of ${clock(furthestMs)}`);
    this.#draw(marks, spans, furthestMs);
  }

  #aimAt(ms: number): void {
    this.#aimedMs = ms;
    say(this.#aim, `to ${clock(ms)}`);
    this.#aim.hidden = false;
  }

  #go(toMs: number): void {
    this.#aimedMs = undefined;
    this.#aim.hidden = true;
    this.#send({ do: "go", toMs });
  }

  /** Faults above, what was away below. */
  #draw(marks: readonly Mark[], spans: readonly Span[], furthestMs: number): void {
    const canvas = this.#lanes;
    const scale = devicePixelRatio;
    const width = Math.round(this.#lanesSize.width * scale);
    const height = Math.round(this.#lanesSize.height * scale);
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    const context = canvas.getContext("2d")!;
    context.clearRect(0, 0, width, height);
    const { alarm, warn, soft, line } = colours();
    const x = (ms: number): number => (ms / Math.max(1, furthestMs)) * width;
    const lane = height / 4;
    const bar = (row: number, fromMs: number, toMs: number, colour: string): void => {
      context.fillStyle = colour;
      context.fillRect(x(fromMs), row * lane + scale, Math.max(2 * scale, x(toMs) - x(fromMs)), lane - 2 * scale);
    };
    for (let row = 0; row < 4; row++) bar(row, 0, furthestMs, line);
    for (const { fromMs, toMs } of marks) bar(0, fromMs, toMs ?? this.#frame!.nowMs, alarm);
    spans.forEach(([fromMs, is], index) => {
      const toMs = spans[index + 1]?.[0] ?? this.#frame!.nowMs;
      if ((is & up.power) === 0) bar(1, fromMs, toMs, soft);
      if ((is & up.wifi) === 0) bar(2, fromMs, toMs, warn);
      if ((is & up.broker) === 0) bar(3, fromMs, toMs, warn);
    });
  }
}
