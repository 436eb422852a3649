// The machine that is inspected: its network cards and who drives them, our module, and what the kernel tells of the chosen card under any driver.
import { useDevice, useObservation, useSession } from '../../ui/model-context.tsx';
import { BootPanel } from '../boot/boot-panel.tsx';
import { CardsPanel } from './cards-panel.tsx';
import { DeviceSettings } from './device-settings.tsx';
import { EthtoolStatistics } from './ethtool-statistics.tsx';
import { ModulePanel } from './module-panel.tsx';
import { QueueMap } from './queue-map.tsx';

// The kernel's numbers cost the card register reads: once a second is what a person can follow.
const observeHz = 1;

/** The view. */
export function MachineView() {
  const phase = useSession((state) => state.target?.phase);
  const hasAgent = useSession((state) => state.hello !== null);
  const device = useDevice();
  useObservation(phase === 'live' ? (device?.pciAddress ?? null) : null, observeHz);
  if (!hasAgent || (phase !== 'live' && phase !== 'connecting')) return <BootPanel />;
  return (
    <main className="machine">
      <CardsPanel />
      <ModulePanel />
      <QueueMap device={device} />
      <EthtoolStatistics device={device} />
      <DeviceSettings device={device} />
    </main>
  );
}
