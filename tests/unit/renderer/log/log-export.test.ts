import { beforeEach, expect, test } from 'vitest';
import { csvHeader, filePieces, rowsOf } from '../../../../renderer/panels/log/log-export.ts';
import { bootTime, deltaTime, isoTime, wallTime } from '../../../../renderer/panels/log/log-times.ts';
import { FrameLoop } from '../../../../renderer/state/frame-loop.ts';
import { KernelLog } from '../../../../renderer/state/kernel-log.ts';

let log: KernelLog;
const boot = '1764513000000000000';

beforeEach(() => {
  log = new KernelLog(new FrameLoop({ requestFrame: (run) => run(), afterPaint: (run) => run() }));
});

const write = (sequence: number, text: string) =>
  log.add({
    lostRecords: 0n,
    records: [
      {
        sequence: BigInt(sequence),
        timeUs: 5_140_900n,
        level: 4,
        facility: 0,
        isContinuation: false,
        text,
        device: '+pci:0000:01:00.0',
        subsystem: 'pci',
      },
    ],
  });

test('text is what dmesg prints, and holes are told', () => {
  write(0, 'link up');
  log.missed(3);
  expect([...filePieces(rowsOf(log, null), 'log', boot)].join('')).toBe(
    '[    5.140900] link up\n[    5.140900] *** 3 records, left out because this window painted too slowly\n',
  );
});

test('CSV has ISO time, boot time, level, device and text, quoted where that is needed', () => {
  write(0, 'rings "tx", 2');
  expect([...filePieces(rowsOf(log, null), 'csv', boot)].join('')).toBe(
    `${csvHeader}2025-11-30T14:30:05.140900Z,5.140900,warn,+pci:0000:01:00.0,pci,"rings ""tx"", 2"\r\n`,
  );
});

test('a file without rows is not made, not even with a header', () => {
  expect([...filePieces(rowsOf(log, null), 'csv', boot)]).toEqual([]);
});

test('a file of many rows comes in pieces, every row once', () => {
  for (let sequence = 0; sequence < 9000; sequence += 1) write(sequence, `line ${sequence}`);
  const pieces = [...filePieces(rowsOf(log, null), 'log', boot)];
  expect(pieces.length).toBe(3);
  expect(pieces.join('').split('\n').length).toBe(9001);
});

test('times are exact to the microsecond, and missing where the boot time is', () => {
  expect(bootTime(5_140_900)).toBe('5.140900');
  expect(isoTime(1, boot)).toBe('2025-11-30T14:30:00.000001Z');
  expect(wallTime(1, boot)).toMatch(/^\d\d:\d\d:00\.000001$/);
  expect([isoTime(1, null), wallTime(1, null)]).toEqual(['', '–']);
  expect([deltaTime(20, 5), deltaTime(5, 20), deltaTime(5, Number.NaN)]).toEqual(['+0.000015', '-0.000015', '–']);
});
