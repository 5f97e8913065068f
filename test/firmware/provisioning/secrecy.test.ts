/** Passwords go into a board and nowhere else: not into a reply, an event, the log or MQTT, and not over the air in the clear. */
import { expect, test } from "vitest";
import { place, rightOnes } from "./visitor.js";

const wifiPassword = "swordfish under the mat";
const brokerPassword = "x marks the spot";
const brokenPassword = "1234567";
const secrets = [wifiPassword, brokerPassword, "simulated", brokenPassword];

function tellsOf(line: string): boolean {
  return secrets.some((secret) => line.includes(secret) || line.includes(Buffer.from(secret).toString("hex")));
}

test("no password is ever told, whatever is asked for, set, undone and refused", async () => {
  const lines: string[] = [];
  const here = place({ builtIn: {}, onTrace: (line) => lines.push(line) });
  const { visitor, simulation } = here;
  const published: string[] = [];
  simulation.broker.onMessage = ({ topic, payload }) => published.push(topic + " " + Buffer.from(payload).toString("latin1"));
  const talk = await visitor.talk();
  async function tour(): Promise<void> {
    for (const verb of [1, 2, 3, 5, 8, 10, 11, 12, 13, 16]) {
      for (let next: string | undefined = ""; next !== undefined;) {
        const { body } = await talk.ask(verb, next);
        next = [2, 3, 10, 16].includes(verb) && body.startsWith("next ") ? body.split("\n")[0]!.slice(5) : undefined;
      }
    }
  }
  await talk.ask(9, "on");
  await tour();
  const right = [...rightOnes(here)].map(([name, value]) => `${name}=${value}`).join("\n");
  expect((await talk.ask(4, `schema 2\n${right}\nbroker.username=me\nbroker.password=${brokerPassword}`)).body).toMatch(/^trial/);
  await tour();
  visitor.pass(5_000);
  expect((await talk.ask(5)).body).toMatch(/^kept/);
  expect((await talk.ask(4, `schema 2\nwifi.password=${wifiPassword}\nwifi.ssid=elsewhere`)).body).toMatch(/^trial/);
  visitor.pass(3_000);
  await tour();
  await talk.ask(7);
  // What is refused, and where a password stands in the wrong place.
  expect((await talk.ask(4, `schema 2\nwifi.password=${brokenPassword}`)).status).toBe(18);
  expect((await talk.ask(4, `schema 2\nwifi.password=${wifiPassword.repeat(9)}`)).status).toBe(18);
  expect((await talk.ask(4, `schema 2\nwifi.pasword=${wifiPassword}`)).status).toBe(18);
  expect((await talk.ask(4, `schema 1\nwifi.password=${wifiPassword}`)).status).toBe(23);
  visitor.pass(5_000);
  await tour();
  await talk.ask(14);
  visitor.pass(10_000);
  const again = await visitor.talk();
  const { body } = await again.ask(2);
  expect(body).toContain("\ns wifi.password\n");
  expect(body).toContain("\ns broker.password\n");
  expect(talk.events.length).toBeGreaterThan(20);
  expect(talk.said.length).toBeGreaterThan(60);
  for (const said of [...talk.said, ...again.said]) expect(secrets.filter((secret) => said.includes(secret))).toEqual([]);
  expect(published.length).toBeGreaterThan(20);
  expect(published.filter(tellsOf)).toEqual([]);
  // In flash, where settings lie, and to the broker that asks for it.
  const kinds = new Set(lines.filter(tellsOf).map((line) => (JSON.parse(line) as { what: string }).what));
  expect(kinds).toContain("flash.write");
  kinds.delete("flash.write");
  expect([...kinds].filter((what) => !what.startsWith("tcp."))).toEqual([]);
});

test("the secret of the board and the keys of a session are in no trace, log or reply either", async () => {
  const lines: string[] = [];
  const here = place({ onTrace: (line) => lines.push(line) });
  here.visitor.press();
  const talk = await here.visitor.talk();
  for (const verb of [1, 2, 10]) await talk.ask(verb);
  const hex = Buffer.from(here.board.secret!).toString("hex");
  const told = lines.filter((line) => line.includes(hex)).map((line) => (JSON.parse(line) as { what: string }).what);
  expect(told.filter((what) => !what.startsWith("flash."))).toEqual([]);
  expect(talk.said.filter((said) => said.includes(hex) || said.includes(String.fromCharCode(...here.board.secret!)))).toEqual([]);
});
