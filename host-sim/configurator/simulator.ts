/** The simulated boards of `npm start`, over the WebSocket of the server that this page came from. */
import { failure } from "../../firmware/base/result.js";
import { type Air, connect, listBoards, type PlainSocket, pressButton } from "../pairing/socket-link.js";
import type { SimulatedBoard, Simulator } from "./ground.js";

/** Undefined where the page does not come from a simulator. */
export function simulatorOf({ protocol, host, pathname }: Location): Simulator | undefined {
  if (!/\/configure\/(index\.html)?$/.test(pathname)) return undefined;
  const air: Air = {
    url: `${protocol === "https:" ? "wss" : "ws"}://${host}/ble`,
    makeSocket: (url) => new WebSocket(url) as PlainSocket,
  };
  return {
    async boards() {
      const answer = await listBoards(air);
      if (!answer.ok) throw new Error(answer.error.message);
      const { boards, state } = answer.value;
      return boards.map(({ board, digits, advertising, connected, powered, simulatedCode }): SimulatedBoard => ({
        name: board,
        id: digits,
        reachable: advertising,
        state:
          state !== "running"
            ? "the run stands still"
            : !powered
              ? "without power"
              : connected
                ? "connected to"
                : advertising
                  ? ""
                  : "window closed",
        code: simulatedCode,
      }));
    },
    async pressButton({ name }) {
      await pressButton(air, name);
    },
    place: ({ name }) => ({
      name,
      async pressButton() {
        await pressButton(air, name);
      },
      async connect() {
        const link = await connect(air, name);
        if (link.ok) return link;
        return failure(link.error.kind === "closed" ? "closed" : "unreachable", link.error.message);
      },
    }),
  };
}
