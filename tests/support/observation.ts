// An observation of a card under igb as the lab's agent told it, cut to what the window shows.
import type { ObservationEvent } from '#common/protocol/observation.ts';

/** Each test changes what it is about. */
export const observation = (change: Partial<ObservationEvent> = {}): ObservationEvent => ({
  type: 'observation',
  device: '0000:01:00.0',
  timeNs: '1000000000',
  queues: {
    items: [
      { kind: 'rx', id: 0, napiId: 8193 },
      { kind: 'tx', id: 0, napiId: 8193 },
    ],
    reason: null,
  },
  napis: { items: [{ id: 8193, irq: 27, threaded: false }], reason: null },
  queueStatistics: { items: [], reason: 'igb offers no queue statistics.' },
  ethtoolStatistics: {
    items: [
      { name: 'rx_packets', value: 1000 },
      { name: 'tx_packets', value: 50 },
    ],
    reason: null,
  },
  rings: { values: { rx: 256, rxMax: 4096, tx: 256, txMax: 4096 }, reason: null },
  channels: { values: null, reason: 'igb offers no channels.' },
  coalesce: { values: { 'rx-usecs': 3 }, reason: null },
  link: { values: { autonegotiation: true, speedMbps: 1000, duplex: 'full', port: 'twisted pair' }, reason: null },
  pcie: { speed: '2.5 GT/s PCIe', width: 1, maxSpeed: '2.5 GT/s PCIe', maxWidth: 4, numaNode: null, msiVectors: [26, 27], aer: null },
  ...change,
});
