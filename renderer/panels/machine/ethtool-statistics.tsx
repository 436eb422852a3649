// The driver's own statistics (what `ethtool -S` prints), with rates, filtered by name or to those that move.
import { useState } from 'react';
import type { Device } from '#common/protocol.ts';
import { formatCount, formatRate } from '../../ui/format.ts';
import { useSession } from '../../ui/model-context.tsx';
import { PlainPanel } from '../../ui/plain-panel.tsx';
import { NotOffered, rateOf, secondsBetween } from './offered.tsx';

/** The panel. */
export function EthtoolStatistics({ device }: { device: Device | null }) {
  const seen = useSession((state) => (device ? state.observations[device.pciAddress] : undefined));
  const [wanted, setWanted] = useState('');
  const [isMovingOnly, setMovingOnly] = useState(false);
  const { newest, before } = seen ?? { newest: null, before: null };
  const seconds = newest && secondsBetween(before, newest);
  const items = newest?.ethtoolStatistics.items ?? [];
  const earlier = new Map(before?.ethtoolStatistics.items.map(({ name, value }) => [name, value]));
  const rows = items
    .map(({ name, value }) => ({ name, value, rate: rateOf(value, earlier.get(name), seconds) }))
    .filter(({ name, rate }) => name.toLowerCase().includes(wanted.trim().toLowerCase()) && (!isMovingOnly || (rate ?? 0) > 0));
  const controls = (
    <>
      <span className="spacer" />
      <button type="button" aria-pressed={isMovingOnly} onClick={() => setMovingOnly(!isMovingOnly)} title="Hide what does not change">
        Moving
      </button>
      <input
        aria-label="Filter statistics by name"
        placeholder="Filter"
        value={wanted}
        onChange={({ target }) => setWanted(target.value)}
      />
    </>
  );
  return (
    <PlainPanel name="Driver statistics" className="ethtool-statistics" controls={controls}>
      {items.length === 0 ? (
        <NotOffered what="Statistics" reason={newest?.ethtoolStatistics.reason ?? null} isSeen={newest !== null} />
      ) : rows.length === 0 ? (
        <p className="empty">
          None of the {items.length} statistics {isMovingOnly ? 'moves' : 'has such a name'}.
        </p>
      ) : (
        <table>
          <tbody>
            {rows.map(({ name, value, rate }) => (
              <tr key={name} data-name={name}>
                <td>{name}</td>
                <td className="number">{formatCount(value)}</td>
                <td className="number soft">{formatRate(rate, '')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </PlainPanel>
  );
}
