/** A page with the unmodified npm `improv-wifi-sdk` in it, bundled from node_modules, and what a test does there. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { build } from "esbuild";

const script = `
import "improv-wifi-sdk";
import { ImprovBluetoothLE } from "improv-wifi-sdk/dist/ble.js";
import { IMPROV_BLE_SERVICE } from "improv-wifi-sdk/dist/const.js";

const states = [];
const errors = [];
let client;
let disconnects = 0;
globalThis.improv = {
  states,
  errors,
  get disconnects() { return disconnects; },
  get name() { return client.name; },
  get capabilities() { return client.capabilities; },
  async connect() {
    const device = await navigator.bluetooth.requestDevice({ filters: [{ services: [IMPROV_BLE_SERVICE] }] });
    client = new ImprovBluetoothLE(device, { log() {}, debug() {}, error(...what) { errors.push(what.join(" ")); } });
    client.addEventListener("state-changed", () => states.push(client.currentState));
    client.addEventListener("disconnect", () => disconnects++);
    await client.initialize();
  },
  close: () => client.close(),
  identify: () => client.identify(),
  provision: (ssid, password) => client.provision(ssid, password),
  get errorState() { return client.errorState; },
  /** What the SDK has no method for. */
  async rpc(command, data = []) {
    const { values } = await client.sendRPCWithResponse(command, new Uint8Array(data));
    return values;
  },
  /** A frame as other clients write it: in parts, or as a long write. */
  async write(hex, partBytes, withResponse) {
    const frame = Uint8Array.from(hex.match(/../g), (byte) => parseInt(byte, 16));
    for (let at = 0; at < frame.length; at += partBytes) {
      const part = frame.slice(at, at + partBytes);
      if (withResponse) await client._rpcCommandChar.writeValueWithResponse(part);
      else await client._rpcCommandChar.writeValueWithoutResponse(part);
    }
  },
  async result() {
    const value = await client._rpcResultChar.readValue();
    return Array.from(new Uint8Array(value.buffer));
  },
};
`;

const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Improv</title><link rel="icon" href="data:,">
<improv-wifi-launch-button></improv-wifi-launch-button><button id="connect">connect</button>
<script type="module" src="/improv.js"></script>
<script>connect.onclick = () => improv.connect().then(() => (connected = true), (error) => (failed = String(error)));</script>`;

export interface ServedPage {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** On localhost, which is a secure context. */
export async function improvPage(resolveDir: string): Promise<ServedPage> {
  const { outputFiles } = await build({
    stdin: { contents: script, resolveDir, loader: "js" },
    bundle: true,
    format: "esm",
    write: false,
    logLevel: "error",
  });
  const bundle = outputFiles[0]!.text;
  const server: Server = createServer((request, response) => {
    const isScript = request.url === "/improv.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html; charset=utf-8");
    response.end(isScript ? bundle : html);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
