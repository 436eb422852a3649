import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type BuildEvent, buildLinesKept } from '#common/protocol/machine.ts';
import { err, ok } from '#common/result.ts';
import { type BuildOptions, buildCommand, buildModule } from '../../../main/node/local/build-module.ts';
import type { ModuleTree } from '../../../main/node/local/module-tree.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ringscope-build-'));
  mkdirSync(join(directory, 'packaged'));
  writeFileSync(join(directory, 'packaged', 'ringscope-agent'), 'agent');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const tree: ModuleTree = { kind: 'system', folder: '/kernel', title: 'the kernel tree /kernel', compiler: 'gcc-14', root: '' };

async function build(change: Partial<BuildOptions>): Promise<BuildEvent[]> {
  const events: BuildEvent[] = [];
  await buildModule({
    onChange: (event) => events.push(event),
    signal: new AbortController().signal,
    places: { cacheHome: directory, kernelRelease: '7.3.4-test', packagedFolder: join(directory, 'packaged'), builtAgent: null },
    tree: ok(tree),
    source: '/source',
    loadsModules: true,
    ...change,
  });
  return events;
}

const folder = () => join(directory, 'ringscope/local/7.3.4-test');

test('what was built lies beside the agent with its digest, and the last event has it', async () => {
  const events = await build({
    run: async (program, args, { onLine }) => {
      onLine('  RUSTC [M] src/rigb_main.o');
      const output = args.find((one) => one.startsWith('MO='))?.slice(3) ?? '';
      writeFileSync(join(output, 'rigb.ko'), 'module');
      return { code: program === 'make' ? 0 : 1, output: '' };
    },
  });
  const digest = createHash('sha256').update('module').digest('hex');
  expect(events.at(-1)).toMatchObject({ state: 'done', digest, kernelRelease: '7.3.4-test', reason: null });
  expect(events.at(-1)?.lines).toContain('  RUSTC [M] src/rigb_main.o');
  expect(readFileSync(join(folder(), 'rigb.ko'), 'utf8')).toBe('module');
  expect(readFileSync(join(folder(), 'rigb.ko.sha256'), 'utf8')).toBe(`${digest}  rigb.ko\n`);
  expect(existsSync(join(folder(), 'ringscope-agent'))).toBe(true);
});

test('a failed build leaves the earlier module and says in words what was wrong', async () => {
  mkdirSync(folder(), { recursive: true });
  writeFileSync(join(folder(), 'rigb.ko'), 'earlier');
  const events = await build({ run: async () => ({ code: 2, output: "error[E0463]: can't find crate for `core`\n" }) });
  expect(events.at(-1)).toMatchObject({ state: 'failed', digest: null, reason: { title: expect.stringContaining('no Rust crates') } });
  expect(readFileSync(join(folder(), 'rigb.ko'), 'utf8')).toBe('earlier');
});

test('of a long output the newest lines are told', async () => {
  const events = await build({
    run: async (_, __, { onLine }) => {
      for (let line = 0; line < 2 * buildLinesKept; line += 1) onLine(`line ${line}`);
      return { code: 1, output: '' };
    },
  });
  expect(events.at(-1)?.lines).toHaveLength(buildLinesKept);
  expect(events.at(-1)?.lines.at(-1)).toBe(`line ${2 * buildLinesKept - 1}`);
});

test('without a tree, or without sources, nothing is started', async () => {
  const run = async () => {
    throw new Error('nothing is to be started');
  };
  expect((await build({ run, tree: err('The headers are missing.') })).at(-1)?.reason?.detail).toBe('The headers are missing.');
  expect((await build({ run, source: null })).at(-1)?.reason?.title).toContain('sources');
});

test('on a kernel that loads no modules nothing is started, whatever tree there is', async () => {
  const run = async () => {
    throw new Error('nothing is to be started');
  };
  expect((await build({ run, loadsModules: false })).at(-1)).toMatchObject({
    state: 'failed',
    reason: { title: 'This kernel loads no modules', remedy: expect.stringContaining('CONFIG_MODULES=y') },
  });
});

test('a lab’s tree is used inside its build root, with nothing of the machine but what is built', () => {
  const { program, args } = buildCommand({ ...tree, kind: 'lab', root: '/root' }, '/source', '/output');
  expect([program, ...args].join(' ')).toContain('--ro-bind /source /mnt/source');
  expect(args.slice(args.indexOf('make'))).toEqual([
    'make',
    '-C',
    '/mnt/kernel',
    'M=/mnt/source',
    'MO=/mnt/output',
    'CC=gcc-14',
    'modules',
  ]);
});
