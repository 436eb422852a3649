// The window: header, the chosen view, messages, status bar.
import { useEffect } from 'react';
import { LastLines } from './panels/boot/boot-panel.tsx';
import { DeviceHeader } from './panels/device/device-header.tsx';
import { Palette } from './panels/palette/palette.tsx';
import { Messages } from './panels/status/messages.tsx';
import { StatusBar } from './panels/status/status-bar.tsx';
import { Timeline } from './panels/timeline/timeline.tsx';
import { commandsOf, listenForKeys } from './ui/commands.ts';
import { useLayout, useModel, useSession } from './ui/model-context.tsx';
import { ViewRail } from './ui/view-rail.tsx';
import { viewOf, views } from './views.tsx';

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
  const view = viewOf(useLayout((state) => state.view));
  useEffect(() => listenForKeys(model, commandsOf(model, views)), [model]);
  useEffect(() => {
    document.documentElement.dataset.phase = phase ?? 'none';
  }, [phase]);
  return (
    <div className="window">
      <DeviceHeader />
      <Banner />
      <div className="view">
        <ViewRail views={views} current={view} />
        <view.Content />
      </div>
      <Timeline />
      <StatusBar />
      <Messages />
      <Palette views={views} />
    </div>
  );
}
