// How frames are spread over queues: one bar a direction, the most unequal queue in words, and the RSS indirection table that leads received frames there.
import { useState } from 'react';
import type { ObservationEvent } from '#common/protocol/observation.ts';
import { groupHex } from '../../ui/format.ts';
import { useModel } from '../../ui/model-context.tsx';
import { copyText } from '../../ui/save-text.ts';
import type { RingKind } from './queue-figures.ts';
import { placesByQueue, type Skew, skewInWords, skewOf } from './skew.ts';

/** Over so many seconds traffic is added up: one second of bursts says little. */
const spreadSeconds = 10;

/** Queues have no colour of their own (colour is ownership): neighbours differ by shade, and each has its number. */
const shadeOf = (queue: number): string => `shade-${queue % 4}`;

function Bar({
  kind,
  skew,
  marked,
  onMark,
}: {
  kind: RingKind;
  skew: Skew;
  marked: number | null;
  onMark: (queue: number | null) => void;
}) {
  return (
    <div className="share-bar" role="list" aria-label={`Share of ${kind === 'rx' ? 'received' : 'sent'} frames a queue`} data-kind={kind}>
      {skew.shares
        .filter(({ share }) => share > 0)
        .map(({ index, share }) => (
          <span
            key={index}
            role="listitem"
            className={shadeOf(index)}
            style={{ flexGrow: share }}
            data-marked={marked === index}
            title={`${kind.toUpperCase()} ${index}: ${(share * 100).toFixed(1)} % of the frames of the last ${spreadSeconds} s`}
            onMouseEnter={() => onMark(index)}
            onMouseLeave={() => onMark(null)}
          >
            {index}
          </span>
        ))}
    </div>
  );
}

function Table({
  rss,
  marked,
  onMark,
}: {
  rss: NonNullable<NonNullable<ObservationEvent['rss']>['values']>;
  marked: number | null;
  onMark: (queue: number | null) => void;
}) {
  const model = useModel();
  const { indirection, key, hashFunction } = rss;
  const places = [...placesByQueue(indirection)].sort(([a], [b]) => a - b);
  return (
    <>
      <p className="soft">
        A frame’s {hashFunction ?? 'hash'} hash modulo {indirection.length} is its place:{' '}
        {places.map(([queue, count]) => `${count} lead to RX ${queue}`).join(', ')}.
      </p>
      <div className="rss-table" role="list" aria-label="RSS indirection table" onMouseLeave={() => onMark(null)}>
        {indirection.map((queue, place) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: a place is its number
            key={place}
            role="listitem"
            className={shadeOf(queue)}
            data-marked={marked === queue}
            title={`place ${place} leads to RX ${queue}`}
            onMouseEnter={() => onMark(queue)}
          >
            {queue}
          </span>
        ))}
      </div>
      <p className="rss-key">
        <span className="soft">Key</span>{' '}
        {key === null ? (
          <span title="The driver does not tell the hash’s key.">–</span>
        ) : (
          <>
            <span className="mono">{groupHex(key)}</span>{' '}
            <button type="button" onClick={() => void copyText(model, 'Key', key)}>
              Copy key
            </button>
          </>
        )}
      </p>
    </>
  );
}

/** Both directions and the table. */
export function Spread({
  device,
  queues: all,
  observation,
}: {
  device: string;
  queues: readonly { readonly kind: RingKind; readonly index: number }[];
  observation: ObservationEvent | null;
}) {
  const { queues } = useModel();
  const [marked, setMarked] = useState<number | null>(null);
  const offered = observation?.rss;
  const rss = offered?.values ?? null;
  const why =
    offered?.reason ??
    (observation ? 'The agent that told this did not read the table yet.' : 'Waiting for the first observation of the device.');
  return (
    <div className="spread">
      {(['rx', 'tx'] as const).map((kind) => {
        const own = all.filter((queue) => queue.kind === kind);
        if (own.length === 0) return null;
        const skew = skewOf(own.map(({ index }) => ({ index, framesPerSecond: queues.framesOver(device, kind, index, spreadSeconds) })));
        return (
          <div key={kind} className="share">
            {skew ? (
              <>
                <p>{skewInWords(kind, skew, rss?.indirection ?? null)}</p>
                <Bar kind={kind} skew={skew} marked={marked} onMark={setMarked} />
              </>
            ) : (
              <p className="soft">
                {own.length < 2
                  ? `There is one ${kind === 'rx' ? 'receive' : 'transmit'} queue: nothing to spread.`
                  : `No frames ${kind === 'rx' ? 'received' : 'sent'} by counted queues in the last ${spreadSeconds} s.`}
              </p>
            )}
          </div>
        );
      })}
      <h3>RSS</h3>
      {rss ? <Table rss={rss} marked={marked} onMark={setMarked} /> : <p className="soft">{why}</p>}
    </div>
  );
}
