// One queue pair in one row of fixed height: receive above transmit, curves as canvases, figures a few times a second.
import { type MouseEvent, useRef } from 'react';
import type { Device } from '#common/protocol.ts';
import type { RingChoice } from '../../state/layout-store.ts';
import type { Counted } from '../../state/queue-counts.ts';
import { ringKey } from '../../state/ring-tracker.ts';
import { formatBits, formatCount, missing } from '../../ui/format.ts';
import { useModel, useWatch } from '../../ui/model-context.tsx';
import type { PairFigures, RingFigures, RingKind } from './queue-figures.ts';
import { queueRateCurve } from './queue-rates.ts';
import { Sparkline } from './sparkline.tsx';
import { useSeen } from './use-seen.ts';

/** Of the rings that are drawn small: their fill level is a curve, not every step of it. */
const smallHz = 4;
/** Of rings that are scrolled out of sight: reading them often would disturb what is looked at. */
const unseenHz = 1;

/** A number, or a dash with the reason. */
function Figure({ figure, title, format = formatCount }: { figure: Counted; title?: string; format?: (value: number) => string }) {
  return (
    <span className="number" title={figure.value === null ? (figure.reason ?? undefined) : title}>
      {figure.value === null ? missing : format(figure.value)}
    </span>
  );
}

/** A figure of each ring, one above the other, or one of the pair. */
function Stacked({ pair, figure }: { pair: PairFigures; figure: (ring: RingFigures) => Counted }) {
  return (
    <span role="gridcell" className="stacked">
      {pair.rings.map((ring) => (
        <Figure key={ring.kind} figure={figure(ring)} />
      ))}
    </span>
  );
}

function WatchRing({ device, kind, index, hz }: { device: string; kind: RingKind; index: number; hz: number }) {
  useWatch(device, `ring:${kind}:${index}`, hz);
  return null;
}

const none: Counted = { value: null, reason: null };

/** Bytes of the transmit queue at the card, of those that may be there. */
function ByteLimit({ pair: { inflight, limit } }: { pair: PairFigures }) {
  return (
    <span className="number" title={inflight.reason ?? limit.reason ?? 'bytes at the card, of those that the kernel lets it have there'}>
      {inflight.value === null ? missing : `${formatCount(inflight.value)}/${formatCount(limit.value)}`}
    </span>
  );
}

const oneDigit = (value: number): string => (value < 10 ? value.toFixed(1) : formatCount(value));

/** The row. `chosen` is the ring of this pair that is shown large, if it is one of it. */
export function QueueRow({
  device,
  pair,
  chosen,
  row,
  onChoose,
}: {
  device: Device;
  pair: PairFigures;
  chosen: RingKind | null;
  row: number;
  onChoose: (ring: RingChoice) => void;
}) {
  const model = useModel();
  const { queues, rings, time } = model;
  const address = device.pciAddress;
  const [place, isSeen] = useSeen();
  const sources = useRef([queues.subscribe, model.history.subscribe]);
  const { index } = pair;
  const kinds = pair.rings.map(({ kind }) => kind);
  const watched = kinds.filter((kind) => device.rings.some((ring) => ring.kind === kind && ring.index === index));
  const choose = ({ target, clientY, currentTarget }: MouseEvent<HTMLElement>) => {
    const told = target instanceof Element ? target.closest<HTMLElement>('[data-kind]')?.dataset.kind : undefined;
    const box = currentTarget.getBoundingClientRect();
    const isLower = clientY - box.top > box.height / 2;
    const kind = told === 'rx' || told === 'tx' ? told : (kinds[isLower ? kinds.length - 1 : 0] ?? 'rx');
    onChoose({ kind, index });
  };
  const nowOf = () => {
    const paused = time.getState().pausedSeconds;
    if (paused !== null) return paused;
    const newest = kinds.flatMap((kind) => [queues.fill(address, kind, index), queueRateCurve(model, device, kind, index)]);
    return Math.max(0, ...newest.map((curve) => curve?.secondsAt(0) ?? 0).filter((seconds) => !Number.isNaN(seconds)));
  };
  const number = (ring: RingFigures) => (ring.used.value === null ? missing : `${ring.used.value}/${ring.size}`);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid moves the selection with the arrow keys
    <div
      ref={place}
      role="row"
      id={`queue-${index}`}
      className="queue-row"
      data-queue={index}
      aria-rowindex={row + 2}
      aria-selected={chosen !== null}
      onClick={choose}
    >
      {watched.map((kind) => (
        <WatchRing key={kind} device={address} kind={kind} index={index} hz={isSeen ? smallHz : unseenHz} />
      ))}
      <span role="gridcell" className="stacked names">
        {kinds.map((kind) => (
          <span key={kind} data-kind={kind} data-chosen={chosen === kind} title={chosen === kind ? 'shown large' : 'show large'}>
            {kind.toUpperCase()} {index}
          </span>
        ))}
      </span>
      <span role="gridcell" className="curve">
        <Sparkline
          name={`Frames a second of queue ${index} over the last minute`}
          sources={sources.current}
          nowOf={nowOf}
          linesOf={() => kinds.map((kind) => ({ curve: queueRateCurve(model, device, kind, index), highest: null }))}
        />
        <span className="stacked">
          {pair.rings.map(({ kind, framesPerSecond, bytesPerSecond }) => (
            <Figure key={kind} figure={framesPerSecond} title={`${formatBits(bytesPerSecond.value)}`} />
          ))}
        </span>
      </span>
      <span role="gridcell" className="curve">
        <Sparkline
          name={`Descriptors in use of queue ${index} over the last minute`}
          sources={sources.current}
          nowOf={nowOf}
          linesOf={() =>
            kinds.map((kind) => ({
              curve: queues.fill(address, kind, index),
              highest: rings.get(ringKey(address, kind, index))?.snapshot.descriptorCount ?? 0,
            }))
          }
        />
        <span className="stacked">
          {pair.rings.map((ring) => (
            <span
              key={ring.kind}
              className="number"
              title={ring.used.reason ?? 'descriptors between next_to_clean and next_to_use, of all'}
            >
              {number(ring)}
            </span>
          ))}
        </span>
      </span>
      <Stacked pair={pair} figure={({ drops }) => drops} />
      <span role="gridcell">
        <Figure figure={pair.pollsPerSecond} />
      </span>
      <span role="gridcell">
        <Figure figure={pair.framesPerPoll} format={oneDigit} />
      </span>
      <span role="gridcell">
        <Figure figure={pair.exhausted} />
      </span>
      <span role="gridcell">
        <Figure figure={pair.spurious} />
      </span>
      <span role="gridcell" className="stacked">
        {kinds.map((kind) =>
          kind === 'rx' ? <Figure key={kind} figure={pair.rings[0]?.allocationFailures ?? none} /> : <span key={kind} />,
        )}
      </span>
      <span role="gridcell" className="stacked">
        {kinds.map((kind) => (kind === 'tx' ? <ByteLimit key={kind} pair={pair} /> : <span key={kind} />))}
      </span>
    </div>
  );
}
