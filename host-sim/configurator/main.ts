/** The page as it is delivered: real Bluetooth, and the simulator where it comes from one. */
import { openBoard } from "../pairing/client.js";
import { readInfo } from "../pairing/texts.js";
import { startPage } from "./page.js";
import { simulatorOf } from "./simulator.js";
import { bluetoothTrouble, chooseBoard } from "./web-bluetooth-link.js";

startPage({
  bluetoothTrouble,
  choose: chooseBoard,
  simulator: simulatorOf(location),
  info: async (link) => readInfo(await link.readInfo()),
  open: openBoard,
});
