/** Buttons for everything that can go wrong, and what is wrong now, with its remedy. */
import { byId, make, say } from "./dom.js";
import { openFaultForm, type FormPlace } from "./fault-form.js";
import { lasting } from "./format.js";
import type { Command, FaultInfo, Mark } from "./protocol.js";

const groups = [
  ["sensor", "Sensors"],
  ["board", "Board and network"],
  ["broker", "Broker"],
] as const;

export class FaultsView {
  readonly #send: (command: Command) => void;
  readonly #active = byId("active");
  readonly #rows = new Map<string, { row: HTMLElement; left: HTMLElement; mark: Mark }>();

  constructor(send: (command: Command) => void) {
    this.#send = send;
  }

  offer(faults: readonly FaultInfo[], place: FormPlace): void {
    const sections = groups.flatMap(([strikes, title]) => {
      const buttons = faults
        .filter((fault) => fault.strikes === strikes)
        .map((fault) => {
          const button = make(
            "button",
            { type: "button", class: "fault", title: fault.about, "data-fault": fault.kind },
            fault.kind.replaceAll("-", " "),
          );
          button.addEventListener("click", () => openFaultForm(fault, place, this.#send));
          return button;
        });
      return buttons.length === 0
        ? []
        : [make("div", { class: "faultgroup", role: "group", "aria-label": title }, make("h3", {}, title), ...buttons)];
    });
    byId("faults").replaceChildren(...sections);
  }

  focus(): void {
    byId("faults").querySelector("button")?.focus();
  }

  /** Those of this board, of all boards, and of the broker. */
  show(marks: readonly Mark[], board: string | undefined): void {
    const lasting = marks.filter(
      (mark) => mark.toMs === undefined && (board === undefined || mark.board === undefined || mark.board === board),
    );
    const keys = new Set(lasting.map(({ key }) => key));
    for (const [key, { row }] of this.#rows) {
      if (keys.has(key)) continue;
      if (row.contains(document.activeElement)) this.focus();
      row.remove();
      this.#rows.delete(key);
    }
    for (const mark of lasting) if (!this.#rows.has(mark.key)) this.#add(mark);
    this.#active.classList.toggle("some", lasting.length > 0);
  }

  tick(nowMs: number): void {
    for (const { left, mark } of this.#rows.values()) {
      say(left, mark.untilMs === undefined ? `for ${lasting(nowMs - mark.fromMs)}` : `${lasting(mark.untilMs - nowMs)} left`);
    }
  }

  #add(mark: Mark): void {
    const left = make("span", { class: "soft" });
    const heal = make("button", { type: "button", "aria-label": `Heal ${mark.kind}` }, "Heal");
    heal.addEventListener("click", () => this.#send({ do: "heal", key: mark.key }));
    const what = [mark.sensor ?? mark.board, ...Object.entries(mark.parameters).map(([name, value]) => `${name} ${value}`)];
    const row = make(
      "div",
      { class: "activefault" },
      make("b", {}, mark.kind.replaceAll("-", " ")),
      make("span", { class: "soft" }, what.filter((each) => each !== undefined).join(", ")),
      left,
      heal,
    );
    this.#rows.set(mark.key, { row, left, mark });
    this.#active.append(row);
  }
}
