import { beforeEach, expect, test } from 'vitest';
import type { LogRecord } from '../../../main/common/layouts/log-batch.ts';
import { filterRows } from '../../../renderer/panels/log/log-filter.ts';
import { FrameLoop } from '../../../renderer/state/frame-loop.ts';
import { KernelLog } from '../../../renderer/state/kernel-log.ts';

const record = (sequence: number, text: string, level = 6): LogRecord =>
  ({ sequence: BigInt(sequence), timeUs: BigInt(sequence * 1000), level, facility: 0, text, device: '', subsystem: '' }) as LogRecord;

const texts = (log: KernelLog, level = 7, text = '') =>
  filterRows(log.rows, level, text).map((row) => (row.type === 'lost' ? `lost ${row.records}` : row.record.text));

let log: KernelLog;

beforeEach(() => {
  log = new KernelLog(new FrameLoop({ requestFrame: (run) => run(), afterPaint: (run) => run() }), 100);
});

test('records that are told again after a reconnect are kept once', () => {
  log.add({ lostRecords: 0n, records: [record(1, 'one'), record(2, 'two')] });
  log.add({ lostRecords: 0n, records: [record(1, 'one'), record(2, 'two'), record(3, 'three')] });
  expect(texts(log)).toEqual(['one', 'two', 'three']);
});

test('records that the kernel overwrote leave a visible hole', () => {
  log.add({ lostRecords: 0n, records: [record(1, 'one')] });
  log.add({ lostRecords: 40n, records: [record(42, 'after')] });
  expect(texts(log)).toEqual(['one', 'lost 40', 'after']);
});

test('a level shows itself and what is more severe', () => {
  log.add({ lostRecords: 0n, records: [record(1, 'chatter', 7), record(2, 'trouble', 3), record(3, 'warning', 4)] });
  expect(texts(log, 4)).toEqual(['trouble', 'warning']);
});

test('text is found whatever its case, and holes stay', () => {
  log.add({ lostRecords: 2n, records: [record(3, 'rigb: Link up'), record(4, 'usb: nothing')] });
  expect(texts(log, 7, ' link ')).toEqual(['lost 2', 'rigb: Link up']);
});

test('a log that never ends keeps its newest rows', () => {
  for (let sequence = 1; sequence <= 500; sequence += 1) log.add({ lostRecords: 0n, records: [record(sequence, String(sequence))] });
  expect(log.rows.length).toBeLessThanOrEqual(110);
  expect(texts(log).at(-1)).toBe('500');
});
