// A session's facts, made by hand: a card with its queues, its counters and its interrupts, of which a test says how they go on.
import type { FactContent } from '#common/alerts/fact.ts';
import type { RingPositions, RingSnapshot, VectorCounts } from '#common/layouts/snapshot.ts';
import type { Device, EventOf } from '#common/protocol.ts';
import { device, deviceAddress } from './wire-payloads.ts';

export { deviceAddress } from './wire-payloads.ts';

/** Nanoseconds of seconds. */
export const ns = (seconds: number): bigint => BigInt(Math.round(seconds * 1e9));

/** The counters of these samples, in order. */
export const counterNames = ['rx_packets', 'tx_packets', 'rx_dropped', 'rx_missed_errors', 'rx_crc_errors', 'tx_errors'] as const;
export type CounterName = (typeof counterNames)[number];

const table: EventOf<'table'> = {
  type: 'table',
  tableId: 7,
  cpus: [0, 1],
  vectors: [
    { irq: '9', name: 'acpi', chip: 'IO-APIC', device: null },
    { irq: '27', name: 'eth0-TxRx-0', chip: 'PCI-MSIX', device: deviceAddress },
  ],
  softirqs: ['NET_RX'],
  counters: counterNames.map((name) => ({ source: 'netdev' as const, interface: 'eth0', name, unit: 'count' as const })),
};

/** A sample: what is not named stands at 0. `interrupts` are the card's vector's so far. */
export function sampleAt(seconds: number, counters: Partial<Record<CounterName, number>> = {}, interrupts = 0): FactContent {
  return {
    kind: 'sample',
    table,
    sample: {
      timeNs: ns(seconds),
      tableId: 7,
      cpuCount: 2,
      durationNs: 20_000,
      vectors: BigUint64Array.from([5n, 5n, BigInt(Math.floor(interrupts / 2)), BigInt(Math.ceil(interrupts / 2))]),
      softirqs: BigUint64Array.from([0n, 0n]),
      counters: BigUint64Array.from(counterNames.map((name) => BigInt(counters[name] ?? 0))),
    },
  };
}

/** A ring of 64 descriptors at these positions; `done` are written back by the card. */
export function ringAt(
  seconds: number,
  kind: 'rx' | 'tx',
  positions: RingPositions,
  { index = 0, done = [] as readonly number[], change = {} as Partial<RingSnapshot> } = {},
): FactContent {
  const descriptors = new Uint8Array(64 * 16);
  const view = new DataView(descriptors.buffer);
  for (const slot of done) {
    view.setUint32(slot * 16 + 8, 1, true);
    view.setUint16(slot * 16 + 12, kind === 'rx' ? 256 : 1, true);
  }
  return {
    kind: 'ring',
    ring: {
      device: deviceAddress,
      timeBeforeNs: ns(seconds) - 1000n,
      timeAfterNs: ns(seconds),
      kind,
      index,
      isRunning: true,
      isFromCard: true,
      descriptorCount: 64,
      descriptorBytes: 16,
      dmaAddress: 0x1000n,
      before: positions,
      after: positions,
      generation: 1n,
      descriptors,
      ...change,
    },
  };
}

/** A transmit ring on which everything up to `index` was sent and cleaned. */
export const idleTransmit = (seconds: number, index: number): FactContent =>
  ringAt(seconds, 'tx', { head: index, tail: index, nextToUse: index, nextToClean: index });

/** A receive ring that waits for frames at `index`. */
export const idleReceive = (seconds: number, index: number): FactContent => {
  const last = (index + 63) % 64;
  return ringAt(seconds, 'rx', { head: index, tail: last, nextToUse: last, nextToClean: index });
};

/** A line of the kernel log about the card, unless told otherwise. */
export const logAt = (seconds: number, text: string, level = 6, deviceKey = `+pci:${deviceAddress}`): FactContent => ({
  kind: 'log',
  record: {
    timeUs: BigInt(Math.round(seconds * 1e6)),
    level,
    text,
    device: deviceKey,
  },
});

/** The devices, the card changed as told. */
export const devicesAre = (change: Partial<Device> = {}): FactContent => ({ kind: 'devices', devices: [{ ...device, ...change }] });

/** The driver's counts of vector 0. */
export const vectorsAt = (seconds: number, counts: Partial<VectorCounts>): FactContent => ({
  kind: 'vectors',
  vectors: {
    device: deviceAddress,
    timeBeforeNs: ns(seconds),
    timeAfterNs: ns(seconds),
    vectors: [
      { irq: 27, vector: 0, roles: ['rx', 'tx'], queue: 0, handled: 0n, spurious: 0n, polls: 0n, lastNs: 0n, exhausted: null, ...counts },
    ],
  },
});
