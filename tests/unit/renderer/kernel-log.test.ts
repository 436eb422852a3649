import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import type { LogRecord } from '../../../main/common/layouts/log-batch.ts';
import { FrameLoop } from '../../../renderer/state/frame-loop.ts';
import { KernelLog, type LogBounds } from '../../../renderer/state/kernel-log.ts';
import { chunkRows } from '../../../renderer/state/log-chunk.ts';
import { logPayload } from '../../support/wire-payloads.ts';
import { warning } from '../kernel-log/reports.ts';

const record = (sequence: number, text: string, more: Partial<LogRecord> = {}): LogRecord => ({
  sequence: BigInt(sequence),
  timeUs: BigInt(sequence * 1000),
  level: 6,
  facility: 0,
  isContinuation: false,
  text,
  device: '',
  subsystem: '',
  ...more,
});

const made = (bounds?: LogBounds) => new KernelLog(new FrameLoop({ requestFrame: (run) => run(), afterPaint: (run) => run() }), bounds);

const rowsOf = (of: KernelLog) => Array.from({ length: of.length }, (_, index) => of.row(of.firstNumber + index));
const texts = (of: KernelLog) => rowsOf(of).map((row) => (row?.type === 'lost' ? `lost ${row.records}` : row?.text));

let log: KernelLog;
beforeEach(() => {
  log = made();
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

test('records that nobody said were lost are counted by the kernel’s own numbers', () => {
  log.add({ lostRecords: 0n, records: [record(1, 'one')] });
  log.missed(10);
  log.add({ lostRecords: 5n, records: [record(20, 'after')] });
  expect(texts(log)).toEqual(['one', 'lost 10', 'lost 5', 'lost 3', 'after']);
});

test('a session that no longer has the beginning says how much is missing there', () => {
  log.add({ lostRecords: 0n, records: [record(500, 'first that is kept')] });
  expect([log.earlierRecords, log.length]).toEqual([500, 1]);
});

test('what is kept of a record is what came, whatever its text', () => {
  const texts = fc.string({ unit: 'binary', maxLength: 30 }).map((text) => text.toWellFormed());
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          text: texts,
          level: fc.nat(7),
          facility: fc.nat(255),
          isContinuation: fc.boolean(),
          device: fc.constantFrom('', '+pci:0000:01:00.0', 'n2'),
          subsystem: fc.constantFrom('', 'pci', 'net'),
          timeUs: fc.bigInt(0n, 2n ** 50n),
        }),
        { maxLength: 8 },
      ),
      (parts) => {
        const one = made();
        one.add({ lostRecords: 0n, records: parts.map((part, index) => record(index, '', part)) });
        const kept = rowsOf(one).map((row) => row && { ...row, timeUs: BigInt(row.timeUs) });
        expect(kept).toMatchObject(parts.map((part) => ({ type: 'record', ...part })));
      },
    ),
    { numRuns: 20 },
  );
});

test('a payload is kept like the batch that is in it', () => {
  expect(log.addPayload(logPayload([0, 1, 2], 0n)).ok).toBe(true);
  expect(rowsOf(log)).toMatchObject([0, 1, 2].map((number) => ({ text: `line ${number}`, level: 6, timeUs: number * 1000 })));
});

test('a payload that contradicts itself is refused whole', () => {
  expect(log.addPayload(logPayload([0, 1]).subarray(0, 60)).ok).toBe(false);
  expect(log.length).toBe(0);
});

test('a log that never ends keeps its newest rows, and their numbers stay', () => {
  const rows = 2 * chunkRows;
  const small = made({ rows, textBytes: 1e9 });
  for (let sequence = 0; sequence < 5 * chunkRows; sequence += 1000)
    small.add({ lostRecords: 0n, records: Array.from({ length: 1000 }, (_, index) => record(sequence + index, String(sequence + index))) });
  expect(small.length).toBeGreaterThanOrEqual(rows);
  expect(small.length).toBeLessThan(rows + chunkRows);
  expect(small.trimmedRows).toBe(small.firstNumber);
  expect(small.row(small.firstNumber)).toMatchObject({ text: String(small.firstNumber) });
  expect(small.row(small.firstNumber - 1)).toBeNull();
});

test('lines that are far too long fill the memory before the rows do', () => {
  const small = made({ rows: 1_000_000, textBytes: 1_000_000 });
  const long = 'x'.repeat(1000);
  small.add({ lostRecords: 0n, records: Array.from({ length: 3 * chunkRows }, (_, index) => record(index, long)) });
  expect(small.textBytes).toBeLessThan(1_000_000 + chunkRows * 1000);
});

test('another boot begins anew with numbers that were never used', () => {
  log.add({ lostRecords: 0n, records: [record(1, 'one')] });
  const before = log.endNumber;
  log.clear();
  log.add({ lostRecords: 0n, records: [record(0, 'again')] });
  expect(texts(log)).toEqual(['again']);
  expect(log.firstNumber).toBeGreaterThanOrEqual(before);
});

test('the rows of a report know it', () => {
  log.add({ lostRecords: 0n, records: ['before', ...warning, 'after'].map((text, index) => record(index, text, { level: 4 })) });
  const reports = rowsOf(log).map((row) => (row?.type === 'record' ? row.report : null));
  expect(reports).toEqual([0, ...warning.map(() => 1), 0]);
  expect(log.report(1)?.rows.length).toBe(warning.length);
});
