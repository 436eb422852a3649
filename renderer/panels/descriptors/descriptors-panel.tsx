// The chosen ring as a table: who owns each descriptor, its bytes as the card wrote them, and what they mean; beside it one of them in full.
import { useRef, useState } from 'react';
import type { Device } from '#common/protocol.ts';
import type { RingChoice } from '../../state/layout-store.ts';
import { heldStill, ringKey, type TrackedRing } from '../../state/ring-tracker.ts';
import { useDevice, useLayout, useModel, useWatch } from '../../ui/model-context.tsx';
import { usePaced } from '../../ui/paced.ts';
import { Empty, Panel } from '../../ui/panel.tsx';
import { saveText } from '../../ui/save-text.ts';
import { DescriptorDetail } from './descriptor-detail.tsx';
import { DescriptorRows } from './descriptor-rows.tsx';
import { csvName, ringCsv } from './descriptor-text.ts';
import { jumps, type StateFilter, slotsOf } from './slots.ts';

const ringHz = 10;
/** Rows are read by people; the map above them is drawn with each snapshot. */
const rowsMs = 100;

const filters: readonly { readonly filter: StateFilter; readonly name: string }[] = [
  { filter: 'all', name: 'All' },
  { filter: 'hardware', name: 'Owned' },
  { filter: 'done', name: 'Done' },
  { filter: 'free', name: 'Free' },
  { filter: 'error', name: 'Error' },
];

/** The ring as it is shown: live, or as it was when it was frozen. */
function useShownRing(device: Device | null, choice: RingChoice) {
  const model = useModel();
  usePaced(model.rings, rowsMs);
  const isFrozen = useLayout((state) => state.isFrozen);
  const key = device ? ringKey(device.pciAddress, choice.kind, choice.index) : '';
  const frozen = useRef<{ readonly key: string; readonly ring: TrackedRing } | null>(null);
  const live = model.rings.get(key);
  // Another ring that is chosen meanwhile is held as it is then.
  if (!isFrozen || frozen.current?.key !== key) frozen.current = null;
  if (isFrozen && !frozen.current && live) frozen.current = { key, ring: heldStill(live) };
  return { ring: frozen.current?.ring ?? live, isFrozen, newestOf: () => frozen.current?.ring ?? model.rings.get(key) };
}

/** A button a ring, receive and transmit each in a line of numbers: sixteen rings are no rarity. */
function RingButtons({ device, choice }: { device: Device | null; choice: RingChoice }) {
  const model = useModel();
  const rings = device?.rings ?? [];
  return (['rx', 'tx'] as const).map((kind) => (
    <span key={kind} className="ring-choice" role="group" aria-label={kind === 'rx' ? 'Receive rings' : 'Transmit rings'}>
      <span className="soft">{kind.toUpperCase()}</span>
      {rings
        .filter((ring) => ring.kind === kind)
        .map(({ index }) => (
          <button
            type="button"
            key={index}
            aria-label={`${kind.toUpperCase()} ${index}`}
            aria-pressed={choice.kind === kind && choice.index === index}
            onClick={() => model.layout.setState({ ring: { kind, index }, slot: null, isFrozen: false })}
          >
            {index}
          </button>
        ))}
    </span>
  ));
}

/** The panel. */
export function DescriptorsPanel() {
  const model = useModel();
  const device = useDevice();
  const choice = useLayout((state) => state.ring);
  const slot = useLayout((state) => state.slot);
  const [filter, setFilter] = useState<StateFilter>('all');
  const grid = useRef<HTMLDivElement>(null);
  const { ring, isFrozen, newestOf } = useShownRing(device, choice);
  const isOffered = device?.rings.some(({ kind, index }) => kind === choice.kind && index === choice.index) ?? false;
  useWatch(device && isOffered ? device.pciAddress : null, `ring:${choice.kind}:${choice.index}`, ringHz);
  const isDrawn = ring !== undefined && ring.snapshot.descriptorCount > 0;
  const slots = isDrawn ? slotsOf(ring.snapshot, filter) : null;
  const jump = (target: number) => {
    // A place that the filter hides could not be shown.
    if (slots && !slots.includes(target)) setFilter('all');
    model.layout.setState(({ revealed }) => ({ slot: target, revealed: revealed + 1 }));
    grid.current?.focus();
  };
  const controls = (
    <>
      <RingButtons device={device} choice={choice} />
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
      {isDrawn ? (
        <div className="descriptor-view">
          <div className="descriptor-tools">
            <span role="group" aria-label="Show descriptors by owner">
              {filters.map(({ filter: wanted, name }) => (
                <button type="button" key={wanted} aria-pressed={filter === wanted} onClick={() => setFilter(wanted)}>
                  {name}
                </button>
              ))}
            </span>
            <span className="number soft" data-testid="shown-count">
              {slots ? slots.length : ring.snapshot.descriptorCount} of {ring.snapshot.descriptorCount}
            </span>
            <span role="group" aria-label="Jump to">
              {jumps.map(({ name, key, title, of }) => (
                <button
                  type="button"
                  key={name}
                  title={`Jump to ${title} (${key.toUpperCase()} in the table)`}
                  onClick={() => jump(Math.min(of(ring.snapshot), ring.snapshot.descriptorCount - 1))}
                >
                  {name}
                </button>
              ))}
            </span>
            <button
              type="button"
              title="Save the shown descriptors, raw and decoded, with the snapshot’s time"
              onClick={() => saveText(csvName(ring.snapshot), 'text/csv', ringCsv(ring.snapshot, slots))}
            >
              Export CSV
            </button>
          </div>
          <div className="descriptor-split">
            <DescriptorRows ring={ring} slots={slots} newestOf={newestOf} grid={grid} />
            <DescriptorDetail ring={ring} slot={slot} />
          </div>
        </div>
      ) : (
        <Empty what="Descriptors" />
      )}
    </Panel>
  );
}
