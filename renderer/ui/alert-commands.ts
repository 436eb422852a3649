// Alerts, autopsies and the report by name and by key.
import type { WindowModel } from '../state/window-model.ts';
import type { Command } from './commands.ts';
import { chooseDevice } from './model-context.tsx';

/** Makes an autopsy of the chosen queue, and shows it. */
function makeAutopsy(model: WindowModel): void {
  const { device: chosen, ring } = model.layout.getState();
  const device = chooseDevice(model.session.getState().devices, chosen);
  model.layout.setState({ view: 'alerts' });
  if (device) void model.autopsies.make(device.pciAddress, ring);
}

/** The commands. */
export function alertCommands(model: WindowModel): readonly Command[] {
  return [
    { name: 'Autopsy of the chosen queue', key: 'a', run: () => makeAutopsy(model) },
    { name: 'Make a report for a bug tracker', key: null, run: () => void model.report.open() },
    {
      name: 'Acknowledge all alerts',
      key: null,
      run: () => model.alerts.acknowledge(model.alerts.store.getState().alerts.map(({ id }) => id)),
    },
  ];
}
