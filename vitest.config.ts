import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{src,console,sandbox,bench,test}/**/*.test.ts'],
    exclude: ['**/*.lane.test.ts', '**/node_modules/**', 'dist/**'],
    // Much of the time goes into commands and servers that tests wait for: all cores have work this way.
    maxWorkers: '100%',
    // No test has a time limit of its own: a slow machine is not a failure. This only ends a test that hangs.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
