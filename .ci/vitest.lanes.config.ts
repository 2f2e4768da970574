import { defineConfig } from 'vitest/config';

/** Tests that need a real server of another system, or minutes. */
export default defineConfig({
  test: { include: ['**/*.lane.test.ts'], testTimeout: 600_000, hookTimeout: 600_000 },
});
