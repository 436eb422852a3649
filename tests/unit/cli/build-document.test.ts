import { expect, test } from 'vitest';
import { readLogBatch } from '#common/layouts/log-batch.ts';
import { readSample } from '#common/layouts/sample.ts';
import { type RingSnapshot, readRingSnapshot } from '#common/layouts/snapshot.ts';
import type { Result } from '#common/result.ts';
import { snapshotDocument } from '#common/snapshot-document.ts';
import { buildDocument, type Measured } from '../../../main/node/cli/build-document.ts';
import { tableText } from '../../../main/node/cli/table-text.ts';
import { device, deviceAddress, logPayload, moduleEvent, ringPayload, samplePayload, tableEvent } from '../../support/wire-payloads.ts';

function taken<T>(result: Result<T, string>): T {
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

const ring = (kind: 'rx' | 'tx'): RingSnapshot => taken(readRingSnapshot(ringPayload(kind, 0, 2)));
const measured: Measured = {
  device,
  module: moduleEvent('live'),
  sample: { sample: taken(readSample(samplePayload(5n))), table: tableEvent() },
  rings: [ring('rx'), ring('tx')],
  records: taken(readLogBatch(logPayload([7]))).records,
  dropped: 3,
};

test('a document holds what was measured of this device, and nothing of others', () => {
  const document = taken(buildDocument(measured));
  expect(document).toMatchObject({
    device: { driver: 'rigb', pciAddress: deviceAddress, interface: 'eth0', mac: '02:00:00:00:00:01' },
    link: { up: true, speedMbps: 1000, duplex: 'full' },
    module: { name: 'rigb', state: 'live', version: '0.1.0' },
    statistics: { rxPackets: 10, txPackets: 20, errors: 0 },
    interrupts: [{ vector: 0, irq: '27', name: 'eth0-rx-0', perCpu: [3, 4] }],
    log: [{ sequence: 7, timeUs: 7000, level: 6, text: 'line 7' }],
    dropped: 3,
  });
  expect(snapshotDocument.parse(JSON.parse(JSON.stringify(document)))).toEqual(document);
});

test('every descriptor is there, raw and decoded, with its owner', () => {
  const [receive, transmit] = taken(buildDocument(measured)).queues;
  expect(receive).toMatchObject({ kind: 'rx', index: 0, size: 4, head: 2, tail: 3, nextToUse: 3, nextToClean: 0 });
  expect(receive?.descriptors.map(({ index, state }) => [index, state])).toEqual([
    [0, 'hardware'],
    [1, 'hardware'],
    [2, 'hardware'],
    [3, 'free'],
  ]);
  expect(receive?.descriptors[0]).toMatchObject({ raw: '0'.repeat(32), decoded: { format: 'RX read' } });
  expect(transmit?.descriptors.map(({ state }) => state)).toEqual(['done', 'done', 'hardware', 'free']);
});

test('a queue whose snapshot did not arrive is named instead of left out', () => {
  expect(buildDocument({ ...measured, rings: [ring('rx')] })).toEqual({
    ok: false,
    error: `The snapshot of tx queue 0 of ${deviceAddress} did not arrive.`,
  });
});

test('statistics that the table does not name are an error, never a zero', () => {
  const table = { ...tableEvent(), counters: [] };
  expect(buildDocument({ ...measured, sample: { ...measured.sample, table } })).toMatchObject({ ok: false });
});

test('errors are the sum of receive and transmit errors where the driver has no total', () => {
  const names = ['rx_packets', 'tx_packets', 'rx_errors', 'tx_errors'];
  const counters = names.map((name) => ({ source: 'network_stats' as const, interface: 'eth0', name, unit: 'count' as const }));
  const sample = taken(readSample(samplePayload(5n, { counters: [1n, 2n, 3n, 4n] })));
  const document = taken(buildDocument({ ...measured, sample: { sample, table: { ...tableEvent(), counters } } }));
  expect(document.statistics).toEqual({ rxPackets: 1, txPackets: 2, rxErrors: 3, txErrors: 4, errors: 7 });
});

test('the names of the driver’s own file become the document’s', () => {
  const names = ['RX packets', 'RX no buffer', 'TX packets', 'Errors'];
  const counters = names.map((name) => ({ source: 'network_stats' as const, interface: 'eth0', name, unit: 'count' as const }));
  const document = taken(buildDocument({ ...measured, sample: { ...measured.sample, table: { ...tableEvent(), counters } } }));
  expect(document.statistics).toEqual({ rxPackets: 1, rxNoBuffer: 10, txPackets: 20, errors: 0 });
});

test('the table for people has the same numbers', () => {
  const text = tableText(taken(buildDocument(measured)));
  expect(text).toContain('eth0  0000:01:00.0  rigb  02:00:00:00:00:01');
  expect(text).toContain('link up, 1000 Mbit/s, full duplex; module rigb 0.1.0 live');
  expect(text).toMatch(/rx 0 +4 +2 +3 +3 +0 +3 +0 +1 +0\n/);
  expect(text).toContain('3 records or frames lost');
});
