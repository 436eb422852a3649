// The window: header, panels or boot progress, messages, status bar.
import { useEffect } from 'react';
import { BootPanel, LastLines } from './panels/boot/boot-panel.tsx';
import { DescriptorsPanel } from './panels/descriptors/descriptors-panel.tsx';
import { DeviceHeader } from './panels/device/device-header.tsx';
import { InterruptsPanel } from './panels/interrupts/interrupts-panel.tsx';
import { LogPanel } from './panels/log/log-panel.tsx';
import { Palette } from './panels/palette/palette.tsx';
import { QueuesPanel } from './panels/queues/queues-panel.tsx';
import { StatisticsPanel } from './panels/statistics/statistics-panel.tsx';
import { Messages } from './panels/status/messages.tsx';
import { StatusBar } from './panels/status/status-bar.tsx';
import { TrafficPanel } from './panels/traffic/traffic-panel.tsx';
import { commandsOf, listenForKeys } from './ui/commands.ts';
import { useModel, useSession } from './ui/model-context.tsx';

function Workbench() {
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

/** Said above the panels when what they show is not live. */
function Banner() {
  const connection = useSession((state) => state.connection);
  const target = useSession((state) => state.target);
  if (connection.name === 'lost') {
    return (
      <div className="banner" role="alert">
        The connection to Ringscope is lost; attempt {connection.attempts}. What is shown was last seen before.
      </div>
    );
  }
  if (target?.phase === 'connecting') {
    return (
      <div className="banner" role="status">
        {target.step}
        <LastLines lines={target.lastConsoleLines.slice(-4)} />
      </div>
    );
  }
  return <div />;
}

/** All of it. */
export function App() {
  const model = useModel();
  const phase = useSession((state) => state.target?.phase);
  const hasData = useSession((state) => state.hello !== null);
  useEffect(() => listenForKeys(model, commandsOf(model)), [model]);
  useEffect(() => {
    document.documentElement.dataset.phase = phase ?? 'none';
  }, [phase]);
  const isShown = hasData && (phase === 'live' || phase === 'connecting');
  return (
    <div className="window">
      <DeviceHeader />
      <Banner />
      {isShown ? <Workbench /> : <BootPanel />}
      <StatusBar />
      <Messages />
      <Palette />
    </div>
  );
}
