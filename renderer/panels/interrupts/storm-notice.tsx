// Names the interrupt storms of a device while they last.
import { useEffect, useState } from 'react';
import { keptSeconds } from '../../state/vector-history.ts';
import { formatCount } from '../../ui/format.ts';
import { useModel } from '../../ui/model-context.tsx';
import { isShownOtherwise, shownAge, stormAt } from './measured.ts';
import { type Storm, stormRule } from './storm.ts';
import type { VectorRow } from './vector-rows.ts';

// A storm is seconds long, so it is looked for so often; in between only the rows move.
const lookEverySeconds = 0.5;

interface Named {
  readonly vector: VectorRow;
  readonly storm: Storm;
}

const worth = ({ framesPerInterrupt }: Storm): string =>
  framesPerInterrupt === null ? 'frames not counted' : `${framesPerInterrupt.toFixed(2)} frames each`;

const rule = `A storm: more than ${formatCount(stormRule.interruptsPerSecond)} interrupts/s that bring less than ${stormRule.framesPerInterrupt} frames each, for ${stormRule.seconds} s; ${formatCount(stormRule.interruptsPerSecondWithoutQueue)}/s where a vector serves no queue, ${formatCount(stormRule.interruptsPerSecondUncounted)}/s where nobody counts its frames`;

/** One line that always stands there, so that nothing jumps when a storm begins: the storms of the rows, or that there is none. */
export function StormNotice({ device, rows }: { device: string | null; rows: readonly VectorRow[] }) {
  const { vectorHistory, queueFrames, time } = useModel();
  const [isKept, setKept] = useState(true);
  const [found, setFound] = useState<readonly Named[]>([]);
  useEffect(() => {
    let lookedAt = Number.NaN;
    const look = () => {
      const age = shownAge(vectorHistory, time.getState());
      setKept(age !== Number.POSITIVE_INFINITY);
      const now = vectorHistory.secondsAt(age);
      if (Math.abs(now - lookedAt) < lookEverySeconds) return;
      lookedAt = now;
      const measured = { vectorHistory, queueFrames, device };
      const storms = rows.flatMap((vector) => {
        const storm = vector.isOfDevice ? stormAt(measured, vector, age) : null;
        return storm ? [{ vector, storm }] : [];
      });
      setFound((before) => (before.length === 0 && storms.length === 0 ? before : storms));
    };
    look();
    const endings = [vectorHistory.subscribe(look), time.subscribe((now, before) => isShownOtherwise(now, before) && look())];
    return () => endings.forEach((end) => void end());
  }, [vectorHistory, queueFrames, time, device, rows]);
  const [first, ...others] = found;
  const more = others.map(({ vector }) => vector.irq).join(', ');
  return (
    <div className="storm-line" role="status" title={rule}>
      {first ? (
        <>
          <strong>⚠ Interrupt storm</strong> on {first.vector.irq} {first.vector.name}: {formatCount(first.storm.interruptsPerSecond)}{' '}
          interrupts/s, {worth(first.storm)}, since{' '}
          <button
            type="button"
            className="quiet number"
            title="Go to its beginning in every chart"
            onClick={() => time.setState({ chosenSeconds: first.storm.sinceSeconds })}
          >
            {first.storm.sinceSeconds.toFixed(1)} s
          </button>
          {more ? ` and on ${more}` : null}
        </>
      ) : (
        <span className="soft">
          {isKept ? 'No interrupt storm' : `Counts by CPU are kept for ${keptSeconds} s; this instant is older.`}
        </span>
      )}
    </div>
  );
}
