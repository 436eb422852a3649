// The line at the bottom: is it live, and what does looking cost.

import { useModel, useSession, useSource } from '../../ui/model-context.tsx';
import { AlertCount } from '../alerts/alert-count.tsx';
import { ReportButton } from '../report/report-button.tsx';

/** The status bar. */
export function StatusBar() {
  const { history } = useModel();
  useSource(history);
  const connection = useSession((state) => state.connection);
  const phase = useSession((state) => state.target?.phase);
  const cost = useSession((state) => state.cost);
  const dropped = useSession((state) => state.dropped);
  const lost = Object.values(dropped).reduce((sum, { frames, records }) => sum + frames + records, 0);
  const isReplay = useSession((state) => state.replay !== null);
  const where = connection.name === 'open' ? (phase ?? 'connected') : connection.name;
  return (
    <footer className="status-bar">
      <span>{where === 'live' ? (isReplay ? '▷ recording' : '● live') : `○ ${where}`}</span>
      <span className="number">{history.hz > 0 ? `${history.hz.toFixed(1)} Hz` : 'no samples'}</span>
      <span className="number" title="What the agent costs the target: CPU of one core, device registers it made the driver read">
        {cost
          ? `observer ${cost.cpuPercent.toFixed(2)} % CPU, ${cost.mmioReadsPerSecond.toFixed(0)} MMIO reads/s, ${cost.samplesLost} samples lost`
          : 'observer cost not measured yet'}
      </span>
      <span className="number" title="Frames and records that this window did not get because it painted too slowly">
        {lost} dropped
      </span>
      <AlertCount />
      <ReportButton />
    </footer>
  );
}
