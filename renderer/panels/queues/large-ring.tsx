// The chosen ring, large: who owns each descriptor, where card and driver stand, and how full it was.

import type { RingSnapshot } from '#common/layouts/snapshot.ts';
import type { Device } from '#common/protocol.ts';
import { rigbRings } from '#common/rings/rigb.ts';
import { occupancy } from '#common/rings/ring-backend.ts';
import type { RingChoice } from '../../state/layout-store.ts';
import { ringKey } from '../../state/ring-tracker.ts';
import { useLayout, useModel, useWatch } from '../../ui/model-context.tsx';
import { countStates } from './draw-ring.ts';
import { FillChart } from './fill-chart.tsx';
import { RingStrip } from './ring-strip.tsx';

const largeHz = 10;

/** Where card and driver stand, each with the shape that marks it on the ring. */
function Positions({ head, tail, nextToUse, nextToClean }: RingSnapshot['after']) {
  const marks = [
    ['▲', 'head', head, 'head'],
    ['▼', 'tail', tail, 'tail'],
    ['▽', 'ntu', nextToUse, 'next_to_use'],
    ['◆', 'ntc', nextToClean, 'next_to_clean'],
  ] as const;
  return marks.map(([shape, short, slot, name]) => (
    <span key={name} className="ring-mark" title={name}>
      <span className={`shape ${name === 'next_to_clean' ? 'clean' : name}`} aria-hidden="true">
        {shape}
      </span>{' '}
      {short} {slot}
    </span>
  ));
}

/** What the cells mean, with how many descriptors each owner has. */
function Legend({ counts }: { counts: ReturnType<typeof countStates> | null }) {
  const owners = [
    ['hardware', 'hardware owns'],
    ['done', 'done'],
    ['free', 'free'],
    ['error', 'error'],
  ] as const;
  return (
    <span className="legend">
      {owners.map(([state, words]) => (
        <span key={state}>
          <span className={`swatch ${state}`} />
          {words} {counts && <span className="number">{counts[state]}</span>}
        </span>
      ))}
    </span>
  );
}

/** The ring. The component is to be rendered a few times a second for its words; the drawing keeps pace by itself. */
export function LargeRing({ device, choice }: { device: Device; choice: RingChoice }) {
  const model = useModel();
  const { kind, index } = choice;
  const isShown = device.rings.some((ring) => ring.kind === kind && ring.index === index);
  useWatch(isShown ? device.pciAddress : null, `ring:${kind}:${index}`, largeHz);
  const slot = useLayout((state) => state.slot);
  const key = ringKey(device.pciAddress, kind, index);
  const ringOf = () => model.rings.get(key)?.snapshot;
  const ring = ringOf();
  const choose = (chosen: number) => model.layout.setState(({ revealed }) => ({ slot: chosen, revealed: revealed + 1 }));
  const name = `${kind.toUpperCase()} ${index}`;
  if (!ring || ring.descriptorCount === 0) {
    return (
      <div className="large-ring">
        <p className="soft">
          <strong>{name}</strong>{' '}
          {isShown
            ? ring
              ? 'The interface is down: the driver has no ring.'
              : 'Waiting for the first snapshot.'
            : `${device.driver ?? 'No driver'} does not show this ring; rigb does.`}
        </p>
      </div>
    );
  }
  const used = occupancy(ring.after, ring.descriptorCount);
  return (
    <div className="large-ring">
      <div className="large-facts">
        <strong>{name}</strong>
        <span className="number" title="descriptors between next_to_clean and next_to_use">
          {used} of {ring.descriptorCount} in use
        </span>
        <span
          className="number soft"
          title={ring.isFromCard ? 'head and tail were read from the card' : 'head and tail are the driver’s own'}
        >
          <Positions {...ring.after} />
        </span>
        {slot !== null && slot < ring.descriptorCount && (
          <span className="soft">
            descriptor {slot}: {rigbRings.state(ring, slot)}
          </span>
        )}
      </div>
      <RingStrip name={`Ring ${name}`} count={ring.descriptorCount} slot={slot} ringOf={ringOf} onChoose={choose} />
      <Legend counts={countStates(ring)} />
      <FillChart
        name={`Descriptors in use of ${name} over the last minute: ${used} of ${ring.descriptorCount} now`}
        size={ring.descriptorCount}
        curveOf={() => model.queues.fill(device.pciAddress, kind, index)}
      />
    </div>
  );
}
