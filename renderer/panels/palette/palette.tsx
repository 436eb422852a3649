// All commands by name.
import { Command } from 'cmdk';
import { useEffect, useRef } from 'react';
import { commandsOf, keyLabel } from '../../ui/commands.ts';
import { useLayout, useModel } from '../../ui/model-context.tsx';
import type { View } from '../../views.tsx';

/** The palette, while it is open. */
export function Palette({ views }: { views: readonly View[] }) {
  const model = useModel();
  const isOpen = useLayout((state) => state.isPaletteOpen);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isOpen) {
      dialog.current?.showModal();
      // A dialog gives the focus to its first element that can have one, which is the list's frame.
      dialog.current?.querySelector('input')?.focus();
    } else dialog.current?.close();
  }, [isOpen]);
  const close = () => model.layout.setState({ isPaletteOpen: false });
  return (
    <dialog ref={dialog} className="palette" aria-label="Commands" onClose={close}>
      {isOpen ? (
        <Command label="Commands">
          <Command.Input autoFocus placeholder="What shall be done?" />
          <Command.List>
            <Command.Empty>No command of that name.</Command.Empty>
            {commandsOf(model, views).map(({ name, key, run }) => (
              <Command.Item
                key={name}
                onSelect={() => {
                  close();
                  run();
                }}
              >
                <span>{name}</span>
                <span className="mono soft">{key ? keyLabel(key) : ''}</span>
              </Command.Item>
            ))}
          </Command.List>
        </Command>
      ) : null}
    </dialog>
  );
}
