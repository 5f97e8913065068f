/** docs/config.md, made from the table of settings: a test holds the page to it. */
import { textOf } from "../../firmware/config/document.js";
import { ruleOf } from "../../firmware/config/field.js";
import { documentBytesMax, fieldNamed, schemaVersion, settingNames } from "../../firmware/config/schema.js";

export function configPage(): string {
  const rows = settingNames().map((name) => {
    const field = fieldNamed(name)!;
    const unit = field.type === "whole" && field.unit !== "" ? ` ${field.unit}` : "";
    const standard = field.default === "" ? "not set" : `${field.default}${unit}`;
    const secret = field.secret ? " **Secret.**" : "";
    const restart = field.restart ? "next start" : field.trial ? "at once, on trial" : "at once";
    return `| \`${name}\` | ${field.about}${secret} | ${ruleOf(field)} | ${standard} | ${restart} |`;
  });
  const example = textOf({ broker: { host: "10.0.0.2", port: 1884 }, journal: { blockS: 10 } });
  return `# Settings

What a board knows about its network, and how it is to keep and send. This page is made from
[the table](../firmware/config/schema.ts) by which settings are checked.

| setting | what it is | must be | default | takes effect |
|---|---|---|---|---|
${rows.join("\n")}

Three things make up what holds: the defaults above, over them what was built in (\`npm run flash -- --wifi-ssid … --broker …\`
on a board, the simulated network in the simulator), over them what somebody set. Only the last lies in the board's flash, in
two slots with CRCs ([every byte](../firmware/config/FORMAT.md), [why](decisions/config-in-two-slots.md)): a power cut at any
instant of a change leaves all of the old settings or all of the new ones. A board without a network or a broker samples all the same, and
keeps what it measures in its journal.

A secret is never shown and never part of a message. In the flash it stands as it is.

## On trial

What could cut a board off (its Wi-Fi, its broker) is tried when it is changed on a running board, over Bluetooth ([the protocol](ble.md)) or by Improv.
It holds for good once the broker has acknowledged a message that was sent with it, or a person confirms it; where no broker is set, once the Wi-Fi is
joined. Otherwise it is undone after \`trial.forS\`, and what held before holds again. A restart does not end a trial; the fourth restart does. What became of it
is told in the retained message \`mote/<device>/settings\`, in the configurator and in the board's log. All of one change is tried together; what is changed on top while something is on trial goes on trial
with it, and the time begins anew. Settings that are written into the flash of a simulated board that does not run (below) are kept at once: there is a person.

## On a simulated board that runs

Over its Bluetooth, as a real one is set from a phone; it is paired once, by its code, which \`mote start\` shows:

\`\`\`sh
npx mote start                                   # in another terminal
npx mote pair --press                            # presses its button, asks for the code, tries it, and keeps it for you alone
npx mote config get broker.port
npx mote config set broker.port=1884             # says how long it is on trial
npx mote config trial                            # how it gets on; confirm keeps it, undo takes it back at once
npx mote wifi join attic                         # asks for the password, waits; takes it back itself, with exit code 1, when it cannot be joined
\`\`\`

A board can be reached for five minutes after its button was pressed: \`--press\` does it with any of these commands. \`--board\` says which
board, \`--at\` where the simulator runs. Nobody but you may read the file in which secrets are kept, \`~/.config/mote/paired.json\`.

## On a simulated board that does not

A board whose flash is kept in a folder can be set while it is not running:

\`\`\`sh
npx mote start --state porch                     # runs, until Ctrl-C; the folder is made where it is missing
npx mote config get --state porch                # each value, and whether it is a default, built in or set
npx mote config set broker.port=1884 journal.blockS=10 --state porch
npx mote config diff porch.json --state porch    # what the next line would change
npx mote config set --file porch.json --state porch
npx mote config reset broker.port --state porch  # what is built in, or the default, holds again
\`\`\`

A file holds some settings or all, as JSON:

\`\`\`json
${JSON.stringify(JSON.parse(example), null, 2)}
\`\`\`

Whatever is wrong with it, nothing is changed, and the message names the setting, the value and the bound. \`-\` in place of the file is
stdin: so a password stays out of the shell's history. All that is set may take ${documentBytesMax.toLocaleString("en")} bytes of JSON together, which is
more than all settings at their longest do.

All words but \`trial\`, \`confirm\` and \`undo\` are the same for both. \`--json\` gives \`{"settings": {"broker.port": {"value": 1884, "source": "set"}, …}}\` (or \`default\`, or \`build\` for what is built in) from \`get\`, and from the others
\`{"changes": {"broker.port": {"from": …, "to": …}}}\`; of a secret there is \`"set": true\` in place of a value. Exit code 2: wrong
words, or a wrong value; 1: the folder is in use or cannot be read, the board's flash holds what cannot be read, or a board that runs cannot be
reached. From a board that runs, the others also give \`state\` (\`kept\`, \`trial\` or \`same\`), \`leftS\` on trial, and \`restart\`, the settings that
wait for one.

The folder has an image of each flash partition (\`config.flash\`, \`journal.flash\`, \`secret.flash\`), as esptool reads it from a board, and
\`nvs.json\`, its key-value storage. While a board runs they are saved each second in which they changed, and at its end; a
process that is killed leaves what was saved last. Virtual time begins at 0 with each run, as on a board that was switched off. With a
broker of your own (\`--broker\`), or the embedded one, that broker is what is built in.

## Later versions

The stored settings bear a version, now ${schemaVersion}, and older ones are understood for good. What a later Mote has stored does not
count on an older one, and is left alone until something is set there.
`;
}
