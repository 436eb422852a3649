// The lab by name: what the palette can do to ports and guest. Where it cannot be done the window says why.
import { labDrivers } from '#common/protocol/lab.ts';
import type { LabAction } from '../../state/lab-actions.ts';
import { type PortView, portsOf, whyNoLab, whyNotAgent, whyNotDriver, whyNotMachine } from '../../state/lab-ports.ts';
import { tell } from '../../state/session-store.ts';
import type { WindowModel } from '../../state/window-model.ts';
import type { Command } from '../../ui/commands.ts';

/** What comes of a command now: something to do, or why not. */
type Choice = LabAction | string;

function choose(model: WindowModel, port: 0 | 1, pick: (view: PortView) => Choice): Choice {
  const state = model.session.getState();
  const empty = whyNoLab(state) ?? whyNotMachine(state);
  if (empty) return empty;
  const view = portsOf(state)[port];
  if (!view) return 'The lab’s ports are not known yet.';
  return view.step ? `Something is being done to port ${port}: ${view.step}.` : pick(view);
}

function run(model: WindowModel, choice: Choice): void {
  if (typeof choice === 'string') {
    tell(model.session, { severity: 'warning', title: 'This cannot be done to the lab now', detail: choice });
    return;
  }
  // Where its progress is seen.
  if (!model.workbench.store.getState().visible.includes('lab')) model.layout.setState({ view: 'lab' });
  model.labBench.do(choice);
}

function portCommands(model: WindowModel, port: 0 | 1): readonly Command[] {
  const command = (name: string, pick: (view: PortView) => Choice): Command => ({
    group: 'Lab',
    name,
    key: null,
    run: () => run(model, choose(model, port, pick)),
  });
  const unplugged = 'The card is unplugged.';
  return [
    command(`Pull the cable of port ${port}, or put it in`, ({ isPlugged, isCabled }) =>
      isPlugged ? { kind: 'link', port, up: !isCabled } : unplugged,
    ),
    command(`Unplug port ${port}, or plug it in`, ({ isPlugged }) => (isPlugged ? { kind: 'unplug', port } : { kind: 'plug', port })),
    command(`Reset port ${port}`, ({ isPlugged, address }) => {
      const why = whyNotAgent(model.session.getState()) ?? (isPlugged ? null : unplugged);
      return why ?? { kind: 'reset', port, device: address };
    }),
    ...[...labDrivers, null].map((driver) =>
      command(`Give port ${port} to ${driver ?? 'no driver'}`, (view) => {
        const state = model.session.getState();
        const why = whyNotAgent(state) ?? whyNotDriver(view, driver, state.module?.state);
        return why ?? { kind: 'driver', port, device: view.address, driver };
      }),
    ),
  ];
}

/** The commands. */
export function labCommands(model: WindowModel): readonly Command[] {
  return [
    ...portCommands(model, 0),
    ...portCommands(model, 1),
    {
      group: 'Lab',
      name: 'Crash the lab’s guest',
      key: null,
      run: () => {
        const state = model.session.getState();
        run(model, whyNoLab(state) ?? whyNotAgent(state) ?? { kind: 'crash' });
      },
    },
  ];
}
