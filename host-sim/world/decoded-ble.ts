/** What a board's Bluetooth did, in words. */
import { hexText, printable } from "./decoded-text.js";

/** Undefined where it is none of Bluetooth's lines. */
export function bluetoothText(
  what: string,
  line: Readonly<Record<string, unknown>>,
  bytes: Uint8Array,
): { readonly text: string; readonly way?: "out" | "in" } | undefined {
  const uuid = printable(String(line["uuid"]));
  switch (what) {
    case "ble.open":
      return { text: `a GATT server opens, MTU ${printable(String(line["mtu"]))} at most` };
    case "ble.advertise":
      return { text: `advertises ${hexText(bytes)}, answers ${printable(String(line["response"])) || "nothing"}`, way: "out" };
    case "ble.silence":
      return { text: "advertises no more", way: "out" };
    case "ble.connect":
      return { text: `"${printable(String(line["central"]))}" connects`, way: "in" };
    case "ble.disconnect":
      return { text: `the connection is over: ${printable(String(line["by"]))}`, way: "in" };
    case "ble.close":
      return { text: "ends the connection", way: "out" };
    case "ble.paired":
      return { text: line["bonded"] === true ? "paired and bonded" : "paired", way: "in" };
    case "ble.subscribe":
      return { text: `${uuid} is ${line["on"] === true ? "subscribed to" : "not subscribed to any more"}`, way: "in" };
    case "ble.read":
      return { text: `${uuid} is read: ${hexText(bytes)}`, way: "out" };
    case "ble.write":
      return { text: `${uuid} is written: ${hexText(bytes)}`, way: "in" };
    case "ble.notify":
      return { text: `${uuid} notifies: ${hexText(bytes)}`, way: "out" };
    default:
      return undefined;
  }
}
