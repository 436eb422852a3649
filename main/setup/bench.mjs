#!/usr/bin/env node
// `npm run bench -- NAME [--json FILE]`: one of the benchmarks in tests/perf.
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
  const { values, positionals } = parseArgs({ options: { json: { type: 'string' } }, allowPositionals: true });
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
  const environment = values.json === undefined ? {} : { RINGSCOPE_BENCH_JSON: resolve(values.json) };
  await run(process.execPath, [...args, '--reporter=dot', '--silent=false', '--disableConsoleIntercept'], {
    cwd: checkout,
    env: { ...process.env, ...environment, NO_COLOR: '1' },
    onLine: (line) => process.stdout.write(`${line}\n`),
  });
} catch (error) {
  reportFailure(error);
  process.exitCode = 1;
}
