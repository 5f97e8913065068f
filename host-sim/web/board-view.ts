/** One board in full: the way of its samples, its channels' plots, its flash, its wire, and its health. */
import { byId } from "./dom.js";
import { HealthView } from "./health-view.js";
import { HistoryView } from "./history-view.js";
import { ChannelPlot } from "./plot.js";
import type { AppInfo, BoardFrame, Frame, Hello } from "./protocol.js";
import { onTheme } from "./theme.js";
import { WayView } from "./way-view.js";
import { WireView } from "./wire-view.js";

export class BoardView {
  readonly #way = new WayView(byId("way"));
  readonly #history = new HistoryView();
  readonly #wire = new WireView();
  readonly #health = new HealthView();
  readonly #window = byId<HTMLSelectElement>("window");
  #plots: ChannelPlot[] = [];

  constructor() {
    onTheme(() => {
      for (const plot of this.#plots) plot.recolour();
    });
  }

  build({ channels }: AppInfo): void {
    this.#plots = channels.map((channel) => new ChannelPlot(channel));
    byId("cards").replaceChildren(...this.#plots.map(({ element }) => element));
    for (const plot of this.#plots) plot.mount();
    this.#wire.clear();
  }

  take({ reset, points, wire, history }: BoardFrame): void {
    if (reset) {
      for (const plot of this.#plots) plot.clear();
    }
    for (const each of points) this.#plots[each.channel]?.add(each);
    this.#wire.add(wire);
    if (history !== undefined) this.#history.take(history);
  }

  /** A new past: nothing of the old one stays. */
  forget(): void {
    for (const plot of this.#plots) plot.clear();
    this.#wire.clear();
  }

  draw(hello: Hello, frame: Frame, nowMs: number): void {
    const { board } = frame;
    if (board === undefined) return;
    this.#way.show(board.way);
    this.#health.show(hello, frame, board.health, board.way);
    for (const plot of this.#plots) plot.draw(frame.nowMs / 1000, Number(this.#window.value));
    this.#history.draw(frame.nowMs);
    this.#wire.draw(nowMs);
  }
}
