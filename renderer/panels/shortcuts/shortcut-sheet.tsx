// All commands with their keys: to read, to search, and to bind anew by pressing what one wants.
import { type KeyboardEvent, useState } from 'react';
import { type BoundCommand, boundCommands, commandGroups, commandsOf, conflictsOf } from '../../ui/commands.ts';
import { combination, combinationOf, keyLabel } from '../../ui/key-combination.ts';
import { useKeyLetters } from '../../ui/key-letters.ts';
import { useModalDialog } from '../../ui/modal-dialog.ts';
import { useLayout, useModel } from '../../ui/model-context.tsx';

/** What was pressed for a command, while another command has it. */
interface Conflict {
  readonly name: string;
  readonly key: string;
  readonly others: readonly string[];
}

function Binding({
  command,
  isListening,
  onListen,
  onPress,
}: {
  command: BoundCommand;
  isListening: boolean;
  onListen: (isListening: boolean) => void;
  onPress: (key: string) => void;
}) {
  const letters = useKeyLetters();
  const label = command.key === null ? 'none' : keyLabel(command.key, letters);
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isListening) return;
    // Tab goes on, Escape gives up: neither can be bound.
    if (event.key === 'Tab') return onListen(false);
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') return onListen(false);
    const pressed = event.key === '?' ? '?' : combinationOf(event.nativeEvent);
    if (pressed !== null) onPress(pressed);
  };
  return (
    <button
      type="button"
      className="binding"
      aria-pressed={isListening}
      aria-label={isListening ? `Press a key for ${command.name}` : `${command.name}: ${label}. Bind anew`}
      onClick={() => onListen(!isListening)}
      onBlur={() => onListen(false)}
      onKeyDown={onKeyDown}
    >
      {isListening ? 'press a key …' : command.key === null ? <span className="soft">–</span> : <kbd>{label}</kbd>}
    </button>
  );
}

/** The sheet, while it is open. */
export function ShortcutSheet() {
  const model = useModel();
  const keys = useLayout((state) => state.keys);
  const [text, setText] = useState('');
  const [listening, setListening] = useState<string | null>(null);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const letters = useKeyLetters();
  const dialog = useModalDialog();
  const close = () => model.layout.setState({ isShortcutSheetOpen: false });
  const commands = boundCommands(model);
  const usual = new Map(commandsOf(model).map(({ name, key }) => [name, key === null ? null : combination(key)]));
  const wanted = text.trim().toLowerCase();
  const shown = commands.filter(({ name, group, key }) =>
    `${name} ${group} ${key === null ? '' : keyLabel(key, letters)}`.toLowerCase().includes(wanted),
  );
  const bind = (changes: Readonly<Record<string, string | null>>) => {
    // What a command has anyway is not kept, so that a later version may change it.
    const kept = Object.entries({ ...keys, ...changes }).filter(([name, key]) => usual.get(name) !== key);
    model.layout.setState({ keys: Object.fromEntries(kept) });
    setConflict(null);
    setListening(null);
  };
  const press = (name: string, key: string) => {
    const others = conflictsOf(commands, key, name).map((command) => command.name);
    if (others.length === 0) return bind({ [name]: key });
    setListening(null);
    setConflict({ name, key, others });
  };
  return (
    <dialog ref={dialog} className="shortcut-sheet" aria-labelledby="shortcut-sheet-title" onClose={close}>
      <header>
        <h2 id="shortcut-sheet-title">Keyboard shortcuts</h2>
        <input
          type="search"
          aria-label="Search commands and keys"
          placeholder="search"
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        <button type="button" disabled={Object.keys(keys).length === 0} onClick={() => model.layout.setState({ keys: {} })}>
          Reset all
        </button>
        <button type="button" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </header>
      <p className="soft">
        Click a key and press another. Keys are places on the board, whatever letter stands there. A key without Ctrl or Alt does nothing
        while one types, and nothing within a terminal.
      </p>
      {conflict ? (
        <div className="conflict" role="alert">
          <span>
            ▲ {keyLabel(conflict.key, letters)} is already “{conflict.others.join('”, “')}”.
          </span>
          <button
            type="button"
            className="primary"
            onClick={() => bind({ ...Object.fromEntries(conflict.others.map((other) => [other, null])), [conflict.name]: conflict.key })}
          >
            Give it to “{conflict.name}”
          </button>
          <button type="button" onClick={() => setConflict(null)}>
            Leave it
          </button>
        </div>
      ) : null}
      <div className="shortcut-list">
        {commandGroups.map((group) => {
          const own = shown.filter((command) => command.group === group);
          if (own.length === 0) return null;
          return (
            <section key={group} aria-label={group}>
              <h3>{group}</h3>
              <ul>
                {own.map((command) => (
                  <li key={command.name} data-command={command.name}>
                    <span>{command.name}</span>
                    {usual.get(command.name) === command.key ? null : (
                      <button
                        type="button"
                        className="quiet"
                        aria-label={`Reset the key of ${command.name}`}
                        onClick={() => bind({ [command.name]: usual.get(command.name) ?? null })}
                      >
                        Reset
                      </button>
                    )}
                    <button
                      type="button"
                      className="quiet"
                      aria-label={`Take the key from ${command.name}`}
                      disabled={command.key === null}
                      onClick={() => bind({ [command.name]: null })}
                    >
                      ✕
                    </button>
                    <Binding
                      command={command}
                      isListening={listening === command.name}
                      onListen={(isListening) =>
                        setListening((before) => (isListening ? command.name : before === command.name ? null : before))
                      }
                      onPress={(key) => press(command.name, key)}
                    />
                  </li>
                ))}
              </ul>
            </section>
          );
        })}
        {shown.length === 0 ? <p className="empty">No command and no key of that name.</p> : null}
      </div>
    </dialog>
  );
}
