// The line at the bottom: is it live, what does looking cost, how numbers are written.
import { lazy, Suspense } from 'react';
import { keyLabel } from '../../ui/key-combination.ts';
import { useLayout, useModel, useSession, useSource } from '../../ui/model-context.tsx';
import { nextNumberBase, numberBases, numbersLabel } from '../../ui/number-base.ts';
import { AlertCount } from '../alerts/alert-count.tsx';
import { ReportButton } from '../report/report-button.tsx';

// What opens from them is larger than all of the bar: they come after the first picture, and say until then what they say before there are numbers.
const DroppedFrames = lazy(async () => ({ default: (await import('./dropped-frames.tsx')).DroppedFrames }));
const ObserverCost = lazy(async () => ({ default: (await import('./observer-cost.tsx')).ObserverCost }));

function NotYet({ text }: { text: string }) {
  return (
    <button type="button" className="quiet number status-part" disabled>
      {text}
    </button>
  );
}

/** The status bar. */
export function StatusBar() {
  const { history, layout } = useModel();
  useSource(history);
  const connection = useSession((state) => state.connection);
  const phase = useSession((state) => state.target?.phase);
  const isReplay = useSession((state) => state.replay !== null);
  const numberBase = useLayout((state) => state.numberBase);
  const where = connection.name === 'open' ? (phase ?? 'connected') : connection.name;
  return (
    <footer className="status-bar">
      <span>{where === 'live' ? (isReplay ? '▷ recording' : '● live') : `○ ${where}`}</span>
      <span className="number" title="Samples a second as they come in">
        {history.hz > 0 ? `${history.hz.toFixed(1)} Hz` : 'no samples'}
      </span>
      <Suspense fallback={<NotYet text="observer cost not measured yet" />}>
        <ObserverCost />
      </Suspense>
      <Suspense fallback={<NotYet text="0 dropped" />}>
        <DroppedFrames />
      </Suspense>
      <span className="spacer" />
      <button
        type="button"
        className="quiet number status-part"
        aria-label={numbersLabel(numberBase)}
        title={`How fields of registers and descriptors, and counts of statistics are written: ${numberBases[numberBase].words} (${keyLabel('KeyX')})`}
        onClick={() => nextNumberBase(layout)}
      >
        {numberBases[numberBase].short}
      </button>
      <button
        type="button"
        className="quiet status-part"
        title="Every command with its key (?)"
        onClick={() => layout.setState({ isShortcutSheetOpen: true })}
      >
        Shortcuts
      </button>
      <AlertCount />
      <ReportButton />
    </footer>
  );
}
