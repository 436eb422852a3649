// The frame of a panel: a named region with its controls in one line, and what stands there before there is data.
import type { ReactNode } from 'react';
import { staleReason } from '../state/session-store.ts';
import { useDevice, useModel, useSession } from './model-context.tsx';

/** A panel. `name` is its name in the registry. */
export function Panel({
  name,
  className,
  controls,
  children,
}: {
  name: string;
  className: string;
  controls?: ReactNode;
  children: ReactNode;
}) {
  const stale = useSession(staleReason);
  return (
    <section className={`panel ${className}`} aria-label={name} tabIndex={-1}>
      <header>
        <h2>{name}</h2>
        {controls}
      </header>
      <div className={stale ? 'body stale' : 'body'} title={stale ?? undefined}>
        {children}
      </div>
    </section>
  );
}

/** Why there is nothing to see yet, and the one action that helps. */
export function Empty({ what }: { what: string }) {
  const model = useModel();
  const module = useSession((state) => state.module);
  const phase = useSession((state) => state.target?.phase);
  const kind = useSession((state) => state.target?.kind);
  const device = useDevice();
  if (phase !== 'live') return <p className="empty">{what} will be shown once the target is live.</p>;
  if (kind === 'local' && device && device.rings.length === 0) {
    return (
      <div className="empty">
        <span>
          {device.driver === null
            ? `No driver has ${device.pciAddress}, so it has no rings.`
            : `${device.driver} drives ${device.pciAddress} and shows no rings; rigb does.`}{' '}
          Machine shows what the kernel tells of this card, and lends it to rigb.
        </span>
        <button type="button" className="primary" onClick={() => model.layout.setState({ view: 'machine' })}>
          Open Machine
        </button>
      </div>
    );
  }
  if (module?.state === 'absent' || module?.state === 'failed') {
    return (
      <div className="empty">
        <span>The driver is not loaded, so there is nothing to read. {module.error ?? ''}</span>
        <button type="button" className="primary" onClick={() => void model.ask('load-module', {})}>
          Load the driver
        </button>
      </div>
    );
  }
  if (kind === 'recording') return <p className="empty">{what}: the recording holds none before this instant.</p>;
  return <p className="empty">{what}: waiting for the first data.</p>;
}
