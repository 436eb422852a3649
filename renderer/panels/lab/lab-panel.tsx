// The lab: what can be done to its two ports and to its guest.
import { Bomb } from 'lucide-react';
import { useStore } from 'zustand';
import { portsOf, whyNoLab, whyNotAgent } from '../../state/lab-ports.ts';
import { useModel, useSession } from '../../ui/model-context.tsx';
import { Panel } from '../../ui/panel.tsx';
import { PortCard } from './port-card.tsx';
import { StepLine } from './step-line.tsx';

function GuestSection() {
  const { labBench } = useModel();
  const why = useSession(whyNotAgent);
  const running = useStore(labBench.store, (state) => state.running.guest);
  const refusal = useStore(labBench.store, (state) => state.refusals.guest);
  return (
    <section className="lab-guest" aria-label="Guest">
      <button
        type="button"
        disabled={why !== null || running !== undefined}
        title={why ?? 'The kernel panics; its last words are shown, and the lab can be restarted'}
        onClick={() => labBench.do({ kind: 'crash' })}
      >
        <Bomb size={14} aria-hidden="true" /> Crash the guest…
      </button>
      <StepLine step={running ?? null} fault={refusal?.message ?? null} remedy={refusal?.remedy} />
    </section>
  );
}

/** The panel. */
export function LabPanel() {
  const model = useModel();
  const empty = useSession(whyNoLab);
  const lab = useSession((state) => state.lab);
  const devices = useSession((state) => state.devices);
  const partner = useSession((state) => state.partner);
  const ports = portsOf({ lab, devices, partner });
  return (
    <Panel name="Lab" className="lab">
      {empty ? (
        <div className="empty">
          <span>{empty}</span>
          <button type="button" className="primary" onClick={() => void model.ask('choose-target', { target: { kind: 'lab' } })}>
            Inspect the lab guest
          </button>
        </div>
      ) : ports.length === 0 ? (
        <p className="empty">The lab’s ports will be shown once its guest boots.</p>
      ) : (
        <>
          <div className="lab-ports">
            {ports.map((view) => (
              <PortCard key={view.port} view={view} />
            ))}
          </div>
          <GuestSection />
        </>
      )}
    </Panel>
  );
}
