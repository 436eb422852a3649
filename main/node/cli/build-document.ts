// The snapshot document out of what was measured. Pure: no clock, no process.
import type { LogRecord } from '#common/layouts/log-batch.ts';
import type { RingSnapshot } from '#common/layouts/snapshot.ts';
import type { Device, EventOf } from '#common/protocol.ts';
import { err, ok, type Result } from '#common/result.ts';
import { rigbRings } from '#common/rings/rigb.ts';
import { descriptorHex } from '#common/rings/ring-backend.ts';
import { type SnapshotDocument, snapshotDocument } from '#common/snapshot-document.ts';
import type { NamedSample } from './collected.ts';

/** What a document is made of. */
export interface Measured {
  readonly device: Device;
  readonly module: EventOf<'module'>;
  readonly sample: NamedSample;
  readonly rings: readonly RingSnapshot[];
  readonly records: readonly LogRecord[];
  readonly dropped: number;
}

/** `rx_packets` as well as `RX packets`, which is how the driver's own file spells it, is rxPackets. */
function camelCase(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const lowered = words.map((word) => (word === word.toUpperCase() ? word.toLowerCase() : word.charAt(0).toLowerCase() + word.slice(1)));
  return lowered.map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join('');
}

function statistics({ sample, table }: NamedSample, interfaceName: string): Record<string, number> {
  const valuesOf = (source: 'network_stats' | 'netdev') =>
    table.counters.flatMap((counter, index) =>
      counter.source === source && counter.interface === interfaceName
        ? [[camelCase(counter.name), Number(sample.counters[index] ?? 0n)] as const]
        : [],
    );
  const own = valuesOf('network_stats');
  const values: Record<string, number> = Object.fromEntries(own.length > 0 ? own : valuesOf('netdev'));
  const { errors, rxErrors, txErrors } = values;
  if (errors === undefined && rxErrors !== undefined && txErrors !== undefined) values.errors = rxErrors + txErrors;
  return values;
}

function interrupts({ sample, table }: NamedSample, pciAddress: string): SnapshotDocument['interrupts'] {
  const rows = table.vectors.flatMap(({ irq, name, device }, row) => (device === pciAddress ? [{ irq, name, row }] : []));
  return rows.map(({ irq, name, row }, vector) => {
    const first = row * sample.cpuCount;
    return { vector, irq, name, perCpu: [...sample.vectors.subarray(first, first + sample.cpuCount)].map(Number) };
  });
}

function queue(ring: RingSnapshot): SnapshotDocument['queues'][number] {
  const { head, tail, nextToUse, nextToClean } = ring.after;
  const descriptors = Array.from({ length: ring.descriptorCount }, (_, index) => {
    const { format, fields } = rigbRings.decode(ring, index);
    const named = fields.map(({ name, value, meaning }) => [name, { value: `0x${value.toString(16)}`, meaning }] as const);
    return {
      index,
      raw: descriptorHex(ring, index),
      state: rigbRings.state(ring, index),
      decoded: { format, fields: Object.fromEntries(named) },
    };
  });
  return { kind: ring.kind, index: ring.index, size: ring.descriptorCount, head, tail, nextToUse, nextToClean, descriptors };
}

/** Builds the document; the error is a sentence that says what was not measured. */
export function buildDocument({ device, module, sample, rings, records, dropped }: Measured): Result<SnapshotDocument, string> {
  const { pciAddress, driver, mac, carrier, speedMbps, duplex } = device;
  if (driver === null || device.interface === null)
    return err(`No network interface belongs to ${pciAddress}, so there is nothing to show.`);
  const missing = device.rings.find(({ kind, index }) => !rings.some((ring) => ring.kind === kind && ring.index === index));
  if (missing) return err(`The snapshot of ${missing.kind} queue ${missing.index} of ${pciAddress} did not arrive.`);
  const document = snapshotDocument.safeParse({
    device: { driver, pciAddress, interface: device.interface, mac },
    link: { up: carrier === true, speedMbps, duplex },
    module: { name: module.name, state: module.state, version: module.version },
    statistics: statistics(sample, device.interface),
    interrupts: interrupts(sample, pciAddress),
    queues: rings.map(queue),
    log: records.map(({ sequence, timeUs, level, text }) => ({ sequence: Number(sequence), timeUs: Number(timeUs), level, text })),
    dropped,
  });
  if (document.success) return ok(document.data);
  const issue = document.error.issues[0];
  return err(`The measured values make no complete document: ${issue?.path.join('.')}: ${issue?.message}.`);
}
