// The command line of `npm run test:kselftest`.
import { parseArgs } from 'node:util';
import { type Driver, drivers } from './results.ts';
import { selectFiles, type TestFile, testFiles } from './test-files.ts';

const usage = `npm run test:kselftest -- [--driver igb|rigb|both] [--only FILE[,FILE]] [--again] [--module RIGB.KO] [--kept] [--list]
  --only     such as xdp.py or drivers/net/xdp.py; all files without it
  --again    runs what was run already, too
  --module   another rigb.ko than the checkout's
  --kept     runs nothing, prints what is kept
  --list     prints the files' names`;

/** What is to be run. */
export interface Options {
  readonly wanted: readonly Driver[];
  readonly files: readonly TestFile[];
  readonly again: boolean;
  readonly kept: boolean;
  readonly module: string | undefined;
}

/** Reads the command line; prints what `--help` and `--list` ask for and returns null then. */
export function readOptions(argv: readonly string[]): Options | null {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      driver: { type: 'string', default: 'both' },
      only: { type: 'string', multiple: true, default: [] },
      again: { type: 'boolean', default: false },
      kept: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      module: { type: 'string' },
    },
  });
  if (values.help) process.stdout.write(`${usage}\n`);
  if (values.list) process.stdout.write(`${testFiles.map(({ name }) => name).join('\n')}\n`);
  if (values.help || values.list) return null;
  const wanted = drivers.filter((driver) => values.driver === 'both' || values.driver === driver);
  if (wanted.length === 0) throw new Error(`--driver is igb, rigb or both, not ${values.driver}.`);
  const names = values.only.flatMap((text) => text.split(',')).filter((name) => name !== '');
  return { wanted, files: selectFiles(names), again: values.again, kept: values.kept, module: values.module };
}
