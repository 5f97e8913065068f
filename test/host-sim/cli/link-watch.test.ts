import { beforeEach, describe, expect, test } from "vitest";
import { LinkWatch } from "../../../host-sim/cli/link-watch.js";

let said: string[];
let watch: LinkWatch;
let socket: number;
beforeEach(() => {
  said = [];
  socket = 0;
  watch = new LinkWatch("mqtt://b:1", (text) => said.push(text));
});

const traced = (what: string): void => watch.traced(`{"us":1,"board":"0","what":"tcp.${what}","socket":${socket},"bytes":"00"}`);
/** One connection's course; an `answer` is CONNACK's code. */
function attempt(...course: (string | number)[]): void {
  socket++;
  traced("open");
  for (const step of course)
    if (typeof step === "number") watch.answered(step);
    else traced(step);
}

describe("a broker that the board has not reached yet", () => {
  test.each([
    [["error"], "no program answers there"],
    [["close"], "no answer from there in time"],
    [["write", "error"], "it closed the connection without accepting the board"],
    [["write", "close"], "it takes the connection and then says nothing"],
    [["write", "read", "close"], "what answers there does not speak MQTT 3.1.1"],
    [["write", "read", 4, "close"], "it refuses the board: wrong user name or password"],
    [["write", "read", 77, "close"], "it refuses the board: code 77"],
  ])("%j: %s, said once however often it happens", (course, why) => {
    for (let times = 0; times < 3; times++) attempt(...course);
    expect(said).toEqual([`No connection to mqtt://b:1: ${why}. The board goes on sampling and tries again.`]);
    expect([watch.everConnected, watch.trouble]).toEqual([false, why]);
  });

  test("a name without an address is a trouble as well", () => {
    watch.nameUnknown("b.local");
    expect(said[0]).toContain("the name b.local has no address");
  });

  test("another trouble is said, and so is its end", () => {
    attempt("error");
    attempt("write", "error");
    attempt("write", "read", 0);
    expect(said.slice(1)).toEqual([
      "Still no connection to mqtt://b:1: it closed the connection without accepting the board.",
      "The board is connected.",
    ]);
    expect([watch.everConnected, watch.trouble]).toEqual([true, undefined]);
  });
});

test("a broker that accepts at once is no news; one that goes away and comes back is", () => {
  attempt("write", "read", 0, "write");
  expect(said).toEqual([]);
  traced("error");
  attempt("error");
  attempt("write", "read", 0);
  expect(said).toEqual([
    "The connection to mqtt://b:1 is lost: the broker closed the connection. The board goes on sampling and tries again.",
    "Still no connection to mqtt://b:1: no program answers there.",
    "The board is connected again.",
  ]);
});

test("the end of a connection that the board ends in order is no trouble", () => {
  attempt("write", "read", 0);
  watch.ending();
  traced("close");
  expect([said, watch.trouble]).toEqual([[], undefined]);
});

test("what else a trace holds is passed over", () => {
  watch.traced('{"us":1,"board":"0","what":"i2c.read","address":68,"bytes":"00"}');
  watch.traced('{"us":1,"board":"0","what":"tcp.error","socket":9}');
  expect(said).toEqual([]);
});
