// The line at the top: which card, which driver, how its link and its module stand.
import { lazy, Suspense, useEffect } from 'react';
import { staleReason } from '../../state/session-store.ts';
import { missing } from '../../ui/format.ts';
import { useDevice, useLayout, useModel, useSession } from '../../ui/model-context.tsx';
import { RecordButton } from '../recordings/record-button.tsx';
import { TargetName } from './target-name.tsx';

// Menus are larger than all of the header: they come after the first picture.
const TargetMenu = lazy(async () => ({ default: (await import('./target-menu.tsx')).TargetMenu }));

function LinkState() {
  const device = useDevice();
  if (!device || device.carrier === null) {
    const reason = device?.interface ? 'The interface is down.' : 'No driver has made an interface of this card.';
    return (
      <span data-testid="link-state" className="soft" title={reason}>
        ○ no link
      </span>
    );
  }
  if (!device.carrier) {
    return (
      <span data-testid="link-state" className="link-down">
        ✕ link down
      </span>
    );
  }
  return (
    <span data-testid="link-state" className="link-up">
      ● {device.speedMbps === null ? 'up' : `${device.speedMbps} Mb/s ${device.duplex ?? ''}`}
    </span>
  );
}

function ModuleState() {
  const model = useModel();
  const module = useSession((state) => state.module);
  const isLive = useSession((state) => state.target?.phase === 'live' && state.connection.name === 'open' && state.replay === null);
  const isObserving = useSession((state) => state.hello?.role === 'observe');
  const isLoaded = module?.state === 'live';
  const isBusy = module?.state === 'loading' || module?.state === 'unloading';
  const toggle = () => void (isLoaded ? model.ask('unload-module', {}) : model.ask('load-module', {}));
  return (
    <span className="group">
      <span className="soft">module</span>
      <span
        className="mono"
        data-testid="module-state"
        title={module?.error ?? (module?.version ? `version ${module.version}` : undefined)}
      >
        {module?.state ?? missing}
      </span>
      <button
        type="button"
        onClick={toggle}
        disabled={!isLive || !module || isBusy || isObserving}
        title={isObserving ? 'In observe mode nothing is loaded' : 'Load or unload the driver (U)'}
      >
        {isLoaded ? 'Unload driver' : 'Load driver'}
      </button>
    </span>
  );
}

function TargetControls() {
  const model = useModel();
  const target = useSession((state) => state.target);
  const isStopped = target?.phase === 'stopped' || target?.phase === 'failed';
  return (
    <span className="group" title={target?.machine ?? undefined}>
      <Suspense
        fallback={
          <button type="button" className="target-menu" disabled>
            <TargetName />
          </button>
        }
      >
        <TargetMenu />
      </Suspense>
      {target?.accelerator ? <span className="mono">{target.accelerator.toUpperCase()}</span> : null}
      <button type="button" onClick={() => void model.ask('restart-target', {})} title="Start what is inspected anew">
        Restart
      </button>
      <button type="button" onClick={() => void model.ask('stop-target', {})} disabled={isStopped} title="End it">
        Stop
      </button>
    </span>
  );
}

/** Follows the chosen theme, and the system's where none is chosen. */
function useTheme(): void {
  const theme = useLayout((state) => state.theme);
  useEffect(() => {
    const system = matchMedia('(prefers-color-scheme: dark)');
    const apply = () => {
      document.documentElement.dataset.theme = theme === 'system' ? (system.matches ? 'dark' : 'light') : theme;
    };
    apply();
    system.addEventListener('change', apply);
    return () => system.removeEventListener('change', apply);
  }, [theme]);
}

/** The header. */
export function DeviceHeader() {
  const model = useModel();
  const device = useDevice();
  const devices = useSession((state) => state.devices);
  const theme = useLayout((state) => state.theme);
  // Before a card was seen there is nothing that could be stale.
  const stale = useSession((state) => (state.devices ? staleReason(state) : null));
  useTheme();
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: as the window's banner it is a landmark, and a landmark has a name
    <header className="device-header" aria-label="Device">
      <div className={stale ? 'device-facts stale' : 'device-facts'} title={stale ?? undefined}>
        <span className="name">{device?.driver ?? 'no driver'}</span>
        {devices && devices.length > 1 ? (
          <select
            aria-label="Card"
            className="mono"
            value={device?.pciAddress ?? ''}
            onChange={({ target }) => model.layout.setState({ device: target.value, slot: null })}
          >
            {devices.map(({ pciAddress }) => (
              <option key={pciAddress}>{pciAddress}</option>
            ))}
          </select>
        ) : (
          <span className="mono">{device?.pciAddress ?? missing}</span>
        )}
        <span className="mono">{device?.interface ?? missing}</span>
        <span className="mono">{device?.mac ?? missing}</span>
        <LinkState />
        <ModuleState />
      </div>
      <span className="spacer" />
      <RecordButton />
      <TargetControls />
      <select aria-label="Theme" value={theme} onChange={({ target }) => model.layout.setState({ theme: target.value as typeof theme })}>
        <option value="system">System</option>
        <option value="light">Light</option>
        <option value="dark">Dark</option>
      </select>
      <button type="button" onClick={() => model.layout.setState({ isPaletteOpen: true })} title="All commands (Ctrl+K)">
        Ctrl+K
      </button>
    </header>
  );
}
