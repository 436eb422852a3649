import { beforeEach, describe, expect, test } from 'vitest';
import { FrameLoop } from '../../../renderer/state/frame-loop.ts';
import { keptSnapshots, RegisterTracker } from '../../../renderer/state/register-tracker.ts';
import { registersSnapshot } from '../../support/registers-snapshot.ts';

const device = '0000:01:00.0';
let tracker: RegisterTracker;

beforeEach(() => {
  tracker = new RegisterTracker(new FrameLoop({ requestFrame: (run) => run(), afterPaint: (run) => run() }));
});

const add = (seconds: number, values: Record<number, number>) => tracker.add(registersSnapshot(seconds, values));
const tracked = () => {
  const found = tracker.get(device);
  if (!found) throw new Error('nothing was tracked');
  return found;
};

describe('a tracked register', () => {
  test('has its newest value, and the one of an instant', () => {
    add(10, { 8: 1 });
    add(11, { 8: 2 });
    expect(tracked().value(0x8)).toBe(2);
    expect(tracked().value(0x8, 10.5)).toBe(1);
    expect(tracked().value(0x8, 9)).toBeNull();
    expect(tracked().value(0xc)).toBeNull();
  });

  test('knows when which of its bits changed last', () => {
    add(10, { 8: 0b0000 });
    add(11, { 8: 0b0001 });
    add(12, { 8: 0b0101 });
    add(13, { 8: 0b0101 });
    expect(tracked().lastChange(0x8)).toMatchObject({ seconds: 12, before: 0b0001, after: 0b0101, snapshotsAgo: 1 });
    expect(tracked().lastChange(0x8, 0b0001)).toMatchObject({ seconds: 11, snapshotsAgo: 2 });
    expect(tracked().lastChange(0x8, 0b1000)).toBeNull();
    expect(tracked().lastChange(0x8, 0xffff_ffff, 11.5)).toMatchObject({ seconds: 11, snapshotsAgo: 0 });
  });

  test('keeps its newest values and forgets the oldest', () => {
    for (let index = 0; index < keptSnapshots + 5; index += 1) add(index + 1, { 8: index });
    const history = tracked().history(0x8);
    expect(history?.values).toHaveLength(keptSnapshots);
    expect([history?.values[0], history?.values.at(-1)]).toEqual([5, keptSnapshots + 4]);
    expect([history?.seconds[0], history?.seconds.at(-1)]).toEqual([6, keptSnapshots + 5]);
  });

  test('is not counted twice when a snapshot is told again', () => {
    add(10, { 8: 1 });
    add(10, { 8: 1 });
    expect(tracked().count).toBe(1);
  });
});

describe('what is known of a device', () => {
  test('begins anew when the driver shows other registers', () => {
    add(10, { 8: 1 });
    add(11, { 8: 1, 12: 2 });
    expect(tracked().count).toBe(1);
    expect(tracked().has(0xc)).toBe(true);
  });

  test('begins anew when the clock goes back, as in a recording that jumps', () => {
    add(10, { 8: 1 });
    add(5, { 8: 7 });
    expect(tracked().history(0x8)?.values).toEqual(new Uint32Array([7]));
  });
});
