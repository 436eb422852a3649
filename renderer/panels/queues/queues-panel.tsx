// Each ring of the device: how fast it turns, how full it is, where card and driver stand in it.
import { type RefObject, useEffect, useRef, useState } from 'react';
import type { ObservationEvent } from '#common/protocol/observation.ts';
import type { Device } from '#common/protocol.ts';
import { occupancy } from '#common/rings/ring-backend.ts';
import { ringKey } from '../../state/ring-tracker.ts';
import { formatBits, formatRate, missing } from '../../ui/format.ts';
import { useDevice, useLayout, useModel, useObservation, useSession, useSource, useWatch } from '../../ui/model-context.tsx';
import { usePaintedTheme } from '../../ui/painted-theme.ts';
import { Empty, Panel } from '../../ui/panel.tsx';
import { rateOf, secondsBetween } from '../machine/offered.tsx';
import { RingStrip } from './ring-strip.tsx';

const ringHz = 10;
/** Of rings that are scrolled out of sight: with eight queue pairs reading them all so often would disturb what is looked at. */
const unseenRingHz = 1;
const statisticsHz = 1;

/** Frames and bytes a second; null where nobody counts them. */
interface Rates {
  readonly frames: number | null;
  readonly bytes: number | null;
}

/** The rates of the whole interface: those of its only ring in a direction. */
function useDirectionRates(interfaceName: string | null, kind: 'rx' | 'tx'): Rates {
  const { history } = useModel();
  useSource(history);
  const rate = (name: string) => {
    const index = history.table?.counters.findIndex((counter) => counter.interface === interfaceName && counter.name === name) ?? -1;
    return index < 0 ? null : history.counterRate(index);
  };
  const direction = kind.toUpperCase();
  return { frames: rate(`${direction} packets`), bytes: rate(`${direction} bytes`) };
}

/** The rates of one of several rings, from what the driver counts for each queue. */
function useQueueRates(device: string, kind: 'rx' | 'tx', index: number): Rates {
  const { newest, before } = useSession((state) => state.observations[device]) ?? { newest: null, before: null };
  const values = (seen: ObservationEvent | null) =>
    seen?.queueStatistics.items.find((one) => one.kind === kind && one.id === index)?.values;
  const [now, earlier] = [values(newest), values(before)];
  const rate = (name: string) => {
    const value = now?.[name];
    return newest && value !== undefined ? rateOf(value, earlier?.[name], secondsBetween(before, newest)) : null;
  };
  return { frames: rate(`${kind}-packets`), bytes: rate(`${kind}-bytes`) };
}

/** A place for an element, and whether any of it is within what is scrolled into sight. */
function useSeen(): [RefObject<HTMLDivElement | null>, boolean] {
  const place = useRef<HTMLDivElement>(null);
  const [isSeen, setSeen] = useState(true);
  useEffect(() => {
    if (!place.current) return undefined;
    const observer = new IntersectionObserver((entries) => setSeen(entries.at(-1)?.isIntersecting ?? true));
    observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  return [place, isSeen];
}

const hasSeveral = (device: Device, kind: 'rx' | 'tx') => device.rings.filter((ring) => ring.kind === kind).length > 1;

function Ring({ device, kind, index }: { device: Device; kind: 'rx' | 'tx'; index: number }) {
  const model = useModel();
  useSource(model.rings);
  const [place, isSeen] = useSeen();
  useWatch(device.pciAddress, `ring:${kind}:${index}`, isSeen ? ringHz : unseenRingHz);
  const ofDirection = useDirectionRates(device.interface, kind);
  const ofQueue = useQueueRates(device.pciAddress, kind, index);
  const { frames, bytes } = hasSeveral(device, kind) ? ofQueue : ofDirection;
  const chosen = useLayout((state) => (state.ring.kind === kind && state.ring.index === index ? state.slot : null));
  const theme = usePaintedTheme();
  const ring = model.rings.get(ringKey(device.pciAddress, kind, index))?.snapshot;
  const choose = (slot: number) => model.layout.setState(({ revealed }) => ({ ring: { kind, index }, slot, revealed: revealed + 1 }));
  const isDrawn = ring !== undefined && ring.descriptorCount > 0;
  return (
    <div className="queue-pair" ref={place}>
      <div className="queue-facts">
        <span>
          <strong>
            {kind.toUpperCase()} {index}
          </strong>{' '}
          <span className="number rate">{formatRate(frames, 'frames')}</span> <span className="number soft">{formatBits(bytes)}</span>
        </span>
        <span className="number soft" title="descriptors between next_to_clean and next_to_use">
          {isDrawn ? `${occupancy(ring.after, ring.descriptorCount)} of ${ring.descriptorCount} in use` : missing}
        </span>
        <span className="number soft">
          {isDrawn ? `head ${ring.after.head} tail ${ring.after.tail} ntu ${ring.after.nextToUse} ntc ${ring.after.nextToClean}` : missing}
        </span>
      </div>
      {isDrawn ? (
        <RingStrip ring={ring} slot={chosen} theme={theme} onChoose={choose} />
      ) : (
        <span className="soft">{ring ? 'The interface is down: the driver has no ring.' : 'Waiting for the first snapshot.'}</span>
      )}
    </div>
  );
}

const legend = (
  <span className="legend">
    <span>
      <span className="swatch hardware" />
      hardware owns
    </span>
    <span>
      <span className="swatch done" />
      done
    </span>
    <span>
      <span className="swatch free" />
      free
    </span>
    <span>
      <span className="swatch error" />
      error
    </span>
    <span>▲ head</span>
    <span>▼ tail</span>
    <span>◆ next_to_clean</span>
  </span>
);

/** The panel. */
export function QueuesPanel() {
  const device = useDevice();
  const isShared = device !== null && (hasSeveral(device, 'rx') || hasSeveral(device, 'tx'));
  useObservation(isShared ? device.pciAddress : null, statisticsHz);
  return (
    <Panel
      name="Queues"
      className="queues"
      controls={
        <>
          <span className="spacer" />
          {legend}
        </>
      }
    >
      {device && device.rings.length > 0 ? (
        device.rings.map(({ kind, index }) => <Ring key={`${kind}${index}`} device={device} kind={kind} index={index} />)
      ) : (
        <Empty what="Queues" />
      )}
    </Panel>
  );
}
