import { defineConfig } from 'vitest/config';

/** The live replays: real daemons in throw-away hosts, so few at a time, and with patience. Needs root and scripts/debian-packages.sh. */
export default defineConfig({
  test: {
    include: ['test/lab/stories/**/*.lab.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 180_000,
    teardownTimeout: 20_000,
  },
});
