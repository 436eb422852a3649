// The rows of the table: what is taken from a measurement of driver/lab/bench-guest, and how much better than the C driver it is wanted.
import type { Found } from './guest.ts';

export type Better = 'higher' | 'lower';

export interface RowDefinition {
  /** The name on the command line. */
  readonly id: string;
  readonly row: string;
  readonly unit: string;
  readonly measurement: string;
  readonly better: Better;
  /** The wanted rigb/igb. */
  readonly goal: number;
  /** The number; null where the driver does not offer what is measured. Throws where a count is wrong. */
  readonly value: (found: Found) => number | null;
}

// Frames per CPU at least 1.05 times as many: instructions a frame at most 1/1.05.
const frameGoal = 1 / 1.05;
const latencyGoal = 0.9;
const cpuGoal = 0.94;
const memoryGoal = 0.976;
/** No worse. */
const parity = 1;

function number(found: Found, name: string): number {
  const value = found.values.get(name);
  if (value === undefined || Number.isNaN(value)) throw new Error(`${found.measurement} under ${found.driver} has no ${name}`);
  return value;
}

const isOffered = (found: Found) => found.values.get('offered') !== 0;

function kernelInstructions(found: Found): number {
  const [section, ...others] = found.sections;
  if (!section || others.length > 0)
    throw new Error(`${found.measurement} under ${found.driver} has ${found.sections.length} counted sections, not one`);
  return section.kernel;
}

/** A lost frame would make the others look cheap. */
function frames(found: Found): number {
  const count = number(found, 'frames');
  for (const name of ['sent', 'received', 'socket']) {
    const other = found.values.get(name);
    if (other !== undefined && other !== count)
      throw new Error(`${found.measurement} under ${found.driver}: ${name} ${other} of ${count} frames`);
  }
  return count;
}

const aFrame = (found: Found) => (isOffered(found) ? kernelInstructions(found) / frames(found) : null);
const aKibibyte = (found: Found) => (isOffered(found) ? kernelInstructions(found) / number(found, 'kibibytes') : null);
const interruptsAThousand = (found: Found) => (number(found, 'interrupts') / frames(found)) * 1000;
const of = (name: string) => (found: Found) => (isOffered(found) ? number(found, name) : null);

function frameRow(id: string, row: string, measurement: string): RowDefinition {
  return { id, row, unit: 'instructions', measurement, better: 'lower', goal: frameGoal, value: aFrame };
}

function streamRow(id: string, row: string, measurement: string): RowDefinition {
  return { id, row, unit: 'instructions', measurement, better: 'lower', goal: cpuGoal, value: aKibibyte };
}

export const rows: readonly RowDefinition[] = [
  frameRow('tx-60', 'transmit only, 60 bytes: a frame', 'tx_60'),
  frameRow('tx-508', 'transmit only, 508 bytes: a frame', 'tx_508'),
  frameRow('tx-1514', 'transmit only, 1514 bytes: a frame', 'tx_1514'),
  frameRow('tx-60-clone', 'transmit only, 60 bytes, clone_skb 1000: a frame', 'tx_60_clone'),
  frameRow('rx-xdp-drop', 'receive only, to XDP_DROP: a frame', 'rx_xdp_drop'),
  frameRow('rx-drop', "receive only, to the stack's drop: a frame", 'rx_drop'),
  frameRow('rx-udp', 'receive only, to a UDP socket: a frame', 'rx_udp'),
  frameRow('both-60', 'both ways, partner in the kernel, 60 bytes: a frame each way', 'both_60'),
  frameRow('both-508', 'both ways, partner in the kernel, 508 bytes: a frame each way', 'both_508'),
  frameRow('both-1514', 'both ways, partner in the kernel, 1514 bytes: a frame each way', 'both_1514'),
  frameRow('both-60-clone', 'both ways, partner in the kernel, clone_skb 1000: a frame each way', 'both_60_clone'),
  streamRow('tcp-out-tso', 'TCP out, TSO: a KiB', 'tcp_out_tso'),
  streamRow('tcp-out-plain', 'TCP out, no TSO: a KiB', 'tcp_out_plain'),
  streamRow('tcp-in-gro', 'TCP in, GRO: a KiB', 'tcp_in_gro'),
  streamRow('tcp-in-plain', 'TCP in, no GRO: a KiB', 'tcp_in_plain'),
  {
    id: 'ping',
    row: 'round trip of a ping, moderation off',
    unit: 'ns',
    measurement: 'ping_trip',
    better: 'lower',
    goal: latencyGoal,
    value: of('trip_ns'),
  },
  {
    id: 'seen',
    row: 'write-back to the stack in the poll, moderation off',
    unit: 'ns',
    measurement: 'seen',
    better: 'lower',
    goal: latencyGoal,
    value: of('delay_ns'),
  },
  {
    id: 'irq-rx',
    row: 'interrupts a thousand frames received',
    unit: '',
    measurement: 'rx_drop',
    better: 'lower',
    goal: parity,
    value: interruptsAThousand,
  },
  {
    id: 'irq-tx',
    row: 'interrupts a thousand frames sent',
    unit: '',
    measurement: 'tx_60',
    better: 'lower',
    goal: parity,
    value: interruptsAThousand,
  },
  {
    id: 'memory',
    row: 'memory of an open interface, module included',
    unit: 'KiB',
    measurement: 'memory',
    better: 'lower',
    goal: memoryGoal,
    value: of('memory_kibibytes_3'),
  },
  {
    id: 'module',
    row: 'memory of the module',
    unit: 'bytes',
    measurement: 'memory',
    better: 'lower',
    goal: memoryGoal,
    value: of('module_bytes'),
  },
];
