// The rules of the Interrupts panel, without a window: lists of CPUs, moderation in words, which vector serves what.
import { expect, test } from 'vitest';
import { formatCpuList, parseCpuList } from '../../../renderer/panels/interrupts/cpu-list.ts';
import { heatOf } from '../../../renderer/panels/interrupts/heat-painter.ts';
import {
  changedParameters,
  moderationOf,
  rateWords,
  timeFault,
  toggledAdaptation,
} from '../../../renderer/panels/interrupts/moderation.ts';
import { formatShare } from '../../../renderer/panels/interrupts/softirq-table.tsx';
import { vectorRows } from '../../../renderer/panels/interrupts/vector-rows.ts';
import { observation } from '../../support/observation.ts';
import { deviceAddress, tableEvent } from '../../support/wire-payloads.ts';

test('lists of CPUs are written and read as the kernel does it', () => {
  expect(formatCpuList([8, 0, 1, 2, 2])).toBe('0-2,8');
  expect(parseCpuList(' 0-2, 8', [0, 1])).toEqual({ ok: true, value: [0, 1, 2, 8] });
});

test.each([
  ['', 'name at least one CPU, as in 0-3,8'],
  ['0-a', '“0-a” is no CPU and no range of CPUs'],
  ['3-1', '3-1 runs backwards'],
  ['9999', 'no kernel has a CPU 9999'],
  ['4', 'none of them is online; 0-1 are'],
])('the list “%s” is refused in words', (text, error) => {
  expect(parseCpuList(text, [0, 1])).toEqual({ ok: false, error });
});

test('a time between interrupts is told as the most interrupts a second', () => {
  expect(rateWords(49, 'rigb', false)).toBe('at most 20\u2009408/s a vector');
  expect(rateWords(49, 'rigb', true)).toBe('adapts; if fixed, at most 20\u2009408/s a vector');
  expect(rateWords(0, 'rigb', false)).toBe('not held back');
});

test('igb has two times that mean its adaptive modes, which other drivers do not', () => {
  expect(rateWords(3, 'igb', false)).toBe('igb adapts, conservatively');
  expect(rateWords(3, 'rigb', false)).toContain('333');
});

test('only what differs is sent, and a driver without a switch is not asked to turn it', () => {
  const now = moderationOf({ 'rx-usecs': 49, 'tx-usecs': 49, 'use-adaptive-rx': 1, 'use-adaptive-tx': 1 });
  expect(changedParameters({ 'rx-usecs': '49', 'adaptive-rx': false }, now)).toEqual({ 'adaptive-rx': false });
  expect(changedParameters({ 'rx-usecs': '49' }, now)).toBeNull();
  expect(toggledAdaptation(now)).toEqual({ 'adaptive-rx': false, 'adaptive-tx': false });
  expect(toggledAdaptation(moderationOf({ 'rx-usecs': 3 }))).toBeNull();
  expect([timeFault('4x'), timeFault('5000000000'), timeFault('0')]).toEqual(['whole microseconds are wanted', 'too long', null]);
});

test('a vector serves the queues whose NAPI it wakes, under any driver', () => {
  const [row, ...others] = vectorRows(tableEvent(), deviceAddress, undefined, observation(), false);
  expect(others).toEqual([]);
  expect(row).toMatchObject({ irq: '27', role: 'RX 0 TX 0', isOfDevice: true });
});

test('what our driver says of its vectors goes first, its link included', () => {
  const vector = {
    irq: 27,
    vector: 0,
    roles: ['link'] as const,
    queue: null,
    handled: 1n,
    spurious: 0n,
    polls: 0n,
    lastNs: 0n,
    exhausted: null,
  };
  const counted = { device: deviceAddress, timeBeforeNs: 0n, timeAfterNs: 0n, vectors: [vector] };
  const [row] = vectorRows(tableEvent(), null, counted, undefined, false);
  expect(row).toMatchObject({ role: 'link', isLink: true, queues: [] });
});

test('all vectors are those of the machine, and only the device’s have a role', () => {
  const rows = vectorRows(tableEvent(), deviceAddress, undefined, observation(), true);
  expect(rows.map(({ irq, role }) => [irq, role])).toEqual([
    ['9', ''],
    ['27', 'RX 0 TX 0'],
  ]);
});

test('shades are logarithmic, and nothing has none', () => {
  expect([heatOf(0, 1000), heatOf(null, 1000), heatOf(1000, 1000)]).toEqual([0, 0, 1]);
  expect(heatOf(30, 1000)).toBeCloseTo(0.5, 1);
});

test('a small share is never told as none', () => {
  expect([formatShare(0), formatShare(0.0004), formatShare(0.125), formatShare(null)]).toEqual(['0.0 %', '<0.1 %', '12.5 %', '–']);
});
