// Streams 3 to 5 (and 9, in buffer.ts): an envelope with the device's address, then the driver's debugfs file as it was read. Descriptors stay the bytes that the card wrote.
import { badRecord, reading, viewOf } from '#common/layouts/bulk-reader.ts';
import type { Result } from '#common/result.ts';
import { decodeLatin1 } from '#common/text.ts';

const envelopeBytes = 16;
const magic = 0x42474952;
const version = 1;
const whats = { ring: 1, registers: 2, vectors: 3, buffer: 4 } as const;

/** What every snapshot says: whose it is, and between which instants (CLOCK_MONOTONIC) it was taken. */
export interface SnapshotTimes {
  readonly device: string;
  readonly timeBeforeNs: bigint;
  readonly timeAfterNs: bigint;
}

/** Where a ring stood at one instant, as descriptor indices. */
export interface RingPositions {
  readonly head: number;
  readonly tail: number;
  readonly nextToUse: number;
  readonly nextToClean: number;
}

/** A ring with its raw descriptors; positions from before and after the copy, since the card does not wait. */
export interface RingSnapshot extends SnapshotTimes {
  readonly kind: 'rx' | 'tx';
  readonly index: number;
  readonly isRunning: boolean;
  /** Head and tail were read from the card, not from the driver's memory. */
  readonly isFromCard: boolean;
  readonly descriptorCount: number;
  readonly descriptorBytes: number;
  readonly dmaAddress: bigint;
  readonly before: RingPositions;
  readonly after: RingPositions;
  /** How often the ring was set up. */
  readonly generation: bigint;
  /** `descriptorCount * descriptorBytes` bytes, a view into the frame. */
  readonly descriptors: Uint8Array;
}

/** Register values by offset in BAR 0. */
export interface RegistersSnapshot extends SnapshotTimes {
  readonly registers: readonly { readonly offset: number; readonly value: number }[];
}

/** One interrupt vector as the driver's handler counted it. */
export interface VectorCounts {
  readonly irq: number;
  readonly vector: number;
  readonly roles: readonly ('rx' | 'tx' | 'link')[];
  readonly queue: number | null;
  readonly handled: bigint;
  readonly spurious: bigint;
  readonly polls: bigint;
  readonly lastNs: bigint;
  /** Polls that used up their budget, so that the kernel polls again; null where the driver does not count them. */
  readonly exhausted: bigint | null;
}

/** All vectors of a device. */
export interface VectorsSnapshot extends SnapshotTimes {
  readonly vectors: readonly VectorCounts[];
}

/** A snapshot whose common header fits: the view begins behind the envelope. */
export interface OpenedSnapshot extends SnapshotTimes {
  readonly view: DataView;
  readonly body: Uint8Array;
  readonly headerLength: number;
}

/** Checks envelope and common header. To be called within `reading`. */
export function openSnapshot(payload: Uint8Array, kind: keyof typeof whats, lowestHeader: number): OpenedSnapshot {
  const what = whats[kind];
  const device = decodeLatin1(payload.subarray(0, envelopeBytes)).replace(/\0+$/, '');
  const body = payload.subarray(envelopeBytes);
  const view = viewOf(body);
  if (view.getUint32(0, true) !== magic) badRecord('it does not begin with RIGB');
  if (view.getUint16(4, true) !== version) badRecord(`it is of version ${view.getUint16(4, true)}, known is ${version}`);
  const headerLength = view.getUint16(6, true);
  if (headerLength < lowestHeader) badRecord(`its header of ${headerLength} bytes is too short`);
  if (view.getUint32(8, true) !== body.length) badRecord(`it announces ${view.getUint32(8, true)} bytes and has ${body.length}`);
  if (view.getUint32(12, true) !== what) badRecord(`it is of kind ${view.getUint32(12, true)}, expected was ${what}`);
  return { device, timeBeforeNs: view.getBigUint64(16, true), timeAfterNs: view.getBigUint64(24, true), view, body, headerLength };
}

function positions(view: DataView, at: number): RingPositions {
  const word = (index: number) => view.getUint32(at + 4 * index, true);
  return { head: word(0), tail: word(1), nextToUse: word(2), nextToClean: word(3) };
}

/** Reads a stream 3 payload. */
export function readRingSnapshot(payload: Uint8Array): Result<RingSnapshot, string> {
  return reading(() => {
    const { view, body, headerLength, device, timeBeforeNs, timeAfterNs } = openSnapshot(payload, 'ring', 96);
    const kind = view.getUint8(32);
    const flags = view.getUint8(33);
    const descriptorCount = view.getUint32(36, true);
    const descriptorBytes = view.getUint32(40, true);
    if (kind > 1) badRecord(`ring kind ${kind} is unknown`);
    if (headerLength + descriptorCount * descriptorBytes !== body.length) badRecord('its descriptors do not fill it');
    return {
      device,
      timeBeforeNs,
      timeAfterNs,
      kind: kind === 0 ? ('rx' as const) : ('tx' as const),
      index: view.getUint16(34, true),
      isRunning: (flags & 1) !== 0,
      isFromCard: (flags & 2) !== 0,
      descriptorCount,
      descriptorBytes,
      dmaAddress: view.getBigUint64(48, true),
      before: positions(view, 56),
      after: positions(view, 72),
      generation: view.getBigUint64(88, true),
      descriptors: body.subarray(headerLength),
    };
  });
}

/** Reads a stream 4 payload. */
export function readRegistersSnapshot(payload: Uint8Array): Result<RegistersSnapshot, string> {
  return reading(() => {
    const { view, body, headerLength, device, timeBeforeNs, timeAfterNs } = openSnapshot(payload, 'registers', 40);
    const count = view.getUint32(32, true);
    if (headerLength + 8 * count !== body.length) badRecord('its registers do not fill it');
    const registers = Array.from({ length: count }, (_, index) => ({
      offset: view.getUint32(headerLength + 8 * index, true),
      value: view.getUint32(headerLength + 8 * index + 4, true),
    }));
    return { device, timeBeforeNs, timeAfterNs, registers };
  });
}

const roleNames = ['rx', 'tx', 'link'] as const;
const vectorBytes = 48;
// Without the count of exhausted polls: what drivers and recordings of before have.
const shortVectorBytes = 40;
const noQueue = 255;

/** Reads a stream 5 payload. */
export function readVectorsSnapshot(payload: Uint8Array): Result<VectorsSnapshot, string> {
  return reading(() => {
    const { view, body, headerLength, device, timeBeforeNs, timeAfterNs } = openSnapshot(payload, 'vectors', 40);
    const count = view.getUint32(32, true);
    const size = [vectorBytes, shortVectorBytes].find((bytes) => headerLength + bytes * count === body.length);
    if (size === undefined) return badRecord('its vectors do not fill it');
    const vectors = Array.from({ length: count }, (_, index) => {
      const at = headerLength + size * index;
      const role = view.getUint8(at + 6);
      const queue = view.getUint8(at + 7);
      return {
        irq: view.getUint32(at, true),
        vector: view.getUint16(at + 4, true),
        roles: roleNames.filter((_, bit) => (role >> bit) & 1),
        queue: queue === noQueue ? null : queue,
        handled: view.getBigUint64(at + 8, true),
        spurious: view.getBigUint64(at + 16, true),
        polls: view.getBigUint64(at + 24, true),
        lastNs: view.getBigUint64(at + 32, true),
        exhausted: size === vectorBytes ? view.getBigUint64(at + 40, true) : null,
      };
    });
    return { device, timeBeforeNs, timeAfterNs, vectors };
  });
}
