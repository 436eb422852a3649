import { expect, test } from 'vitest';
import { instantOf } from '../../../main/node/recording/recording-target.ts';

const recording = { startNs: 1_000_000_000n, endNs: 11_000_400_000n };

test('the last whole millisecond of a recording is its end, so that the last message is shown there', () => {
  expect(instantOf(recording, 10_000)).toBe(recording.endNs);
  expect(instantOf(recording, 10_000.4)).toBe(recording.endNs);
});

test('any other position is that instant, and one behind the end is the end', () => {
  expect(instantOf(recording, 0)).toBe(recording.startNs);
  expect(instantOf(recording, 2500.25)).toBe(3_500_250_000n);
  expect(instantOf(recording, 99_999)).toBe(recording.endNs);
});
