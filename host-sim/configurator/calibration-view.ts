/** A sensor brought into line with two known values: each is taken from the board's raw readings, then the line through both is set. */
import type { Reading } from "../pairing/contract.js";
import { make, say } from "../web/dom.js";
import { apply } from "./apply.js";
import type { Board } from "./board.js";
import { calibrationSetting, lineThrough, plausibility, type Point, type Points, readPoints, writePoints } from "./calibration.js";
import { fieldOf, settingOf } from "./change.js";
import { PointEntry } from "./point-entry.js";
import { Polling } from "./polling.js";
import { Steadiness } from "./steadiness.js";
import { figure } from "./words.js";

const pauseMs = 800;

export class CalibrationView {
  readonly element = make("section", { class: "calibration" });
  readonly #board: Board;
  readonly #channel = make("select", { id: "calibration-channel" });
  readonly #now = make("p", { class: "rawnow" });
  readonly #trouble = make("p", { class: "soft", role: "status" });
  readonly #form = make("div", { class: "panel" });
  readonly #outcome = make("div", { class: "outcome", role: "status" });
  readonly #save = make("button", { type: "button", class: "primary", disabled: true }, "Review and save …");
  readonly #present = make("p", { class: "present" });
  readonly #remove = make("button", { type: "button" }, "Remove it");
  readonly #entries: readonly [PointEntry, PointEntry];
  #steady = new Steadiness();
  #unit = "";
  #noise = 0;
  readonly #polling = new Polling(pauseMs, (isWanted) => this.#look(isWanted));

  constructor(board: Board) {
    this.#board = board;
    const take = (): { raw: number } | undefined => {
      if (this.#steady.count === 0) return undefined;
      this.#noise = Math.max(this.#noise, this.#steady.spread);
      return { raw: this.#steady.mean };
    };
    const changed = (): void => this.#weigh();
    this.#entries = [
      new PointEntry(
        "First point",
        (unit) => `Bring the sensor to a value that you know${example(unit)}, and wait until it is steady.`,
        take,
        changed,
      ),
      new PointEntry("Second point", () => "Bring it to another known value, as far from the first as it will be used.", take, changed),
    ];
    this.#channel.addEventListener("change", () => this.#chosen());
    this.#save.addEventListener("click", () => void this.#keep());
    this.#remove.addEventListener("click", () => void this.#forget());
    const choose = make("p", { class: "row" }, make("label", { for: "calibration-channel" }, "Sensor"), this.#channel);
    const present = make("div", { class: "row" }, this.#present, this.#remove);
    this.#form.append(choose, this.#now, present, ...this.#entries.map(({ element }) => element), this.#outcome, this.#save);
    this.element.append(make("h2", { class: "hidden" }, "Calibration"), this.#trouble, this.#form);
    this.#form.hidden = true;
    board.on("settings", () => this.#settings());
  }

  shown(on: boolean): void {
    if (on) this.#polling.start();
    else this.#polling.stop();
  }

  async #look(isWanted: () => boolean): Promise<void> {
    if (this.#board.fields.length > 0 && fieldOf(this.#board, calibrationSetting) === undefined)
      return say(this.#trouble, "This board's firmware cannot be calibrated: bring it up to date.");
    if (!this.#board.connected) return;
    const readings = await this.#board.client.raw();
    if (!isWanted()) return;
    if (!readings.ok) return say(this.#trouble, readings.error.message);
    say(this.#trouble, readings.value.length === 0 ? "Waiting for the first raw reading of a sensor …" : "");
    this.#offer(readings.value);
    const now = readings.value.find(({ channel }) => channel === this.#channel.value);
    if (now !== undefined) this.#read(now);
  }

  #offer(readings: readonly Reading[]): void {
    const known = new Set(Array.from(this.#channel.options, ({ value }) => value));
    for (const { channel } of readings) if (!known.has(channel)) this.#channel.append(make("option", { value: channel }, channel));
    const first = this.#form.hidden && readings.length > 0;
    this.#form.hidden = this.#channel.options.length === 0;
    if (first) this.#chosen();
  }

  #read(reading: Reading): void {
    this.#steady.add(reading);
    this.#unit = reading.unit;
    for (const entry of this.#entries) entry.unit(reading.unit);
    if (reading.value === undefined) return say(this.#now, `No reading: ${reading.error ?? "unknown"}`);
    const { count, mean, spread } = this.#steady;
    const steady = count < 3 ? "wait for some more readings" : spread === 0 ? "steady" : `within ${figure(spread)} ${reading.unit}`;
    this.#now.replaceChildren(
      "Raw now: ",
      make("strong", {}, `${figure(mean)} ${reading.unit}`),
      make("span", { class: "soft" }, ` mean of ${count}, ${steady}`),
    );
  }

  #chosen(): void {
    this.#steady = new Steadiness();
    this.#noise = 0;
    say(this.#now, "Raw now: …");
    for (const entry of this.#entries) entry.reset();
    this.#settings();
    this.#weigh();
  }

  get #kept(): Map<string, Points> {
    const field = fieldOf(this.#board, calibrationSetting);
    return readPoints(field === undefined ? "" : (settingOf(this.#board, field).value ?? ""));
  }

  #settings(): void {
    const points = this.#kept.get(this.#channel.value);
    this.#remove.hidden = points === undefined;
    if (points === undefined) return say(this.#present, "Not calibrated: readings are as the sensor gives them.");
    say(this.#present, `Calibrated: ${lineText(points, this.#unit)}`);
  }

  get #points(): Points | undefined {
    const [a, b] = this.#entries.map(({ point }) => point) as [Point | undefined, Point | undefined];
    return a === undefined || b === undefined ? undefined : [a, b];
  }

  #weigh(): void {
    const points = this.#points;
    this.#save.disabled = true;
    if (points === undefined) return this.#outcome.replaceChildren();
    const { wrong, doubtful } = plausibility(points, this.#noise);
    this.#save.disabled = wrong !== undefined;
    if (wrong !== undefined) return this.#outcome.replaceChildren(make("p", { class: "mistake" }, wrong));
    this.#outcome.replaceChildren(
      make("p", { class: "line" }, lineText(points, this.#unit)),
      ...doubtful.map((text) => make("p", { class: "doubt" }, text)),
    );
  }

  async #keep(): Promise<void> {
    const points = this.#points;
    if (points === undefined) return;
    await this.#write(this.#kept.set(this.#channel.value, points));
  }

  async #forget(): Promise<void> {
    const kept = this.#kept;
    kept.delete(this.#channel.value);
    await this.#write(kept);
  }

  async #write(points: ReadonlyMap<string, Points>): Promise<void> {
    const change =
      points.size === 0
        ? { set: new Map(), forget: [calibrationSetting] }
        : { set: new Map([[calibrationSetting, writePoints(points)]]), forget: [] };
    const { done, mistake } = await apply(this.#board, change);
    if (mistake !== undefined) this.#outcome.replaceChildren(make("p", { class: "mistake" }, mistake));
    if (done) for (const entry of this.#entries) entry.reset();
    if (done) this.#weigh();
  }
}

function example(unit: string): string {
  return /^(°C|°F|K)$/.test(unit) ? ", such as ice water" : "";
}

function lineText(points: Points, unit: string): string {
  const { gain, offset } = lineThrough(points);
  const sign = offset < 0 ? "−" : "+";
  return `value = ${figure(gain)} × raw ${sign} ${figure(Math.abs(offset))}${unit === "" ? "" : ` ${unit}`}`;
}
