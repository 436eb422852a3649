// What stands where the panels will be until there is something live to show, and what is said when the target ended.
import { useEffect, useState } from 'react';
import type { EventOf, TargetChoice } from '#common/protocol.ts';
import { useModel, useSession } from '../../ui/model-context.tsx';

/** Goes on from the target's own count between two of its events. */
function useElapsedSeconds(elapsedMs: number, isRunning: boolean): number {
  const [shownMs, setShownMs] = useState(elapsedMs);
  useEffect(() => {
    setShownMs(elapsedMs);
    if (!isRunning) return;
    const begun = performance.now() - elapsedMs;
    const timer = setInterval(() => setShownMs(performance.now() - begun), 500);
    return () => clearInterval(timer);
  }, [isRunning, elapsedMs]);
  return Math.round(shownMs / 1000);
}

/** The target's last console lines. */
export function LastLines({ lines }: { lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <figure aria-label="Last console lines">
      <pre>{lines.join('\n')}</pre>
    </figure>
  );
}

const named: Record<TargetChoice['kind'], string> = { lab: 'The lab', local: 'This machine’s agent', recording: 'The recording' };

function titleOf({ kind, phase }: EventOf<'target'>): string {
  const isEnded = phase === 'failed' || phase === 'stopped';
  if (kind !== 'recording') return `${named[kind]} is ${isEnded ? 'stopped' : 'starting'}`;
  if (isEnded) return 'The recording is closed';
  return phase === 'live'
    ? 'At this instant no agent had answered yet; play, or go on in the timeline below'
    : 'The recording is being opened';
}

/** Boot progress, or how and why it ended. `onLookBack` shows what was seen before that, where there is any. */
export function BootPanel({ onLookBack = null }: { onLookBack?: (() => void) | null }) {
  const model = useModel();
  const target = useSession((state) => state.target);
  const connection = useSession((state) => state.connection);
  const isEnded = target?.phase === 'failed' || target?.phase === 'stopped';
  const seconds = useElapsedSeconds(target?.elapsedMs ?? 0, !isEnded && target !== null);
  const restart = (
    <button type="button" className="primary" onClick={() => void model.ask('restart-target', {})}>
      {target?.kind === 'recording'
        ? 'Open it again'
        : `${target?.phase === 'stopped' ? 'Start' : 'Restart'} ${target?.kind === 'local' ? 'the agent' : 'the lab'}`}
    </button>
  );
  if (connection.name === 'refused') {
    return (
      <div className="boot">
        <div className="card" role="alert">
          <h1>This page cannot connect</h1>
          <p>{connection.reason}</p>
        </div>
      </div>
    );
  }
  if (!target) {
    return (
      <div className="boot">
        <div className="card">
          <h1>{connection.name === 'lost' ? 'Ringscope does not answer' : 'Connecting to Ringscope'}</h1>
          {connection.name === 'lost' ? <p>Attempt {connection.attempts}. Is it still running in its terminal?</p> : null}
        </div>
      </div>
    );
  }
  return (
    <div className="boot">
      <div className="card" role={target.phase === 'failed' ? 'alert' : 'status'}>
        <h1>{target.reason?.title ?? titleOf(target)}</h1>
        {target.reason ? <p>{target.reason.detail}</p> : null}
        {target.reason ? <p>{target.reason.remedy}</p> : null}
        {isEnded ? null : (
          <p>
            {target.step} · <span className="number">{seconds} s</span>
            <br />
            <span className="soft">
              {target.machine ?? ''} {target.accelerator === 'tcg' ? 'translated (no KVM here), usually 5 to 10 s' : ''}
            </span>
          </p>
        )}
        <LastLines lines={target.lastConsoleLines} />
        {isEnded ? (
          <div className="actions">
            {restart}
            {onLookBack ? (
              <button type="button" title="Kernel log, charts and alerts up to the end stay until the restart" onClick={onLookBack}>
                Show what was last seen
              </button>
            ) : null}
            {target.kind === 'local' ? (
              <button type="button" onClick={() => void model.ask('choose-target', { target: { kind: 'local', observe: true } })}>
                Observe without privileges
              </button>
            ) : null}
          </div>
        ) : null}
      </div>
    </div>
  );
}
