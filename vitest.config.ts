import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/cli/built.ts',
    testTimeout: 60_000,
    // A worker for every core, each of which loads a module once for all of its test files.
    maxWorkers: '100%',
    isolate: false,
    coverage: { provider: 'v8', include: ['src/**/*.ts'], reporter: ['text-summary', 'text'] },
  },
})
