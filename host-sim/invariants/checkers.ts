/** All checkers of one station, in the order in which they are told: who reckons comes before who holds the board to it. */
import { Account } from "./account.js";
import { BackOff } from "./back-off.js";
import { ChannelMessages } from "./channel-messages.js";
import { Convergence } from "./convergence.js";
import { Counters } from "./counters.js";
import { Delivery } from "./delivery.js";
import type { Felt } from "./felt.js";
import { Grid } from "./grid.js";
import { Handshake } from "./handshake.js";
import { History } from "./history.js";
import { KeepAlive } from "./keep-alive.js";
import { Settings } from "./settings.js";
import { Pulses } from "./pulses.js";
import { Truth } from "./truth.js";
import type { Message, Scene, Watcher } from "./watcher.js";

export function checkers(scene: Scene, felt: Felt, onPublished: (message: Message) => void): Watcher[] {
  const account = new Account(scene);
  const history = new History(scene, account);
  const delivery = new Delivery(scene, onPublished);
  const settings = new Settings(scene);
  return [
    account,
    settings,
    new Handshake(scene),
    new BackOff(scene, settings),
    new Counters(scene, account, delivery, history),
    delivery,
    new KeepAlive(scene, account),
    new Grid(scene, account),
    new Truth(scene, felt),
    new Pulses(scene, account),
    new ChannelMessages(scene, account),
    history,
    new Convergence(scene, account, delivery),
  ];
}
