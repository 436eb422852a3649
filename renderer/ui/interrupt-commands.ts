// Interrupts by name: what the palette can do to the card that the window is about.
import { moderationOf, toggledAdaptation } from '../panels/interrupts/moderation.ts';
import { tell } from '../state/session-store.ts';
import type { WindowModel } from '../state/window-model.ts';
import type { Command } from './commands.ts';
import { chooseDevice } from './model-context.tsx';

/** Turns adaptive moderation on where it is off, or off, as the newest observation has it. */
export async function toggleAdaptation(model: WindowModel): Promise<void> {
  const { devices, observations } = model.session.getState();
  const device = chooseDevice(devices, model.layout.getState().device);
  const coalesce = device && observations[device.pciAddress]?.newest.coalesce;
  const parameters = coalesce?.values && toggledAdaptation(moderationOf(coalesce.values));
  if (device && parameters) {
    await model.ask('set-coalesce', { device: device.pciAddress, parameters });
    return;
  }
  const detail = coalesce ? (coalesce.reason ?? `${device.driver} has no such switch.`) : 'Open Interrupts, which observes the card.';
  tell(model.session, { severity: 'warning', title: 'Adaptive moderation cannot be switched', detail });
}

/** The commands. */
export function interruptCommands(model: WindowModel): readonly Command[] {
  return [{ name: 'Adaptive interrupt moderation on or off', key: null, run: () => void toggleAdaptation(model) }];
}
