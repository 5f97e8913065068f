/** The lamps at the top, for power, Wi-Fi, broker and session, and the facts about heap and timing. */
import { byId, make, say } from "./dom.js";
import { count, lasting, ratio } from "./format.js";
import { type Frame, type Health, type Hello, up, type Way } from "./protocol.js";

const lampNames = ["Power", "Wi-Fi", "Broker", "Session"] as const;

export class HealthView {
  readonly #lamps = byId("lamps");
  readonly #words = new Map<string, { lamp: HTMLElement; word: HTMLElement }>();
  readonly #facts = new Map<string, HTMLElement>();

  constructor() {
    for (const name of lampNames) {
      const word = make("span", { class: "word" }, "–");
      const lamp = make("li", { class: "lamp" }, make("span", { class: "name" }, name), word);
      this.#words.set(name, { lamp, word });
      this.#lamps.append(lamp);
    }
  }

  show({ engine }: Hello, frame: Frame, health: Health, way: Way): void {
    const on = (health.up & up.power) !== 0;
    const joined = (health.up & up.wifi) !== 0;
    const connected = (health.up & up.broker) !== 0;
    this.#lamp("Power", on ? "good" : "bad", on ? "on" : "off");
    this.#lamp("Wi-Fi", joined ? "good" : on ? "poor" : "off", joined ? "joined" : on ? "away" : "–");
    this.#lamp(
      "Broker",
      connected ? "good" : on ? "poor" : "off",
      connected ? "connected" : health.refused !== undefined ? "refused" : on ? "not connected" : "–",
      health.refused,
    );
    const session = connected ? (way.inFlight > 0 ? `${way.inFlight} on the way` : "idle") : on ? "none" : "–";
    this.#lamp("Session", connected ? "good" : "off", session);
    this.#fact("Heap", engine === "node" ? "Node's own: run with -\u2060-\u2060engine\u00a0xs to see the board's" : heap(health));
    this.#fact("Up for", on ? `${lasting(health.upForMs)} since ${health.lastReset}` : "power is off");
    this.#fact("Boots", count(health.boots));
    this.#fact("Connections", count(health.connections));
    this.#fact("Latest sample", health.worstLateMs === undefined ? "–" : `${health.worstLateMs.toFixed(1)} ms late at worst`);
    this.#fact("Late by over 10 ms", health.late === undefined ? "–" : count(health.late));
    this.#fact("Bytes out, in", `${count(health.bytesOut)}, ${count(health.bytesIn)}`);
    this.#fact("Virtual ÷ real", frame.state === "paused" ? "paused" : ratio(frame.ratio));
  }

  #lamp(name: string, how: "good" | "poor" | "bad" | "off", text: string, title?: string): void {
    const { lamp, word } = this.#words.get(name)!;
    if (lamp.dataset["how"] !== how) lamp.dataset["how"] = how;
    if (title !== undefined) lamp.title = title;
    else if (lamp.title !== "") lamp.removeAttribute("title");
    say(word, text);
  }

  #fact(name: string, text: string): void {
    let value = this.#facts.get(name);
    if (value === undefined) {
      value = make("dd");
      this.#facts.set(name, value);
      byId("facts").append(make("div", {}, make("dt", {}, name), value));
    }
    say(value, text);
  }
}

function heap({ arenaBytes, arenaPeakBytes }: Health): string {
  if (arenaBytes === undefined || arenaPeakBytes === undefined) return "power is off";
  return `${count(arenaPeakBytes)} of ${count(arenaBytes)} bytes at most (${Math.round((100 * arenaPeakBytes) / arenaBytes)} %)`;
}
