import { defineConfig } from 'vitest/config';

// Three projects, fast first: pure units beside the code, protocol tests against the built program, browser tests.
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['src/**/*.test.ts'], testTimeout: 20_000 } },
      { test: { name: 'e2e', include: ['test/**/*.test.ts'], exclude: ['test/long/**'], testTimeout: 120_000, hookTimeout: 120_000 } },
      { test: { name: 'long', include: ['test/long/**/*.test.ts'], testTimeout: 1_800_000, hookTimeout: 300_000 } },
    ],
  },
});
