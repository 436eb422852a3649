// The card at work: its queues, descriptors, interrupts, log, statistics and traffic on one screen; before there is data, how the target starts.
import { useSession } from '../../ui/model-context.tsx';
import { BootPanel } from '../boot/boot-panel.tsx';
import { DescriptorsPanel } from '../descriptors/descriptors-panel.tsx';
import { InterruptsPanel } from '../interrupts/interrupts-panel.tsx';
import { LogPanel } from '../log/log-panel.tsx';
import { QueuesPanel } from '../queues/queues-panel.tsx';
import { StatisticsPanel } from '../statistics/statistics-panel.tsx';
import { TrafficPanel } from '../traffic/traffic-panel.tsx';

/** The first view. */
export function InspectView() {
  const phase = useSession((state) => state.target?.phase);
  const hasData = useSession((state) => state.hello !== null);
  if (!hasData || (phase !== 'live' && phase !== 'connecting')) return <BootPanel />;
  return (
    <main className="workbench">
      <QueuesPanel />
      <DescriptorsPanel />
      <div className="side">
        <InterruptsPanel />
        <StatisticsPanel />
        <TrafficPanel />
      </div>
      <LogPanel />
    </main>
  );
}
