#!/usr/bin/env node
// `npm run bench -- NAME [--json FILE]`: one of the benchmarks in tests/perf. `driver` also takes `--rows A,B` for some of its rows, `--runs N`, `--module rigb.ko` for
// a build of one's own, and `--profile A,B [--driver igb|rigb]` for where the instructions go. `app` takes `--rows A,B`, and `--hour` to measure an hour as an hour.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../driver/lab/run.mjs';
import { checkout } from './application.mjs';
import { benchArguments } from './bench-arguments.mjs';
import { prepare } from './prepare.mjs';
import { reportFailure } from './progress.mjs';

const ending = '.bench.ts';
const names = readdirSync(join(checkout, 'tests/perf'))
  .filter((file) => file.endsWith(ending))
  .map((file) => file.slice(0, -ending.length));

try {
  const { name, environment } = benchArguments(process.argv.slice(2), names);
  // It measures the built application and the lab's guest, so they are to be those of this checkout.
  if (name === 'app' && process.env.RINGSCOPE_PREPARED !== '1') await prepare();
  const args = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--config',
    'tests/vitest.config.ts',
    '--project',
    'perf',
    `tests/perf/${name}${ending}`,
  ];
  await run(process.execPath, [...args, '--reporter=dot', '--silent=false', '--disableConsoleIntercept'], {
    cwd: checkout,
    env: { ...process.env, ...environment, NO_COLOR: '1' },
    onLine: (line) => process.stdout.write(`${line}\n`),
  });
} catch (error) {
  reportFailure(error);
  process.exitCode = 1;
}
