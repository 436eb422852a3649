// The shown descriptors as a table that holds only the rows on the screen, with the map of the ring above it.
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type RefObject, useEffect, useRef } from 'react';
import { descriptorHex } from '#common/rings/ring-backend.ts';
import type { TrackedRing } from '../../state/ring-tracker.ts';
import { useLayout, useModel } from '../../ui/model-context.tsx';
import { copyText } from '../../ui/save-text.ts';
import { DescriptorMenu } from './descriptor-menu.tsx';
import { DescriptorRow } from './descriptor-row.tsx';
import { type Extent, HeatStrip } from './heat-strip.tsx';
import { jumps, rowOf } from './slots.ts';

const rowHeight = 20;

/** The rows. `slots` null is the whole ring; `newestOf` gives the ring as the map is to draw it. */
export function DescriptorRows({
  ring,
  slots,
  newestOf,
  grid,
}: {
  ring: TrackedRing;
  slots: Uint16Array | null;
  newestOf: () => TrackedRing | undefined;
  /** The element that has the keys. */
  grid: RefObject<HTMLDivElement | null>;
}) {
  const model = useModel();
  const slot = useLayout((state) => state.slot);
  const revealed = useLayout((state) => state.revealed);
  const sources = useRef([model.rings.subscribe]);
  const total = ring.snapshot.descriptorCount;
  const count = slots ? slots.length : total;
  const rows = useVirtualizer({ count, getScrollElement: () => grid.current, estimateSize: () => rowHeight, overscan: 6 });
  const slotOf = (row: number) => (slots ? (slots[row] ?? 0) : row);
  const newestSlots = useRef(slots);
  newestSlots.current = slots;
  useEffect(() => {
    const chosen = model.layout.getState().slot;
    if (revealed > 0 && chosen !== null) rows.scrollToIndex(rowOf(newestSlots.current, chosen), { align: 'auto' });
  }, [model, revealed, rows]);
  const select = (chosen: number) => model.layout.setState(({ revealed: before }) => ({ slot: chosen, revealed: before + 1 }));
  const extentOf = (): Extent => {
    const range = rows.range;
    return range ? { first: slotOf(range.startIndex), last: slotOf(range.endIndex) } : { first: 0, last: 0 };
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'c') {
      if (slot !== null && slot < total && getSelection()?.isCollapsed !== false) {
        void copyText(model, 'Descriptor', descriptorHex(ring.snapshot, slot));
      }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor((grid.current?.clientHeight ?? 0) / rowHeight) - 1) || 12;
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -count, End: count };
    const step = steps[event.key];
    const jump = jumps.find(({ key }) => key === event.key.toLowerCase());
    if ((step === undefined && !jump) || count === 0) return;
    event.preventDefault();
    // The window's own keys are others.
    event.stopPropagation();
    if (jump) select(Math.min(total - 1, jump.of(ring.snapshot)));
    else if (slot === null) select(slotOf(step === count ? count - 1 : 0));
    else select(slotOf(Math.min(count - 1, Math.max(0, rowOf(slots, slot) + (step ?? 0)))));
  };
  return (
    <div className="descriptor-table">
      <HeatStrip
        count={total}
        first={extentOf().first}
        sources={sources.current}
        ringOf={newestOf}
        extentOf={extentOf}
        onScroll={(wanted) => rows.scrollToIndex(rowOf(slots, wanted), { align: 'center' })}
      />
      <DescriptorMenu ring={ring} slot={slot}>
        <div
          ref={grid}
          id="descriptor-rows"
          className="descriptor-rows"
          role="grid"
          aria-label="Descriptors of the ring"
          aria-rowcount={count}
          aria-activedescendant={slot === null ? undefined : `descriptor-${slot}`}
          tabIndex={0}
          onKeyDown={onKeyDown}
        >
          {count === 0 && <p className="empty">No descriptor of the ring is in this state now.</p>}
          <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
            {rows.getVirtualItems().map(({ index, start }) => {
              const shown = slotOf(index);
              return (
                <DescriptorRow
                  key={shown}
                  ring={ring}
                  slot={shown}
                  row={index}
                  start={start}
                  isSelected={shown === slot}
                  onSelect={() => select(shown)}
                />
              );
            })}
          </div>
        </div>
      </DescriptorMenu>
    </div>
  );
}
