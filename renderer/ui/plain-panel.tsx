// A panel outside of the workbench: a named region with its controls in one line. It has no number key.
import type { ReactNode } from 'react';
import { staleReason } from '../state/session-store.ts';
import { useSession } from './model-context.tsx';

/** The panel. */
export function PlainPanel({
  name,
  className = '',
  controls,
  isText = false,
  children,
}: {
  name: string;
  className?: string;
  controls?: ReactNode;
  /** Nothing in it can have the focus: it takes it itself, so that keys scroll it. */
  isText?: boolean;
  children: ReactNode;
}) {
  const stale = useSession(staleReason);
  return (
    <section className={`panel ${className}`} aria-label={name}>
      <header>
        <h2>{name}</h2>
        {controls}
      </header>
      <div className={stale ? 'body stale' : 'body'} title={stale ?? undefined} tabIndex={isText ? 0 : undefined}>
        {children}
      </div>
    </section>
  );
}
