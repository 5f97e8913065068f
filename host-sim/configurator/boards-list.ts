/** The simulated boards to choose from, each with a button as on the real one. Asked for anew while the list is seen. */
import { make, say, toast } from "../web/dom.js";
import type { SimulatedBoard, Simulator } from "./ground.js";
import { Polling } from "./polling.js";

const pauseMs = 1500;

interface Row {
  readonly item: HTMLElement;
  readonly state: HTMLElement;
  readonly connect: HTMLButtonElement;
  readonly code: HTMLButtonElement;
  board: SimulatedBoard;
}

export class BoardsList {
  readonly element = make("div", { class: "boards" });
  readonly #list = make("ul", {});
  readonly #word = make("p", { class: "soft", role: "status" }, "Looking for simulated boards …");
  readonly #rows = new Map<string, Row>();
  readonly #simulator: Simulator;
  readonly #onChoice: (board: SimulatedBoard) => void;
  readonly #onCode: (code: string, id: string) => void;
  #wanted: string;
  readonly #polling = new Polling(pauseMs, (isWanted) => this.#look(isWanted));

  /** `wanted`: the name of the one to choose; empty: none. */
  constructor(simulator: Simulator, onChoice: (board: SimulatedBoard) => void, onCode: (code: string, id: string) => void, wanted: string) {
    this.#wanted = wanted;
    this.#simulator = simulator;
    this.#onChoice = onChoice;
    this.#onCode = onCode;
    this.element.append(make("h3", {}, "Simulated boards"), this.#word, this.#list);
    this.#polling.start();
  }

  end(): void {
    this.#polling.stop();
  }

  async #look(isWanted: () => boolean): Promise<void> {
    try {
      const boards = await this.#simulator.boards();
      if (!isWanted()) return;
      say(this.#word, boards.length === 0 ? "No board runs." : "They run in the simulator that serves this page.");
      for (const board of boards) this.#show(board);
      if (this.#wanted !== "") this.#select();
    } catch {
      say(this.#word, "The simulator does not answer.");
    }
  }

  /** Once: who chooses another one then has another one. */
  #select(): void {
    const row = this.#rows.get(this.#wanted);
    if (row === undefined) return say(this.#word, `No board is called ${this.#wanted}: these run in the simulator.`);
    this.#wanted = "";
    row.item.classList.add("wanted");
    if (row.board.code !== undefined) this.#onCode(row.board.code, row.board.id);
    row.item.scrollIntoView({ block: "center" });
    row.connect.focus({ preventScroll: true });
  }

  #show(board: SimulatedBoard): void {
    const row = this.#rows.get(board.name) ?? this.#row(board);
    row.board = board;
    say(row.state, board.reachable ? "window open" : board.state);
    row.item.dataset["reachable"] = String(board.reachable);
    row.code.hidden = board.code === undefined;
  }

  #row(board: SimulatedBoard): Row {
    const button = (text: string, run: (row: Row) => void, kind = ""): HTMLButtonElement => {
      const made = make("button", { type: "button", class: kind, "aria-label": `${text}: ${board.name}` }, text);
      made.addEventListener("click", () => run(row));
      return made;
    };
    const state = make("span", { class: "soft windowstate" });
    const press = button("Press button", ({ board: now }) => void this.#press(now));
    const code = button("Use code", ({ board: now }) => this.#onCode(now.code ?? "", now.id), "quiet");
    const connect = button("Connect", ({ board: now }) => this.#onChoice(now));
    const item = make("li", { "data-board": board.name }, make("span", { class: "boardname" }, board.name), state, code, press, connect);
    const row: Row = { item, state, connect, code, board };
    this.#rows.set(board.name, row);
    this.#list.append(item);
    return row;
  }

  async #press(board: SimulatedBoard): Promise<void> {
    await this.#simulator.pressButton(board);
    toast(`Pressed: ${board.name}'s window is open for 5 minutes.`);
    this.#polling.start();
  }
}
