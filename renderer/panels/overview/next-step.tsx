// What to do next while no driver shows its rings: one sentence and the one action that helps.
import type { ReactNode } from 'react';
import type { Device } from '#common/protocol.ts';
import { useModel, useSession } from '../../ui/model-context.tsx';
import { TakeButton, whyNot } from '../machine/lending.tsx';

/** The step; nothing while a driver shows its rings or while the target is not live. */
export function NextStep({ devices }: { devices: readonly Device[] }) {
  const model = useModel();
  const isLive = useSession((state) => state.target?.phase === 'live');
  const kind = useSession((state) => state.target?.kind);
  const role = useSession((state) => state.hello?.role);
  const module = useSession((state) => state.module);
  const digest = useSession((state) => state.build?.digest ?? state.hello?.module.digest ?? null);
  if (!isLive || kind === 'recording' || devices.length === 0 || devices.some((device) => device.rings.length > 0)) return null;
  const name = module?.name ?? 'rigb';
  let words: string;
  let action: ReactNode = null;
  const able = devices.find((device) => whyNot(device, name, 'live') === null);
  if (role === 'observe') {
    words = `No driver shows its rings. In observe mode nothing can be changed; as root the agent can load ${name} and lend it a card.`;
    action = (
      <button type="button" className="primary" onClick={() => void model.ask('choose-target', { target: { kind: 'local' } })}>
        Start the agent as root
      </button>
    );
  } else if (!able) {
    words = `None of these cards is an 82576 (8086:10c9), the one that ${name} drives. What the kernel tells of them is in Machine; the lab has one to try.`;
    action = (
      <button type="button" className="primary" onClick={() => void model.ask('choose-target', { target: { kind: 'lab' } })}>
        Start the lab
      </button>
    );
  } else if (module?.state !== 'live' && kind === 'local' && digest === null) {
    words = `${name} is not built for this kernel yet.`;
    action = (
      <button type="button" className="primary" onClick={() => void model.ask('build-module', {})}>
        Build {name}
      </button>
    );
  } else if (module?.state !== 'live') {
    words = `${name} is not loaded${module?.error ? `: ${module.error}` : ''}.`;
    action = (
      <button
        type="button"
        className="primary"
        disabled={module?.state === 'loading' || module?.state === 'unloading'}
        onClick={() => void model.ask('load-module', {})}
      >
        Load {name}
      </button>
    );
  } else {
    words = `${able.driver ?? 'No driver'} has ${able.interface ?? able.pciAddress}. Lend it to ${name} to see its rings, descriptors and registers.`;
    action = <TakeButton device={able} />;
  }
  return (
    <div className="next-step" role="note" aria-label="What to do next">
      <span>
        <strong>Next:</strong> {words}
      </span>
      {action}
    </div>
  );
}
