#!/usr/bin/env node
// `npm run bench -- NAME [--json FILE]`: one of the benchmarks in tests/perf. `driver` also takes `--rows A,B` for some of its rows, `--runs N`, `--module rigb.ko` for
// a build of one's own, and `--profile A,B [--driver igb|rigb]` for where the instructions go.
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { run } from '../../driver/lab/run.mjs';
import { checkout } from './application.mjs';
import { reportFailure } from './progress.mjs';

const ending = '.bench.ts';
const names = readdirSync(join(checkout, 'tests/perf'))
  .filter((file) => file.endsWith(ending))
  .map((file) => file.slice(0, -ending.length));

try {
  const options = Object.fromEntries(['json', 'rows', 'runs', 'module', 'profile', 'driver'].map((option) => [option, { type: 'string' }]));
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [name, ...others] = positionals;
  if (!names.includes(name) || others.length > 0)
    throw new Error(`Name one benchmark: ${names.join(', ')}. Such as: npm run bench -- ${names[0]} --json FILE`);
  const args = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--config',
    'tests/vitest.config.ts',
    '--project',
    'perf',
    `tests/perf/${name}${ending}`,
  ];
  const environment = {};
  for (const [option, value] of Object.entries(values))
    environment[`RINGSCOPE_BENCH_${option.toUpperCase()}`] = ['json', 'module'].includes(option) ? resolve(value) : value;
  await run(process.execPath, [...args, '--reporter=dot', '--silent=false', '--disableConsoleIntercept'], {
    cwd: checkout,
    env: { ...process.env, ...environment, NO_COLOR: '1' },
    onLine: (line) => process.stdout.write(`${line}\n`),
  });
} catch (error) {
  reportFailure(error);
  process.exitCode = 1;
}
