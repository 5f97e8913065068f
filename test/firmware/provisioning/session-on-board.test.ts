/** What security.md promises of the session, on whole boards: window, guesses and secrets over real flash and real restarts. */
import { expect, test } from "vitest";
import { otherSecret } from "../../host-sim/pairing/rig.js";
import { place, rightOnes } from "./visitor.js";

const kindOf = (result: { readonly ok: true } | { readonly ok: false; readonly error: { readonly kind: string } }) =>
  result.ok ? "open" : result.error.kind;

test("the window closes after five minutes: nobody can connect, until the button is pressed", async () => {
  const { visitor } = place({ builtIn: {} });
  visitor.pass(5 * 60_000 + 1_000);
  await expect(visitor.enter()).rejects.toThrow("nobody advertises");
  visitor.press();
  visitor.pass(1_000);
  expect(kindOf(await visitor.enter())).toBe("open");
});

test("guesses are counted over power cuts of a whole board, and the button clears them", async () => {
  const { visitor, station } = place({ builtIn: {} });
  for (let count = 0; count < 20; count++) {
    expect(kindOf(await visitor.enter(otherSecret))).toBe("secret");
    if (count % 5 === 4) {
      station.powerOff();
      visitor.pass(1_000);
      station.powerOn();
    }
    visitor.pass(2_000);
  }
  expect(kindOf(await visitor.enter())).toBe("locked");
  visitor.pass(1_000);
  visitor.press();
  visitor.pass(1_000);
  expect(kindOf(await visitor.enter())).toBe("open");
});

test("a passphrase that was set is in no reply, no log line and no trace", async () => {
  const traces: string[] = [];
  const box = place({ builtIn: {}, onTrace: (line) => traces.push(line) });
  const { visitor } = box;
  const passphrase = "never-to-be-said-again";
  const talk = await visitor.talk();
  const about = await talk.ask(1);
  const schema = /schema \d+/.exec(about.body)![0];
  const changes = [...rightOnes(box).set("wifi.password", passphrase)].map(([name, value]) => `${name}=${value}`);
  expect(await talk.ask(4, [schema, ...changes].join("\n"))).toMatchObject({ status: 0 });
  visitor.pass(10_000);
  for (const verb of [1, 2, 3, 5, 10, 11, 12]) {
    for (let first: string | undefined = ""; first !== undefined;) {
      const { body, status } = await talk.ask(verb, first);
      expect(status).toBe(0);
      first = /^next (\d+)/.exec(body)?.[1];
    }
  }
  const said = talk.said.join("\n");
  expect(said).toContain("wifi.password");
  const onAir = traces.filter((line) => line.includes('"ble.')).join("\n");
  expect(onAir).not.toContain(Buffer.from("never-to").toString("hex"));
  expect(said + traces.join("\n")).not.toContain(passphrase);
});

test("a factory reset forgets the settings and keeps the secret", async () => {
  const box = place({ builtIn: {} });
  const { visitor } = box;
  const before = await visitor.enter();
  if (!before.ok) throw new Error(before.error.message);
  expect(await visitor.awaits(before.value.set(new Map([["device.name", "garden"]])))).toMatchObject({ ok: true });
  const named = await visitor.awaits(before.value.about());
  expect(named.ok && named.value.get("name")).toBe("garden");
  expect((await visitor.awaits(before.value.factoryReset())).ok).toBe(true);
  visitor.pass(10_000);
  visitor.press();
  visitor.pass(1_000);
  const after = await visitor.enter();
  if (!after.ok) throw new Error(after.error.message);
  const about = await visitor.awaits(after.value.about());
  expect(about.ok && about.value.get("name")).not.toBe("garden");
});
