/** The simulated board keeps the Device port's contract. */
import { simulatedBoard } from "../firmware/simulated-board.js";
import type { DeviceAdapter } from "./adapter.js";
import { deviceContract } from "./device-contract.js";

deviceContract("the world's device", (): DeviceAdapter => {
  const { board, scheduler, pass } = simulatedBoard();
  board.link.up = true;
  return {
    device: board.device,
    async on(handler) {
      let result: { value: ReturnType<typeof handler> } | undefined;
      board.cpu.post(() => {
        result = { value: handler() };
      });
      while (result === undefined) scheduler.runUntil(scheduler.nextUs());
      return result.value;
    },
    async pass(ms) {
      pass(ms);
    },
    otherClockMs: () => scheduler.nowUs / 1000,
    nobody: { address: "10.0.255.9", port: 1883 },
    partition: { path: "journal" },
  };
});
