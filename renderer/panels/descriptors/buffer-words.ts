// What is to be known of bytes before they are believed: whose they are, and of which instant.
import type { BufferSnapshot, Holding } from '#common/layouts/buffer.ts';

/** What a slot holds, in a sentence. */
export const holdingWords: Readonly<Record<Holding, string>> = {
  empty: 'The driver holds no buffer here now: the slot is free, and its frame was given back. Follow, and look while traffic runs.',
  posted: 'Posted to the card, which may be writing: these are old bytes, of a frame before or of whoever had the memory.',
  received: 'Received, and not taken by the driver yet: this is the frame.',
  sending: 'On its way: the card has not reported it as sent yet.',
  sent: 'Sent, and not taken back by the driver yet.',
  copied: 'Sent and given back. It was short and therefore copied, and the copy still stands beside the descriptor.',
};

/** Which bytes are shown: those of the buffer now, or those that were kept of the last frame that was received there. */
export type ShownBytes = 'now' | 'kept';

/** The bytes, how many the frame or the buffer has, and when they were there (CLOCK_MONOTONIC). */
export function bytesOf(look: BufferSnapshot, shown: ShownBytes): { bytes: Uint8Array; whole: number; timeNs: bigint } {
  if (shown === 'kept' && look.kept) return look.kept;
  return { bytes: look.bytes, whole: look.whole, timeNs: look.timeAfterNs };
}

/** Of a slot that shows old bytes or none, what was kept of its last frame says more. */
export function usualBytes({ kept, holding }: BufferSnapshot): ShownBytes {
  return kept !== null && (holding === 'posted' || holding === 'empty') ? 'kept' : 'now';
}

/** A name for files: `0000-01-00.0-rx0-17`. */
export const fileName = ({ device, kind, queue, index }: BufferSnapshot): string =>
  `${device.replaceAll(':', '-')}-${kind}${queue}-${index}`;
