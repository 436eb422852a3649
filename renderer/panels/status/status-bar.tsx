// The line at the bottom: is it live, what does looking cost, how numbers are written.
import { keyLabel } from '../../ui/key-combination.ts';
import { useLayout, useModel, useSession, useSource } from '../../ui/model-context.tsx';
import { AlertCount } from '../alerts/alert-count.tsx';
import { ReportButton } from '../report/report-button.tsx';
import { DroppedFrames } from './dropped-frames.tsx';
import { ObserverCost } from './observer-cost.tsx';

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
      <ObserverCost />
      <DroppedFrames />
      <span className="spacer" />
      <button
        type="button"
        className="quiet number status-part"
        aria-label={`Numbers: ${numberBase}`}
        title={`How fields of registers and descriptors are written (${keyLabel('KeyX')})`}
        onClick={() => layout.setState({ numberBase: numberBase === 'hex' ? 'dec' : 'hex' })}
      >
        {numberBase}
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
