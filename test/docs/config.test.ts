/** docs/config.md is what the table of settings says. After a change of the table, `npx vitest run test/docs/config.test.ts -u` writes it anew. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { configPage } from "../../host-sim/cli/config-page.js";
import { settingNames } from "../../firmware/config/schema.js";

test("the page of settings is made from their table", async () => {
  const page = configPage();
  for (const name of settingNames()) expect(page).toContain(`| \`${name}\` |`);
  await expect(page).toMatchFileSnapshot(fileURLToPath(new URL("../../docs/config.md", import.meta.url)));
});
