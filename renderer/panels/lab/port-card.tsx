// One port of the lab: who drives it, its cable, its slot.
import { useStore } from 'zustand';
import { type LabDriver, labDrivers } from '#common/protocol/lab.ts';
import { type PortView, whyNotAgent, whyNotDriver, whyNotMachine } from '../../state/lab-ports.ts';
import { missing } from '../../ui/format.ts';
import { useModel, useSession } from '../../ui/model-context.tsx';
import { StepLine } from './step-line.tsx';

function LinkWord({ view }: { view: PortView }) {
  if (!view.isPlugged) return <span className="soft">○ no card in the slot</span>;
  if (view.carrier === null) {
    return (
      <span className="soft" title={view.interface ? 'The interface is down.' : 'No driver has made an interface of this card.'}>
        ○ no link
      </span>
    );
  }
  return view.carrier ? <span className="link-up">● {view.speed ?? 'link up'}</span> : <span className="link-down">✕ link down</span>;
}

function DriverChoice({ view, why }: { view: PortView; why: string | null }) {
  const { labBench } = useModel();
  const moduleState = useSession((state) => state.module?.state);
  const choices: readonly (LabDriver | null)[] = [...labDrivers, null];
  return (
    <fieldset className="choice" aria-label={`Driver of port ${view.port}`}>
      {choices.map((driver) => {
        const reason = why ?? whyNotDriver(view, driver, moduleState);
        const isCurrent = view.device !== null && view.driver === driver;
        return (
          <button
            key={driver ?? 'none'}
            type="button"
            aria-pressed={isCurrent}
            disabled={reason !== null}
            title={
              reason ??
              (isCurrent ? `${driver ?? 'No driver'} has it` : 'The interface is made anew: its counters begin at zero, traffic on it ends')
            }
            onClick={() => isCurrent || labBench.do({ kind: 'driver', port: view.port, device: view.address, driver })}
          >
            {driver ?? 'none'}
          </button>
        );
      })}
    </fieldset>
  );
}

/** The card. */
export function PortCard({ view }: { view: PortView }) {
  const { labBench } = useModel();
  const { port, isPlugged, isCabled, address } = view;
  const running = useStore(labBench.store, (state) => state.running[`port ${port}`]);
  const refusal = useStore(labBench.store, (state) => state.refusals[`port ${port}`]);
  const machine = useSession(whyNotMachine);
  const agent = useSession(whyNotAgent);
  const step = view.step ?? running ?? null;
  const busy = step === null ? null : 'Something is being done to this port.';
  const unplugged = isPlugged ? null : 'The card is unplugged.';
  const whyNoCable = machine ?? busy ?? unplugged;
  const whyNoSlot = machine ?? busy;
  const whyNoReset = agent ?? busy ?? unplugged;
  return (
    <section className="lab-port" aria-label={`Port ${port}`} data-port={port}>
      <h3>
        Port {port} <span className="soft">{view.role}</span>
      </h3>
      <p className="lab-fact" data-testid="port-link">
        <LinkWord view={view} />
      </p>
      <p
        className="lab-fact mono"
        title={view.interface ? `${view.mac ?? missing}, MTU ${view.mtu ?? missing}` : 'No driver has made an interface of this card.'}
      >
        {address} · {view.interface ?? missing}
      </p>
      <DriverChoice view={view} why={agent ?? busy} />
      <div className="lab-buttons">
        <button
          type="button"
          className="lab-cable"
          disabled={whyNoCable !== null}
          title={whyNoCable ?? (isCabled ? 'The carrier goes; nothing else changes' : 'The carrier comes back')}
          onClick={() => labBench.do({ kind: 'link', port, up: !isCabled })}
        >
          {isCabled || !isPlugged ? 'Pull cable' : 'Put cable in'}
        </button>
        {isPlugged ? (
          <button
            type="button"
            disabled={whyNoSlot !== null}
            title={whyNoSlot ?? 'Hot-unplug: the slot’s attention button is pressed'}
            onClick={() => labBench.do({ kind: 'unplug', port })}
          >
            Unplug…
          </button>
        ) : (
          <button
            type="button"
            className={whyNoSlot === null ? 'primary' : ''}
            disabled={whyNoSlot !== null}
            title={whyNoSlot ?? 'A fresh card comes into the slot, for the driver that had the other'}
            onClick={() => labBench.do({ kind: 'plug', port })}
          >
            Plug in
          </button>
        )}
        <button
          type="button"
          disabled={whyNoReset !== null}
          title={whyNoReset ?? 'Function level reset, through the kernel'}
          onClick={() => labBench.do({ kind: 'reset', port, device: address })}
        >
          Reset…
        </button>
      </div>
      <StepLine step={step} fault={refusal?.message ?? view.fault} remedy={refusal?.remedy} />
    </section>
  );
}
