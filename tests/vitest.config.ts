// One project a level of the test pyramid, so that a level can be run alone: `npx vitest run --config tests/vitest.config.ts --project unit`.
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));

// No test measures time by these: they end what hangs, also on a machine that does much else.
const patient = { testTimeout: 30_000, expect: { poll: { timeout: 20_000 } } } as const;

// Levels that boot a guest or a browser run one file at a time: two cores carry one emulated guest, not two.
const alone = {
  fileParallelism: false,
  testTimeout: 180_000,
  hookTimeout: 240_000,
  environment: 'node',
  expect: { poll: { timeout: 60_000 } },
} as const;

export default defineConfig({
  root,
  test: {
    projects: [
      {
        root,
        test: {
          name: 'unit',
          include: ['tests/unit/**/*.test.ts'],
          exclude: ['tests/unit/renderer/**'],
          environment: 'node',
          ...patient,
        },
      },
      {
        root,
        plugins: [react()],
        test: { name: 'renderer', include: ['tests/unit/renderer/**/*.test.{ts,tsx}'], environment: 'happy-dom', ...patient },
      },
      {
        root,
        test: { name: 'integration', include: ['tests/integration/**/*.test.ts'], environment: 'node', ...patient, testTimeout: 60_000 },
      },
      { root, test: { name: 'electron', include: ['tests/electron/**/*.test.ts'], ...alone } },
      { root, test: { name: 'lab', include: ['tests/lab/**/*.test.ts'], ...alone } },
      { root, test: { name: 'perf', include: ['tests/perf/**/*.bench.ts'], ...alone } },
      { root, test: { name: 'package', include: ['tests/package/**/*.test.ts'], ...alone, testTimeout: 300_000, hookTimeout: 600_000 } },
      { root, test: { name: 'local', include: ['tests/local/**/*.test.ts'], ...alone, testTimeout: 600_000, hookTimeout: 300_000 } },
      { root, test: { name: 'e2e', include: ['tests/e2e/**/*.test.ts'], ...alone } },
    ],
  },
});
