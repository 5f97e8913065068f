import { expect, test } from "vitest";
import { costs } from "../../../host-sim/world/costs.js";
import { tcpClass } from "../../../host-sim/world/tcp.js";
import { Wire, wiredTcpClass } from "../../../host-sim/world/wire.js";
import { address, bytes, connection } from "./connection.js";

function wired() {
  // Without jitter, the wired socket below is the service's last.
  const made = connection(({ lan }) => {
    lan.jitterUs = 0;
  });
  const { lan, link, scheduler, cpu, record } = made;
  const wire = new Wire();
  const heard: string[] = [];
  wire.tap = () => {
    const number = heard.push("opened") - 1;
    return {
      out: (sent) => void (heard[number] += " >" + sent.length),
      in: (got) => void (heard[number] += " <" + got.length),
    };
  };
  const Wired = wiredTcpClass(tcpClass(lan, link, scheduler, cpu), wire, cpu, record);
  let errors = 0;
  const tcp = new Wired({ address, port: 7, onError: () => errors++ });
  made.pass(20);
  return { ...made, wire, heard, tcp, errors: () => errors, Wired };
}

test("each call is charged, traced with its bytes and counted, and a listener hears them", () => {
  const { tcp, wire, heard, timed, lines, service } = wired();
  expect(timed(() => tcp.write(bytes(100))).costUs).toBe(costs.tcpCallUs + 1);
  service.peer!.send(bytes(3));
  expect(timed(() => [...new Uint8Array(tcp.read()!)]).value).toEqual([...bytes(3)]);
  expect(timed(() => tcp.read())).toEqual({ value: undefined, costUs: costs.tcpCallUs });
  tcp.close();
  expect([wire.bytesOut, wire.bytesIn, heard]).toEqual([100, 3, ["opened >100 <3"]]);
  expect(lines.map(({ what }) => what)).toEqual(["tcp.open", "tcp.write", "tcp.read", "tcp.close"]);
  expect(lines).toMatchObject([
    { socket: 1, to: address + ":7" },
    { bytes: Buffer.from(bytes(100)).toString("hex") },
    { bytes: "00070e" },
    {},
  ]);
});

test("a write that the socket refuses is neither counted nor heard", () => {
  const { tcp, wire, heard } = wired();
  expect(() => tcp.write(bytes(6000))).toThrow("would block");
  expect([wire.bytesOut, heard]).toEqual([0, ["opened"]]);
});

test("sockets are numbered, and an error is traced and passed on once", () => {
  const { Wired, lines, pass, errors, service } = wired();
  let refused = 0;
  const second = new Wired({ address, port: 8, onError: () => refused++ });
  service.peer!.close();
  pass(100);
  expect(() => second.read()).not.toThrow();
  expect([errors(), refused]).toEqual([1, 1]);
  expect(
    lines
      .filter(({ what }) => what === "tcp.error")
      .map(({ socket }) => socket)
      .sort(),
  ).toEqual([1, 2]);
});
