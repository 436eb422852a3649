import { expect, test } from 'vitest';
import { createLayoutStore, keepLayout, keptLayout, readKept, rememberCommand } from '../../../renderer/state/layout-store.ts';

const first = readKept(null);

test('what was kept comes back in the next window', () => {
  const kept = new Map<string, string>();
  const storage = { setItem: (key: string, value: string) => void kept.set(key, value), getItem: (key: string) => kept.get(key) ?? null };
  const store = createLayoutStore(null);
  keepLayout(store, storage);
  const chosen = {
    theme: 'dark',
    numberBase: 'dec',
    view: 'machine',
    keys: { 'Reset layout': 'KeyQ', 'Traffic on or off': null },
    budgetPercent: null,
  } as const;
  store.setState({ ...chosen, docks: { machine: { grid: {} } } });
  rememberCommand(store, 'Reset layout');
  expect(readKept(keptLayout(storage))).toEqual({ ...chosen, docks: { machine: { grid: {} } }, recentCommands: ['Reset layout'] });
});

test.each([
  ['not json'],
  ['[1]'],
  ['7'],
  ['{"version":2,"theme":4,"docks":[],"keys":7,"recentCommands":{},"view":3,"budgetPercent":"much"}'],
])('anything odd falls back to a first window: %s', (text) => expect(readKept(text)).toEqual(first));

test('of another version only the theme is believed', () => {
  expect(readKept('{"theme":"dark","view":"doctor","rightWidth":300}')).toEqual({ ...first, theme: 'dark' });
});

test('a budget outside of its limits is the usual one', () => {
  expect(readKept('{"version":2,"budgetPercent":0}').budgetPercent).toBe(5);
  expect(readKept('{"version":2,"budgetPercent":5.5}').budgetPercent).toBe(5.5);
  expect(readKept('{"version":2,"budgetPercent":null}').budgetPercent).toBeNull();
});

test('commands that were run are remembered newest first, each once, and not all', () => {
  const store = createLayoutStore(null);
  for (const name of 'abcdefghijcb') rememberCommand(store, name);
  expect(store.getState().recentCommands).toEqual(['b', 'c', 'j', 'i', 'h', 'g', 'f', 'e']);
});
