// After a target has ended: its panels once more, as they were last seen, with its end said above them.
import { useCallback, useEffect, useState } from 'react';
import type { EventOf } from '#common/protocol.ts';
import { useModel, useSession } from '../../ui/model-context.tsx';
import { LastLines } from './boot-panel.tsx';

/** Whether a person looks at what an ended target has left. */
export interface LookBack {
  readonly is: boolean;
  begin(): void;
}

/** It ends by itself when the target goes on. */
export function useLookBack(): LookBack {
  const phase = useSession((state) => state.target?.phase);
  const [is, setIs] = useState(false);
  useEffect(() => {
    if (phase !== 'failed') setIs(false);
  }, [phase]);
  const begin = useCallback(() => setIs(true), []);
  return { is: is && phase === 'failed', begin };
}

/** How it ended, in a line, and the way on. */
export function EndedBanner({ target }: { target: EventOf<'target'> }) {
  const model = useModel();
  const [isOpen, setOpen] = useState(false);
  return (
    <div className="banner ended" role="alert">
      <span>
        <strong>{target.reason?.title ?? target.step}.</strong> What is shown was last seen before; a restart begins anew.
      </span>
      <button type="button" className="primary" onClick={() => void model.ask('restart-target', {})}>
        Restart {target.kind === 'local' ? 'the agent' : 'the lab'}
      </button>
      <button type="button" onClick={() => model.report.open()}>
        Report…
      </button>
      <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        Last words
      </button>
      {isOpen ? <LastLines lines={target.lastConsoleLines} /> : null}
    </div>
  );
}
