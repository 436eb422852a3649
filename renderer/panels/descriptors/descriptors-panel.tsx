// The chosen ring as a table: who owns each descriptor, its bytes as the card wrote them, and what they mean. Only rows on the screen are decoded.
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { rigbRings } from '#common/rings/rigb.ts';
import { descriptorHex } from '#common/rings/ring-backend.ts';
import { ringKey, type TrackedRing } from '../../state/ring-tracker.ts';
import { groupHex } from '../../ui/format.ts';
import { useDevice, useLayout, useModel, useSource } from '../../ui/model-context.tsx';
import { Empty, Panel } from '../../ui/panel.tsx';
import { DescriptorDetail } from './descriptor-detail.tsx';

const rowHeight = 20;
// A change stays marked for this many snapshots: long enough to be seen, short enough to mean now.
const markedFor = 3;

/** The fields that say something, in one line. */
function summary(ring: TrackedRing, index: number): string {
  const decoded = rigbRings.decode(ring.snapshot, index);
  const telling = decoded.fields.filter(({ meaning, value }) => meaning !== '' && value !== 0n).slice(0, 4);
  // An address says more as a number than as a sentence that is the same in every row.
  const words = telling.map(({ name, width, value, meaning }) => (width >= 48 ? `0x${value.toString(16)}` : `${name} ${meaning}`));
  return `${decoded.format} ${words.join(' · ')}`;
}

function Row({
  ring,
  index,
  start,
  isSelected,
  onSelect,
}: {
  ring: TrackedRing;
  index: number;
  start: number;
  isSelected: boolean;
  onSelect: () => void;
}) {
  const state = rigbRings.state(ring.snapshot, index);
  const raw = descriptorHex(ring.snapshot, index);
  const changedIn = ring.changedIn[index] ?? 0;
  const isChanged = changedIn > 0 && ring.number - changedIn < markedFor;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the rows' container moves the selection with the arrow keys
    <div
      role="row"
      id={`descriptor-${index}`}
      aria-selected={isSelected}
      aria-rowindex={index + 1}
      data-index={index}
      data-state={state}
      data-raw={raw}
      data-changed={isChanged}
      style={{ transform: `translateY(${start}px)` }}
      onClick={onSelect}
    >
      <span className="number">{index}</span>
      <span className={`state-${state}`}>{state}</span>
      <span className="mono" data-cell="raw">
        {groupHex(raw)}
      </span>
      <span className="soft">{summary(ring, index)}</span>
    </div>
  );
}

function Rows({ ring }: { ring: TrackedRing }) {
  const model = useModel();
  const container = useRef<HTMLDivElement>(null);
  const slot = useLayout((state) => state.slot);
  const revealed = useLayout((state) => state.revealed);
  const count = ring.snapshot.descriptorCount;
  const rows = useVirtualizer({ count, getScrollElement: () => container.current, estimateSize: () => rowHeight, overscan: 6 });
  useEffect(() => {
    const chosen = model.layout.getState().slot;
    if (revealed > 0 && chosen !== null) rows.scrollToIndex(chosen, { align: 'auto' });
  }, [model, revealed, rows]);
  const select = (index: number) => model.layout.setState(({ revealed: before }) => ({ slot: index, revealed: before + 1 }));
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 12, PageUp: -12, Home: -count, End: count };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    select(Math.min(count - 1, Math.max(0, (slot ?? -1) + step)));
  };
  return (
    <div
      ref={container}
      className="descriptor-rows"
      role="grid"
      aria-label="Descriptors of the ring"
      aria-rowcount={count}
      aria-activedescendant={slot === null ? undefined : `descriptor-${slot}`}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {rows.getVirtualItems().map(({ index, start }) => (
          <Row key={index} ring={ring} index={index} start={start} isSelected={index === slot} onSelect={() => select(index)} />
        ))}
      </div>
    </div>
  );
}

/** The panel. */
export function DescriptorsPanel() {
  const model = useModel();
  const device = useDevice();
  useSource(model.rings);
  const choice = useLayout((state) => state.ring);
  const isFrozen = useLayout((state) => state.isFrozen);
  const slot = useLayout((state) => state.slot);
  const live = device ? model.rings.get(ringKey(device.pciAddress, choice.kind, choice.index)) : undefined;
  const frozen = useRef<TrackedRing | undefined>(undefined);
  if (!isFrozen) frozen.current = undefined;
  else frozen.current ??= live;
  const ring = frozen.current ?? live;
  const rings = device?.rings ?? [];
  const controls = (
    <>
      <span className="ring-choice">
        {rings.map(({ kind, index }) => (
          <button
            type="button"
            key={`${kind}${index}`}
            aria-pressed={choice.kind === kind && choice.index === index}
            onClick={() => {
              frozen.current = undefined;
              model.layout.setState({ ring: { kind, index }, slot: null, isFrozen: false });
            }}
          >
            {kind.toUpperCase()} {index}
          </button>
        ))}
      </span>
      <span className="spacer" />
      <button
        type="button"
        aria-pressed={isFrozen}
        onClick={() => model.layout.setState({ isFrozen: !isFrozen })}
        title="Hold what is shown (P)"
      >
        {isFrozen ? 'Frozen: go on' : 'Freeze'}
      </button>
    </>
  );
  return (
    <Panel name="Descriptors" className="descriptors" controls={controls}>
      {ring && ring.snapshot.descriptorCount > 0 ? (
        <div className="descriptor-split" style={{ height: '100%' }}>
          <Rows ring={ring} />
          <DescriptorDetail ring={ring} slot={slot} />
        </div>
      ) : (
        <Empty what="Descriptors" />
      )}
    </Panel>
  );
}
