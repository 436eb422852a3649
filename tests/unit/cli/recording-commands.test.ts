// `ringscope replay`, `export` and `record` as a shell calls them, on a recording from the lab.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { Command } from '../../../main/node/cli/command.ts';
import { exportCommand } from '../../../main/node/cli/commands/export.ts';
import { record } from '../../../main/node/cli/commands/record.ts';
import { replay } from '../../../main/node/cli/commands/replay.ts';
import { commands } from '../../../main/node/cli/commands.ts';
import { commandHelp } from '../../../main/node/cli/help.ts';
import { readArguments } from '../../../main/node/cli/read-arguments.ts';
import { scratchFolder } from '../../support/recorded-script.ts';

const fixture = join(import.meta.dirname, '..', '..', 'fixtures', 'recording', 'lab.mcap');

async function run(command: Command, ...args: string[]): Promise<{ code: number; output: string }> {
  const asked = readArguments([command.name, ...args], commands);
  if (!asked.ok || asked.value.do !== 'run') throw new Error(asked.ok ? asked.value.do : asked.error);
  let output = '';
  const print = async (text: string) => {
    output += text;
  };
  const code = await command.run({ ...asked.value, print, onStep: () => undefined, signal: new AbortController().signal });
  return { code, output };
}

test('replay says what a recording holds, as text and as JSON', async () => {
  const { output } = await run(replay, fixture);
  for (const words of ['31.7 s', 'rigb', '0000:01:00.0', '250 messages', 'driver: Driver rigb live']) expect(output).toContain(words);
  const summary = JSON.parse((await run(replay, fixture, '--json')).output) as Record<string, unknown>;
  expect(summary).toMatchObject({
    name: 'lab.mcap',
    complete: true,
    remark: null,
    messages: { sample: 250, ring: 250, vectors: 125, registers: 0 },
  });
});

test('replay --follow tells everything that was recorded live, once and in order', async () => {
  const lines = (await run(replay, fixture, '--follow', '--speed', '16', '--json')).output.trimEnd().split('\n');
  const told = lines.map((line) => JSON.parse(line) as { positionMs: number; stream: string; event?: { type: string } });
  expect(told.filter(({ stream }) => stream === 'sample').length).toBe(250);
  expect(told.filter(({ event }) => event?.type === 'hello').length).toBe(1);
  const positions = told.map(({ positionMs }) => positionMs);
  expect(positions).toEqual([...positions].sort((a, b) => a - b));
}, 15_000);

test('export makes the wanted file and says where it is', async () => {
  const output = join(scratchFolder(), 'a.csv');
  const { output: said } = await run(exportCommand, fixture, '--format', 'csv', '--from', '20', '--to', '21', '--output', output, '--json');
  expect(JSON.parse(said)).toMatchObject({ path: output, remark: null });
  expect(existsSync(output)).toBe(true);
  expect(readFileSync(output, 'utf8').trimEnd().split('\n').length).toBeGreaterThan(8);
});

test('a bare name is looked for in the folder of recordings', async () => {
  vi.stubEnv('XDG_DATA_HOME', scratchFolder());
  await expect(run(replay, 'none.mcap')).rejects.toThrow(/^There is no recording .*ringscope\/recordings\/none\.mcap\.$/);
  vi.unstubAllEnvs();
});

test('arguments that make no sense are refused in words that name what does', async () => {
  await expect(run(replay)).rejects.toThrow(/A recording is missing/);
  await expect(run(replay, fixture, '--speed', '99')).rejects.toThrow(/--speed takes a number from 0.25 to 16/);
  await expect(run(exportCommand, fixture)).rejects.toThrow(/--format takes one of csv, json, log, perfetto, pcapng/);
  await expect(run(exportCommand, fixture, '--format', 'pcapng')).rejects.toThrow(/holds no frame payload/);
  await expect(run(record, '--target', 'moon')).rejects.toThrow(/no target "moon"/);
  await expect(run(record, '--max-bytes', '12')).rejects.toThrow(/at least 64K/);
  await expect(run(record, '--seconds', '0')).rejects.toThrow(/--seconds takes a number from 1/);
});

test('the help of each names its options and exit codes', () => {
  expect(commandHelp(record)).toMatch(/--from-start[\s\S]*Exit code 0[\s\S]*2 when the recording ended early/);
  for (const command of [record, replay, exportCommand])
    for (const name of Object.keys(command.options)) expect(commandHelp(command)).toContain(`--${name}`);
});
