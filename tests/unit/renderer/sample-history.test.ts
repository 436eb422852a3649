import { beforeEach, expect, test } from 'vitest';
import type { Sample } from '../../../main/common/layouts/sample.ts';
import { FrameLoop } from '../../../renderer/state/frame-loop.ts';
import { rateBetween, SampleHistory, type SampleTable } from '../../../renderer/state/sample-history.ts';

const table: SampleTable = {
  type: 'table',
  tableId: 1,
  cpus: [0, 1],
  vectors: [{ irq: '31', name: 'rigb-TxRx-0', chip: 'PCI-MSIX', device: '0000:01:00.0' }],
  softirqs: [],
  counters: [{ source: 'network_stats', interface: 'eth0', name: 'RX packets', unit: 'packets' }],
};

const sample = (seconds: number, packets: bigint, interrupts: [bigint, bigint] = [0n, 0n], tableId = 1): Sample =>
  ({
    timeNs: BigInt(Math.round(seconds * 1e9)),
    tableId,
    cpuCount: 2,
    durationNs: 1000,
    vectors: BigUint64Array.from(interrupts),
    softirqs: new BigUint64Array(0),
    counters: BigUint64Array.from([packets]),
  }) as Sample;

let history: SampleHistory;

beforeEach(() => {
  history = new SampleHistory(new FrameLoop({ requestFrame: (run) => run(), afterPaint: (run) => run() }));
  history.setTable(table);
});

test('a rate is the change over about a second', () => {
  for (let tenth = 0; tenth <= 20; tenth += 1) history.add(sample(10 + tenth / 10, BigInt(tenth * 200)));
  expect(history.counterRate(0)).toBeCloseTo(2000);
  expect(history.counterAt(0, 0)).toBe(4000);
});

test('a counter that starts anew has no rate instead of a negative one', () => {
  history.add(sample(1, 500n));
  history.add(sample(2, 3n));
  expect(history.counterRate(0)).toBeNull();
  expect(rateBetween(500, 3, 1)).toBeNull();
});

test('a sample of another table is not taken', () => {
  expect(history.add(sample(1, 1n, [0n, 0n], 2))).toBe(false);
  expect(history.newest).toBeNull();
});

test('a sample that is not newer is not taken', () => {
  expect(history.add(sample(2, 1n))).toBe(true);
  expect(history.add(sample(2, 2n))).toBe(false);
});

test('a counter goes on through another table, and the cells of the sample before are no longer shown', () => {
  history.add(sample(1, 1n));
  history.setTable({ ...table, tableId: 2 });
  expect(history.newest).toBeNull();
  history.add(sample(2, 5n, [0n, 0n], 2));
  expect(history.counterRate(0)).toBe(4);
});

test('while the screen stands, an instant is shown with the names of then, and samples are taken all the same', () => {
  history.add(sample(1, 10n, [1n, 1n]));
  history.add(sample(2, 30n, [2n, 2n]));
  history.standAt(2);
  history.setTable({ ...table, tableId: 2, counters: [] });
  history.setTable({ ...table, tableId: 3 });
  history.add(sample(3, 100n, [9n, 9n], 3));
  expect(history.counterAt(0, 0)).toBe(30);
  expect(history.table?.tableId).toBe(1);
  expect(history.vectorTotal(0)).toBe(4);
  expect(history.vectorCount(0, 1)).toBe(2);
  history.standAt(1);
  expect(history.counterAt(0, 0)).toBe(10);
  expect(history.vectorCount(0, 1)).toBeNull();
  history.standAt(null);
  expect(history.counterAt(0, 0)).toBe(100);
  expect(history.counterAt(0, 1)).toBe(30);
});

test('what was told before is told again with a new connection and does not end the history', () => {
  history.add(sample(1, 1n));
  history.add(sample(2, 5n));
  history.setTable({ ...table, tableId: 9, counters: [] });
  history.setTable(table);
  expect(history.add(sample(1, 1n))).toBe(false);
  expect(history.add(sample(3, 9n))).toBe(true);
  expect(history.valueAt('network_stats eth0 RX packets', 1)).toBe(1);
});

test('a vector counts on all its CPUs', () => {
  history.add(sample(1, 0n, [5n, 7n]));
  history.add(sample(2, 0n, [15n, 27n]));
  expect(history.vectorTotal(0)).toBe(42);
  expect(history.vectorCount(0, 1)).toBe(27);
  expect(history.vectorRate(0)).toBeCloseTo(30);
});
