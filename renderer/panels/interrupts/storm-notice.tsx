// Names the interrupt storms of a device while they last.
import { useEffect, useState } from 'react';
import { formatCount } from '../../ui/format.ts';
import { useModel } from '../../ui/model-context.tsx';
import { shownAge, stormAt } from './measured.ts';
import type { Storm } from './storm.ts';
import type { VectorRow } from './vector-rows.ts';

// A storm is seconds long, so it is looked for so often; in between only the rows move.
const lookEverySeconds = 0.5;

interface Named {
  readonly vector: VectorRow;
  readonly storm: Storm;
}

/** Storms as words, one line a vector; nothing while there is none. */
export function StormNotice({ device, rows }: { device: string | null; rows: readonly VectorRow[] }) {
  const { vectorHistory, queueFrames, time } = useModel();
  const [found, setFound] = useState<readonly Named[]>([]);
  useEffect(() => {
    let lookedAt = Number.NaN;
    const look = () => {
      const age = shownAge(vectorHistory, time.getState().pausedSeconds);
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
    const endings = [vectorHistory.subscribe(look), time.subscribe(look)];
    return () => endings.forEach((end) => void end());
  }, [vectorHistory, queueFrames, time, device, rows]);
  if (found.length === 0) return null;
  return (
    <div className="storm" role="alert">
      {found.map(({ vector, storm }) => (
        <p key={vector.irq}>
          <strong>⚠ Interrupt storm</strong> on {vector.irq} {vector.name}: {formatCount(storm.interruptsPerSecond)} interrupts/s,{' '}
          {storm.framesPerInterrupt === null ? 'frames not counted' : `${storm.framesPerInterrupt.toFixed(2)} frames each`}, since{' '}
          <button
            type="button"
            className="quiet number"
            title="Go to its beginning in every chart"
            onClick={() => time.setState({ chosenSeconds: storm.sinceSeconds })}
          >
            {storm.sinceSeconds.toFixed(1)} s
          </button>
        </p>
      ))}
    </div>
  );
}
