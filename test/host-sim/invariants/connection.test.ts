/** A connection's wire is read packet by packet, and it is known what waited for the socket. */
import mqttPacket from "mqtt-packet";
import { expect, test } from "vitest";
import { Connection } from "../../../host-sim/invariants/connection.js";

const packets = [1, 2, 3].map((messageId) =>
  mqttPacket.generate({ cmd: "publish", topic: "a", payload: "x".repeat(messageId), qos: 1, retain: false, dup: false, messageId }),
);

function listening() {
  const heard: string[] = [];
  let eventUs = 1;
  const connection: Connection = new Connection(1, {
    sent: (packet, bytes) => heard.push(`${packet.cmd} ${packet.messageId} of ${bytes}, ${connection.fresh ? "fresh" : "late"}`),
    received: ({ cmd }) => heard.push("got " + cmd),
    closed: () => heard.push("closed"),
    garbled: () => heard.push("garbled"),
    eventUs: () => eventUs,
  });
  return { connection, heard, next: () => void eventUs++ };
}

test("packets are told whole, with their size, as soon as their last byte is written", () => {
  const { connection, heard } = listening();
  connection.out(packets[0]!, 500);
  connection.out(packets[1]!.subarray(0, 4), 0);
  expect(heard).toEqual(["publish 1 of 8, fresh"]);
  expect(connection.blocked).toBe(true);
  connection.out(packets[1]!.subarray(4), 500);
  expect(heard.slice(1)).toEqual(["publish 2 of 9, late"]);
  expect(connection.blocked).toBe(false);
});

test("what is written in the event in which a full socket took bytes again had waited; what comes after is fresh", () => {
  const { connection, heard, next } = listening();
  connection.out(packets[0]!, 0);
  next();
  connection.out(packets[1]!, 300);
  connection.out(packets[2]!, 200);
  next();
  connection.out(packets[0]!, 100);
  expect(heard).toEqual(["publish 1 of 8, fresh", "publish 2 of 9, late", "publish 3 of 10, late", "publish 1 of 8, fresh"]);
});

test("garbage from the board is told, garbage from the broker is not, and an end is told once", () => {
  const { connection, heard } = listening();
  connection.in(mqttPacket.generate({ cmd: "pingresp" }));
  connection.in(Uint8Array.of(0xf8, 0xff, 0xff, 0xff, 0xff));
  connection.in(mqttPacket.generate({ cmd: "pingresp" }));
  connection.out(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff), 10);
  connection.closed();
  connection.closed();
  expect(heard).toEqual(["got pingresp", "garbled", "closed"]);
});
