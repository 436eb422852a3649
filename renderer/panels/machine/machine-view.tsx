// What the kernel tells of the chosen card under any driver, and our module. The cards themselves are in the overview.
import { useDevice, useObservation, useSession } from '../../ui/model-context.tsx';
import { DeviceSettings } from './device-settings.tsx';
import { EthtoolStatistics } from './ethtool-statistics.tsx';
import { ModulePanel } from './module-panel.tsx';
import { QueueMap } from './queue-map.tsx';

// The kernel's numbers cost the card register reads: once a second is what a person can follow.
const observeHz = 1;

/** The panel; its parts are regions of their own. */
export function MachineView() {
  const phase = useSession((state) => state.target?.phase);
  const device = useDevice();
  useObservation(phase === 'live' ? (device?.pciAddress ?? null) : null, observeHz);
  return (
    <div className="machine">
      <ModulePanel />
      <QueueMap device={device} />
      <EthtoolStatistics device={device} />
      <DeviceSettings device={device} />
    </div>
  );
}
