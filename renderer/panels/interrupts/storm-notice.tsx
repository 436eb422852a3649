// Names the interrupt storms of a device while they last: those that alerts know of.
import { useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import type { Alert } from '#common/alerts/alert.ts';
import { stormRule } from '#common/interrupts/storm-rule.ts';
import { keptSeconds } from '../../state/vector-history.ts';
import { formatCount } from '../../ui/format.ts';
import { useModel, useShownSeconds } from '../../ui/model-context.tsx';
import { shownAge } from './measured.ts';

const rule = `A storm: more than ${formatCount(stormRule.interruptsPerSecond)} interrupts/s that bring less than ${stormRule.framesPerInterrupt} frames each, or of which ${100 * stormRule.spuriousShare} % find nothing to do, for ${stormRule.seconds} s; ${formatCount(stormRule.interruptsPerSecondWithoutQueue)}/s where a vector serves no queue, ${formatCount(stormRule.interruptsPerSecondUncounted)}/s where nobody counts its frames`;

/** The storms of a device at an instant; at the newest for null. */
export function stormsAt(alerts: readonly Alert[], device: string | null, instant: number | null): readonly Alert[] {
  return alerts.filter(
    (alert) =>
      alert.rule === 'interrupt-storm' &&
      alert.device === device &&
      (instant === null
        ? alert.state === 'open'
        : alert.sinceSeconds <= instant && (alert.state === 'open' || alert.lastSeconds >= instant)),
  );
}

/** One line that always stands there, so that nothing jumps when a storm begins: the storms of the device, or that there is none. */
export function StormNotice({ device }: { device: string | null }) {
  const { time, alerts: desk, vectorHistory } = useModel();
  const alerts = useStore(desk.store, (state) => state.alerts);
  const instant = useShownSeconds();
  const isKept = useSyncExternalStore(vectorHistory.subscribe, () => shownAge(vectorHistory, time.getState()) !== Number.POSITIVE_INFINITY);
  const [first, ...others] = stormsAt(alerts, device, instant);
  return (
    <div className="storm-line" role="status" title={rule}>
      {first ? (
        <>
          <strong>⚠ Interrupt storm</strong> since{' '}
          <button
            type="button"
            className="quiet number"
            title="Go to its beginning in every chart"
            onClick={() => time.setState({ chosenSeconds: first.sinceSeconds })}
          >
            {first.sinceSeconds.toFixed(1)} s
          </button>
          : {first.text}
          {others.length > 0 ? ` Also ${others.map(({ queue }) => queue).join(', ')}.` : null}
        </>
      ) : (
        <span className="soft">
          No interrupt storm{isKept ? null : `. Counts by CPU are kept for ${keptSeconds} s; this instant is older.`}
        </span>
      )}
    </div>
  );
}
