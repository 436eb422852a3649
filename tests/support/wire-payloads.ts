// Payloads and events as an agent makes them, with only what a test cares about to be named.
import { type TraceHeader, type TraceRecord, traceBatchPayload } from '#common/layouts/trace-batch.ts';
import type { AgentEvent, Device, EventOf } from '#common/protocol.ts';
import { traceEventNames } from '#common/trace/event-kinds.ts';

/** The device under test in these payloads. */
export const deviceAddress = '0000:01:00.0';

export const helloEvent = (bootTimeUnixNs = '1000000000000'): EventOf<'hello'> => ({
  type: 'hello',
  protocol: 1,
  role: 'change',
  agent: '0.1.0',
  kernel: '7.3.4',
  architecture: 'x86_64',
  bootTimeUnixNs,
  cpus: [0, 1],
  capabilities: ['module', 'kmsg'],
  missing: [],
  module: { name: 'rigb', path: '/rigb.ko', digest: null, version: '0.1.0' },
});

export const moduleEvent = (state: EventOf<'module'>['state']): EventOf<'module'> => ({
  type: 'module',
  name: 'rigb',
  state,
  version: '0.1.0',
  sizeBytes: 4096,
  referenceCount: 0,
  error: null,
});

export const device: Device = {
  pciAddress: deviceAddress,
  vendorId: 0x8086,
  deviceId: 0x10c9,
  driver: 'rigb',
  interface: 'eth0',
  mac: '02:00:00:00:00:01',
  mtu: 1500,
  carrier: true,
  operationalState: 'up',
  speedMbps: 1000,
  duplex: 'full',
  administrativeUp: true,
  rings: [
    { kind: 'rx', index: 0 },
    { kind: 'tx', index: 0 },
  ],
  holds: [],
};

export const devicesEvent = (devices: Device[] = [device]): AgentEvent => ({ type: 'devices', devices });

export const tableEvent = (tableId = 1): EventOf<'table'> => ({
  type: 'table',
  tableId,
  cpus: [0, 1],
  vectors: [
    { irq: '9', name: 'acpi', chip: 'IO-APIC', device: null },
    { irq: '27', name: 'eth0-rx-0', chip: 'PCI-MSIX', device: deviceAddress },
  ],
  softirqs: ['NET_RX'],
  counters: [
    { source: 'netdev', interface: 'eth0', name: 'rx_packets', unit: 'packets' },
    { source: 'network_stats', interface: 'eth0', name: 'rx_packets', unit: 'packets' },
    { source: 'network_stats', interface: 'eth0', name: 'tx_packets', unit: 'packets' },
    { source: 'network_stats', interface: 'eth0', name: 'errors', unit: 'count' },
  ],
});

export const trafficEvent = (running: boolean): EventOf<'traffic'> => ({
  type: 'traffic',
  available: true,
  reason: null,
  running,
  direction: 'receive',
  framesPerSecond: 2000,
  frameBytes: 256,
  sentFrames: 0,
  source: 'eth1',
});

/** A sample that fits `tableEvent`: 2 vectors and 1 softirq on 2 CPUs, 4 counters. */
export function samplePayload(timeNs: bigint, { tableId = 1, counters = [1n, 10n, 20n, 0n] } = {}): Uint8Array {
  const cells = [1n, 2n, 3n, 4n, 5n, 6n, ...counters];
  const payload = new Uint8Array(24 + 8 * cells.length);
  const view = new DataView(payload.buffer);
  view.setBigUint64(0, timeNs, true);
  view.setUint32(8, tableId, true);
  for (const [index, value] of [2, 2, 1, counters.length].entries()) view.setUint16(12 + 2 * index, value, true);
  for (const [index, value] of cells.entries()) view.setBigUint64(24 + 8 * index, value, true);
  return payload;
}

/** A batch of log records `line N`, one for each sequence. */
export function logPayload(sequences: readonly number[], lostRecords = 0n): Uint8Array {
  const records = sequences.map((sequence) => {
    const text = Buffer.from(`line ${sequence}`);
    const record = new Uint8Array(32 + Math.ceil(text.length / 8) * 8);
    const view = new DataView(record.buffer);
    view.setUint32(0, record.length, true);
    view.setUint8(4, 6);
    view.setBigUint64(8, BigInt(sequence), true);
    view.setBigUint64(16, BigInt(sequence) * 1000n, true);
    view.setUint16(24, text.length, true);
    record.set(text, 32);
    return record;
  });
  const head = new Uint8Array(16);
  new DataView(head.buffer).setUint32(0, records.length, true);
  new DataView(head.buffer).setBigUint64(8, lostRecords, true);
  return Buffer.concat([head, ...records]);
}

/** A ring of 4 descriptors; `head` tells one snapshot from another. */
export function ringPayload(kind: 'rx' | 'tx', index: number, head: number): Uint8Array {
  const payload = new Uint8Array(16 + 96 + 64);
  payload.set(Buffer.from(deviceAddress));
  const view = new DataView(payload.buffer, 16);
  view.setUint32(0, 0x42474952, true);
  view.setUint16(4, 1, true);
  view.setUint16(6, 96, true);
  view.setUint32(8, payload.length - 16, true);
  view.setUint32(12, 1, true);
  view.setUint8(32, kind === 'rx' ? 0 : 1);
  view.setUint8(33, 3);
  view.setUint16(34, index, true);
  view.setUint32(36, 4, true);
  view.setUint32(40, 16, true);
  for (const [at, value] of [0, 0, 0, 0, head, 3, 3, 0].entries()) view.setUint32(56 + 4 * at, value, true);
  return payload;
}

/** What a test says of a trace event; the rest is 0. */
export type TraceLine = Pick<TraceRecord, 'event' | 'timeNs'> & Partial<TraceRecord>;

/** A trace batch that spans its events unless the header says otherwise. */
export function tracePayload(events: readonly TraceLine[], header: Partial<TraceHeader> = {}): Uint8Array {
  const records = events.map(({ event, timeNs, cpu = 0, queue = 0, flags = 0, dmaAddress = 0n, words = [0, 0, 0] }) => {
    const record = new Uint8Array(40);
    const view = new DataView(record.buffer);
    view.setBigUint64(0, timeNs, true);
    for (const [at, value] of [traceEventNames.indexOf(event), cpu, queue, flags].entries()) view.setUint16(8 + 2 * at, value, true);
    view.setBigUint64(16, dmaAddress, true);
    for (const [at, word] of words.entries()) view.setUint32(24 + 4 * at, word, true);
    return record;
  });
  const span = { fromNs: (events[0]?.timeNs ?? 1n) - 1n, toNs: events.at(-1)?.timeNs ?? 0n };
  return traceBatchPayload({ device: deviceAddress, lostEvents: 0n, pausedNs: 0n, ...span, ...header }, records);
}
