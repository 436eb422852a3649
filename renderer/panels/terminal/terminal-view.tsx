// The view of shells: a tab each, and one for the guest's console where the target has one.
import { Plus, Search, X } from 'lucide-react';
import { Tabs } from 'radix-ui';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { TerminalState } from '#common/protocol/terminal.ts';
import { staleReason } from '../../state/session-store.ts';
import type { TerminalKey } from '../../state/terminals.ts';
import { useModel, useSession } from '../../ui/model-context.tsx';
import { TerminalPane } from './terminal-pane.tsx';

const keyOf = (value: string): TerminalKey => (value === 'console' ? 'console' : Number(value));

function ShellTab({ shell, onClick, onClose }: { shell: TerminalState; onClick: () => void; onClose: () => void }) {
  const name = `${shell.title} ${shell.id}`;
  return (
    <Tabs.Trigger
      value={String(shell.id)}
      className="terminal-tab"
      onClick={onClick}
      title={`${name}${shell.state === 'ended' ? ', ended' : ''} (Delete closes it)`}
      onKeyDown={({ key }) => {
        if (key === 'Delete') onClose();
      }}
      onAuxClick={({ button }) => {
        if (button === 1) onClose();
      }}
    >
      <span className={shell.state === 'ended' ? 'soft' : undefined}>
        {name}
        {shell.state === 'ended' ? ' · ended' : ''}
      </span>
      {/* For the pointer; a tab has the Delete key, and the bar a button. */}
      <span
        className="close"
        aria-hidden="true"
        onMouseDown={(event) => event.stopPropagation()}
        onClick={(event) => {
          event.stopPropagation();
          onClose();
        }}
      >
        <X size={12} />
      </span>
    </Tabs.Trigger>
  );
}

/** Why there is nothing to type into, and what helps. */
function NoTerminal({ unavailable, onOpen }: { unavailable: { message: string; remedy: string } | null; onOpen: () => void }) {
  return (
    <div className="empty terminal-none">
      <strong>{unavailable ? 'No shell can be opened here' : 'No shell is open'}</strong>
      <span>
        {unavailable
          ? unavailable.message
          : 'A shell runs as you, on the machine that Ringscope runs on, and stays open when the window is reloaded.'}
      </span>
      {unavailable ? (
        <span>{unavailable.remedy}</span>
      ) : (
        <button type="button" className="primary" onClick={onOpen}>
          Open a shell
        </button>
      )}
    </div>
  );
}

/** The view. */
export function TerminalView() {
  const model = useModel();
  const event = useStore(model.terminals.store, (state) => state.event);
  const chosen = useStore(model.terminals.store, (state) => state.chosen);
  const hasConsole = useSession((state) => state.target?.kind === 'lab');
  const isConnected = useSession((state) => state.connection.name === 'open');
  const consoleFault = useSession((state) =>
    state.target?.phase === 'stopped' || state.target?.phase === 'failed' ? staleReason(state) : null,
  );
  const [isFinding, setFinding] = useState(false);
  const startFind = useCallback(() => setFinding(true), []);
  const endFind = useCallback(() => setFinding(false), []);

  const shells = event?.terminals ?? [];
  const unavailable = event?.unavailable ?? null;
  const current = chosen === 'console' && !hasConsole ? shells[0]?.id : chosen;
  const list = useRef<HTMLDivElement>(null);
  // Of more tabs than there is room for, the chosen one is in sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the element changes with what is chosen and with how many there are
  useEffect(() => {
    list.current?.querySelector('[data-state="active"]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [current, shells.length]);
  const shell = shells.find(({ id }) => id === current) ?? null;
  const close = (id: number) => void model.ask('terminal-close', { id });
  // Whoever clicks a tab wants to type, also into the one that is shown already.
  const focus = (key: TerminalKey) => model.terminals.existing(key)?.focus();
  const open = () => void model.openShell();
  const name = shell ? `${shell.title} ${shell.id}` : 'Guest console';
  return (
    <div className="terminal-view">
      <section className="panel" aria-label="Terminal" title={unavailable ? unavailable.message : undefined}>
        <Tabs.Root
          className="terminal-tabs"
          activationMode="manual"
          value={current === undefined ? '' : String(current)}
          onValueChange={(value) => {
            setFinding(false);
            model.terminals.store.setState({ chosen: keyOf(value) });
          }}
        >
          <header>
            <Tabs.List ref={list} className="terminal-list" aria-label="Terminals">
              {hasConsole ? (
                <Tabs.Trigger
                  value="console"
                  className="terminal-tab"
                  title="The console of the lab guest"
                  onClick={() => focus('console')}
                >
                  Guest console
                </Tabs.Trigger>
              ) : null}
              {shells.map((one) => (
                <ShellTab key={one.id} shell={one} onClick={() => focus(one.id)} onClose={() => close(one.id)} />
              ))}
            </Tabs.List>
            <button
              type="button"
              className="quiet with-icon"
              onClick={open}
              disabled={!isConnected || unavailable !== null}
              title={unavailable ? unavailable.message : 'Open a shell on this machine'}
            >
              <Plus size={14} aria-hidden="true" /> Shell
            </button>
            <span className="spacer" />
            {consoleFault && current === 'console' ? <span className="soft">{consoleFault}</span> : null}
            <button
              type="button"
              className="quiet with-icon"
              aria-pressed={isFinding}
              disabled={current === undefined}
              onClick={() => setFinding(!isFinding)}
              title="Find (Ctrl+Shift+F)"
            >
              <Search size={14} aria-hidden="true" /> Find
            </button>
            <button
              type="button"
              className="quiet"
              disabled={!shell}
              onClick={() => shell && close(shell.id)}
              title={shell ? `Close ${name}` : 'No shell is chosen'}
            >
              Close
            </button>
          </header>
          {current === undefined ? (
            <NoTerminal unavailable={unavailable} onOpen={open} />
          ) : (
            <Tabs.Content key={current} value={String(current)} className="terminal-content" tabIndex={-1}>
              {unavailable && current === 'console' ? (
                <div className="terminal-note" role="note">
                  {unavailable.message} {unavailable.remedy}
                </div>
              ) : null}
              <TerminalPane
                tab={current}
                name={`${name}: terminal input; Ctrl+Shift+K opens the commands`}
                ended={shell?.state === 'ended' ? shell : null}
                isFinding={isFinding}
                onFind={startFind}
                onEndFind={endFind}
              />
            </Tabs.Content>
          )}
        </Tabs.Root>
      </section>
    </div>
  );
}
