import fc from "fast-check";
import { expect, test } from "vitest";
import { limits } from "../../../firmware/limits.js";
import { joinNetwork } from "./join.js";
import { simulatedBoard } from "../simulated-board.js";

type Step = ["away" | "back" | "no DHCP" | "DHCP" | "busy", number];
const steps = fc.array(
  fc.tuple(
    fc.constantFrom("away", "back", "no DHCP", "DHCP", "busy"),
    // Short enough to hit the middle of joining, long enough to outlast every back-off.
    fc.oneof(fc.nat(1000), fc.nat(30_000), fc.nat(150_000)),
  ),
  { maxLength: 25 },
) as fc.Arbitrary<Step[]>;

test("whatever the access point does, onUp and onDown alternate and tell the truth, and in the end the board is joined", () => {
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 1000 }), (script, seed) => {
      const { device, board, accessPoint, on, pass, timers } = simulatedBoard(seed);
      const told: string[] = [];
      const network = on(() =>
        joinNetwork(
          device,
          { ssid: "attic", password: "swordfish" },
          () => told.push("up"),
          () => told.push("down"),
        ),
      );
      const check = () => {
        expect(told.every((each, index) => each === (index % 2 === 0 ? "up" : "down"))).toBe(true);
        expect(network.state === "up").toBe(told.length % 2 === 1);
        expect(network.state === "up").toBe(board.link.up);
        // One timer at most: the join's end or the pause.
        expect(timers.size).toBe(network.state === "up" ? 0 : 1);
      };
      for (const [event, thenMs] of script) {
        if (event === "away" || event === "back") accessPoint.present = event === "back";
        else if (event === "busy") board.cpu.post(() => board.cpu.charge(900_000));
        else accessPoint.dhcp = event === "DHCP";
        // What has happened is told within a second, however busy the thread is.
        pass(1000);
        check();
        pass(thenMs);
        if (event !== "busy") check();
      }
      accessPoint.present = true;
      accessPoint.dhcp = true;
      pass(limits.backoffLongestMs + limits.joinTimeoutMs + limits.backoffLongestMs + 2000);
      check();
      expect(network.state).toBe("up");
      expect(network.failures).toBeGreaterThanOrEqual((told.length - 1) / 2);
    }),
    { seed: 1, numRuns: 150 },
  );
});
