/** What the SDK has as globals: `device`, `System` and `trace`. An app that uses one of these names without declaring it gets it from here. */
import { board, say } from "./board.js";

export { default as device } from "./device.js";

export const System = {
  restart(): void {
    board().device.power.restart();
  },
  /** `address` is undefined when nobody answered. Does not block. */
  resolve(name: string, callback: (name: string, address: string | undefined) => void): void {
    board().device.resolve(name, (address) => callback(name, address));
  },
};

/** Shows `messages` one after another; a line ends where they say so. */
export function trace(...messages: unknown[]): void {
  say(messages.join(""));
}
