import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/host-sim/xs/global-setup.ts"],
    // No module of Mote holds state, so files can share them: half the time goes into loading otherwise.
    isolate: false,
    testTimeout: 20_000,
    hookTimeout: 120_000,
  },
});
