// Descriptors without a mouse: the palette's part.
import { ringKey } from '../../state/ring-tracker.ts';
import type { WindowModel } from '../../state/window-model.ts';
import type { Command } from '../../ui/commands.ts';
import { chooseDevice } from '../../ui/model-context.tsx';
import { jumps } from './slots.ts';

/** The commands. The ring is the chosen one. */
export function descriptorCommands(model: WindowModel): readonly Command[] {
  const { layout, session, rings } = model;
  const device = () => chooseDevice(session.getState().devices, layout.getState().device);
  const turn = (step: number) => {
    const all = device()?.rings ?? [];
    const { ring } = layout.getState();
    const at = all.findIndex(({ kind, index }) => kind === ring.kind && index === ring.index);
    const next = all[(at + step + all.length) % Math.max(1, all.length)];
    if (next) layout.setState({ ring: { kind: next.kind, index: next.index }, slot: null });
  };
  const jump = (of: (typeof jumps)[number]['of']) => {
    const { ring } = layout.getState();
    const shown = rings.get(ringKey(device()?.pciAddress ?? '', ring.kind, ring.index))?.snapshot;
    if (!shown || shown.descriptorCount === 0) return;
    layout.setState(({ revealed }) => ({ slot: Math.min(of(shown), shown.descriptorCount - 1), revealed: revealed + 1 }));
  };
  return [
    ...jumps.map(({ name, of }) => ({ name: `Descriptors: jump to ${name.toLowerCase()}`, key: null, run: () => jump(of) })),
    { name: 'Next ring', key: null, run: () => turn(1) },
    { name: 'Previous ring', key: null, run: () => turn(-1) },
  ];
}
