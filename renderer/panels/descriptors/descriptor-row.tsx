// One descriptor in one row: number, owner, raw bytes with what changed underlined, and what they mean. Decoded only while it is on the screen.
import { rigbRings } from '#common/rings/rigb.ts';
import { descriptorHex } from '#common/rings/ring-backend.ts';
import type { TrackedRing } from '../../state/ring-tracker.ts';
import { summary } from './descriptor-text.ts';
import { markedBytes } from './slots.ts';

/** Bytes in groups of two, cut where a change begins or ends. */
function rawPieces(raw: string, changed: number): { readonly text: string; readonly isChanged: boolean }[] {
  const pieces: { text: string; isChanged: boolean }[] = [];
  for (let byte = 0; byte * 2 < raw.length; byte += 1) {
    const isChanged = ((changed >> byte) & 1) === 1;
    const digits = raw.slice(byte * 2, byte * 2 + 2);
    const gap = byte > 0 && byte % 2 === 0 ? ' ' : '';
    const last = pieces.at(-1);
    if (last?.isChanged === isChanged) last.text += gap + digits;
    else {
      // The gap belongs to neither change.
      if (last && gap && !last.isChanged) last.text += gap;
      else if (gap) pieces.push({ text: gap, isChanged: false });
      pieces.push({ text: digits, isChanged });
    }
  }
  return pieces;
}

function Raw({ raw, changed }: { raw: string; changed: number }) {
  return (
    <span className="mono" data-cell="raw">
      {rawPieces(raw, changed).map(({ text, isChanged }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other name
        <span key={at} className={isChanged ? 'changed-bytes' : undefined}>
          {text}
        </span>
      ))}
    </span>
  );
}

/** The row. `row` is its number among those that are shown. */
export function DescriptorRow({
  ring,
  slot,
  row,
  start,
  isSelected,
  onSelect,
}: {
  ring: TrackedRing;
  slot: number;
  row: number;
  start: number;
  isSelected: boolean;
  onSelect: () => void;
}) {
  const state = rigbRings.state(ring.snapshot, slot);
  const raw = descriptorHex(ring.snapshot, slot);
  const changed = markedBytes(ring, slot);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the rows' container moves the selection with the arrow keys
    <div
      role="row"
      id={`descriptor-${slot}`}
      aria-selected={isSelected}
      aria-rowindex={row + 1}
      data-index={slot}
      data-state={state}
      data-raw={raw}
      data-changed={changed !== 0}
      style={{ transform: `translateY(${start}px)` }}
      onClick={onSelect}
      onContextMenu={onSelect}
    >
      <span className="number" role="gridcell">
        {slot}
      </span>
      <span className={`state-${state}`} role="gridcell">
        {state}
      </span>
      <Raw raw={raw} changed={changed} />
      <span className="soft" role="gridcell">
        {summary(ring.snapshot, slot)}
      </span>
    </div>
  );
}
