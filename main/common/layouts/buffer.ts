// Stream 9: an envelope with the device's address, then what the driver says of one descriptor's buffer, bytes and all.
import { badRecord, reading } from '#common/layouts/bulk-reader.ts';
import { openSnapshot, type SnapshotTimes } from '#common/layouts/snapshot.ts';
import type { Result } from '#common/result.ts';

const holdings = ['empty', 'posted', 'received', 'sending', 'sent', 'copied'] as const;

/**
 * What a descriptor's slot holds. `empty`: no buffer of the driver's, or the interface is down. `posted`: an empty buffer into which the card may be writing, so its
 * bytes are older. `received`: what the card received and the driver has not taken yet. `sending`, `sent`: a frame that the card is to send, or has sent and the
 * driver has not taken back yet. `copied`: no buffer any more, but the frame that was sent last was short and copied, and its copy still stands beside the descriptor.
 */
export type Holding = (typeof holdings)[number];

/** The beginning of the frame that was received last at a descriptor, as it was when the driver took it. */
export interface KeptBytes {
  /** CLOCK_MONOTONIC. */
  readonly timeNs: bigint;
  /** As many bytes as the card wrote. */
  readonly whole: number;
  readonly bytes: Uint8Array;
}

/** One descriptor's buffer. All of it is of one instant but `kept`, which is older. */
export interface BufferSnapshot extends SnapshotTimes {
  readonly kind: 'rx' | 'tx';
  readonly queue: number;
  readonly index: number;
  readonly holding: Holding;
  /** The first and the last descriptor of the frame that is shown. */
  readonly first: number;
  readonly last: number;
  /** How often the ring was set up. */
  readonly generation: bigint;
  /** Bytes of the frame, or of the buffer. */
  readonly whole: number;
  /** The first of them, a view into the frame. */
  readonly bytes: Uint8Array;
  /** Null when nothing was kept: the driver keeps frames while `rx_done` is traced. */
  readonly kept: KeptBytes | null;
}

/** Reads a stream 9 payload; the error says how it contradicts itself. */
export function readBufferSnapshot(payload: Uint8Array): Result<BufferSnapshot, string> {
  return reading(() => {
    const { view, body, headerLength, device, timeBeforeNs, timeAfterNs } = openSnapshot(payload, 'buffer', 80);
    const kind = view.getUint8(32);
    const state = view.getUint8(33);
    const holding = holdings[state];
    if (kind > 1) badRecord(`ring kind ${kind} is unknown`);
    if (!holding) badRecord(`what it holds, ${state}, is unknown`);
    const end = headerLength + view.getUint32(60, true);
    if (end + view.getUint32(76, true) !== body.length) badRecord('its bytes do not fill it');
    const keptNs = view.getBigUint64(64, true);
    return {
      device,
      timeBeforeNs,
      timeAfterNs,
      kind: kind === 0 ? ('rx' as const) : ('tx' as const),
      queue: view.getUint16(34, true),
      index: view.getUint32(36, true),
      holding: holding as Holding,
      first: view.getUint32(40, true),
      last: view.getUint32(44, true),
      generation: view.getBigUint64(48, true),
      whole: view.getUint32(56, true),
      bytes: body.subarray(headerLength, end),
      kept: keptNs === 0n ? null : { timeNs: keptNs, whole: view.getUint32(72, true), bytes: body.subarray(end) },
    };
  });
}
