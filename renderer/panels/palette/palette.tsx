// All commands by name: those that were run last first, then by group, each with its key.
import { Command } from 'cmdk';
import { rememberCommand } from '../../state/layout-store.ts';
import { type BoundCommand, boundCommands, commandGroups } from '../../ui/commands.ts';
import { keyLabel } from '../../ui/key-combination.ts';
import { useKeyLetters } from '../../ui/key-letters.ts';
import { useModalDialog } from '../../ui/modal-dialog.ts';
import { useLayout, useModel } from '../../ui/model-context.tsx';

function Items({ commands, onRun }: { commands: readonly BoundCommand[]; onRun: (command: BoundCommand) => void }) {
  const letters = useKeyLetters();
  return commands.map((command) => (
    <Command.Item key={command.name} value={command.name} keywords={[command.group]} onSelect={() => onRun(command)}>
      <span>{command.name}</span>
      {command.key === null ? null : <kbd>{keyLabel(command.key, letters)}</kbd>}
    </Command.Item>
  ));
}

/** How well a command fits what was typed: all of its words have to be there, at the beginnings of words best. Letters strewn over a name are no find. */
export function fitOf(name: string, typed: string, keywords: readonly string[] = []): number {
  const [searched, words] = [`${name} ${keywords.join(' ')}`.toLowerCase(), typed.toLowerCase().split(/\s+/).filter(Boolean)];
  if (!words.every((word) => searched.includes(word))) return 0;
  if (searched.startsWith(words.join(' '))) return 1;
  return words.every((word) => ` ${searched}`.includes(` ${word}`)) ? 0.8 : 0.5;
}

/** The palette, while it is open. */
export function Palette() {
  const model = useModel();
  const recent = useLayout((state) => state.recentCommands);
  const dialog = useModalDialog();
  const close = () => model.layout.setState({ isPaletteOpen: false });
  const run = (command: BoundCommand) => {
    dialog.current?.close();
    close();
    rememberCommand(model.layout, command.name);
    command.run();
  };
  const commands = boundCommands(model);
  const used = recent.flatMap((name) => commands.find((command) => command.name === name) ?? []);
  const others = commands.filter((command) => !used.includes(command));
  return (
    <dialog ref={dialog} className="palette" aria-label="Commands" onClose={close}>
      <Command label="Commands" filter={fitOf}>
        <Command.Input autoFocus placeholder="What shall be done?" />
        <Command.List>
          <Command.Empty>No command of that name.</Command.Empty>
          {used.length > 0 ? (
            <Command.Group heading="Used last">
              <Items commands={used} onRun={run} />
            </Command.Group>
          ) : null}
          {commandGroups.map((group) => (
            <Command.Group key={group} heading={group}>
              <Items commands={others.filter((command) => command.group === group)} onRun={run} />
            </Command.Group>
          ))}
        </Command.List>
      </Command>
    </dialog>
  );
}
