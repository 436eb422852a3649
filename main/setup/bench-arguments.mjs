// What stands behind `npm run bench --`: one benchmark by name, and options that reach it as `RINGSCOPE_BENCH_*` in its environment.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

const texts = ['json', 'rows', 'runs', 'module', 'profile', 'driver'];
const paths = new Set(['json', 'module']);
const flags = ['hour'];

/** Reads the arguments; `names` are the benchmarks there are. Throws an Error with a sentence for a name that is none and an option that is none. */
export function benchArguments(args, names) {
  const options = Object.fromEntries([
    ...texts.map((option) => [option, { type: 'string' }]),
    ...flags.map((option) => [option, { type: 'boolean' }]),
  ]);
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [name, ...others] = positionals;
  if (!names.includes(name) || others.length > 0)
    throw new Error(`Name one benchmark: ${names.join(', ')}. Such as: npm run bench -- ${names[0]} --json FILE`);
  const environment = {};
  for (const [option, value] of Object.entries(values))
    environment[`RINGSCOPE_BENCH_${option.toUpperCase()}`] = value === true ? '1' : paths.has(option) ? resolve(value) : value;
  return { name, environment };
}
