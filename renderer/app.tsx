// The window: header, rail and workbench, timeline, messages, status bar.
import { lazy, Suspense, useEffect } from 'react';
import { useStore } from 'zustand';
import { BootPanel, LastLines } from './panels/boot/boot-panel.tsx';
import { EndedBanner, type LookBack, useLookBack } from './panels/boot/look-back.tsx';
import { DeviceHeader } from './panels/device/device-header.tsx';
import { layoutOf } from './panels/layouts.ts';
import { ReportPlace } from './panels/report/report-button.tsx';
import { Messages } from './panels/status/messages.tsx';
import { StatusBar } from './panels/status/status-bar.tsx';
import { Timeline } from './panels/timeline/timeline.tsx';
import { followView } from './ui/follow-view.ts';
import { listenForKeys } from './ui/listen-for-keys.ts';
import { useLayout, useModel, useSession } from './ui/model-context.tsx';
import { Rail } from './ui/rail.tsx';

// What is not on the first picture waits: the docking library while the target starts, dialogs until somebody asks.
const Dock = lazy(async () => ({ default: (await import('./ui/dock/dock.tsx')).Dock }));
const Palette = lazy(async () => ({ default: (await import('./panels/palette/palette.tsx')).Palette }));
const LabQuestion = lazy(async () => ({ default: (await import('./panels/lab/lab-question.tsx')).LabQuestion }));
const ShortcutSheet = lazy(async () => ({ default: (await import('./panels/shortcuts/shortcut-sheet.tsx')).ShortcutSheet }));

/** Said above the panels when what they show is not live. */
function Banner({ isLookingBack }: { isLookingBack: boolean }) {
  const hasAgent = useSession((state) => state.hello !== null);
  const connection = useSession((state) => state.connection);
  const target = useSession((state) => state.target);
  if (connection.name === 'lost') {
    return (
      <div className="banner" role="alert">
        The connection to Ringscope is lost; attempt {connection.attempts}. What is shown was last seen before.
      </div>
    );
  }
  if (target?.phase === 'failed' && hasAgent && isLookingBack) {
    return <EndedBanner target={target} />;
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

/** The layout's panels; before there is data, how the target starts. */
function Workbench({ lookBack }: { lookBack: LookBack }) {
  const layout = layoutOf(useLayout((state) => state.view));
  const phase = useSession((state) => state.target?.phase);
  const hasAgent = useSession((state) => state.hello !== null);
  const isEnded = phase !== 'live' && phase !== 'connecting';
  const isCovered = layout.isAboutTarget && (!hasAgent || (isEnded && !lookBack.is));
  return (
    <main className="workbench" aria-label={layout.name}>
      {isCovered ? null : <h1 className="visually-hidden">{layout.name}</h1>}
      <Suspense fallback={null}>
        <Dock layout={layout} isCovered={isCovered} />
      </Suspense>
      {isCovered ? <BootPanel onLookBack={hasAgent && phase === 'failed' ? lookBack.begin : null} /> : null}
    </main>
  );
}

/** Dialogs of the whole window. */
function Dialogs() {
  const isPaletteOpen = useLayout((state) => state.isPaletteOpen);
  const isSheetOpen = useLayout((state) => state.isShortcutSheetOpen);
  const isAsked = useStore(useModel().labBench.store, (state) => state.asked !== null);
  return (
    <Suspense fallback={null}>
      {isPaletteOpen ? <Palette /> : null}
      {isSheetOpen ? <ShortcutSheet /> : null}
      {isAsked ? <LabQuestion /> : null}
    </Suspense>
  );
}

/** All of it. */
export function App() {
  const model = useModel();
  const phase = useSession((state) => state.target?.phase);
  const layout = layoutOf(useLayout((state) => state.view));
  const lookBack = useLookBack();
  useEffect(() => listenForKeys(model), [model]);
  useEffect(() => followView(model), [model]);
  useEffect(() => {
    document.documentElement.dataset.phase = phase ?? 'none';
  }, [phase]);
  return (
    <div className="window">
      <DeviceHeader />
      <Banner isLookingBack={lookBack.is} />
      <div className="view">
        <Rail current={layout} />
        <Workbench lookBack={lookBack} />
      </div>
      <Timeline />
      <StatusBar />
      <Messages />
      <ReportPlace />
      <Dialogs />
    </div>
  );
}
