// What one tab shows: the screen, the find bar above it, and how a shell ended below it.
import { useEffect, useRef, useState } from 'react';
import type { TerminalState } from '#common/protocol/terminal.ts';
import type { TerminalKey } from '../../state/terminals.ts';
import { useModel } from '../../ui/model-context.tsx';
import { FindBar } from './find-bar.tsx';
import type { XtermScreen } from './xterm-screen.ts';

/** How a shell ended, in words. */
export function endOf({ title, exitCode, signal }: TerminalState): string {
  return signal ? `${title} was ended by ${signal}.` : `${title} ended with exit code ${exitCode ?? 'unknown'}.`;
}

/** Loads the terminal's chunk and its typeface: characters are measured once, when a screen is first shown. */
async function loadScreens() {
  const [chunk] = await Promise.all([import('./xterm-screen.ts'), document.fonts.load('12px "JetBrains Mono"')]);
  return chunk.XtermScreen;
}

/** The pane of a tab. `name` is what assistive technology calls its input. */
export function TerminalPane({
  tab,
  name,
  ended,
  isFinding,
  onFind,
  onEndFind,
}: {
  tab: TerminalKey;
  name: string;
  ended: TerminalState | null;
  isFinding: boolean;
  onFind: () => void;
  onEndFind: () => void;
}) {
  const model = useModel();
  const place = useRef<HTMLDivElement>(null);
  const [screen, setScreen] = useState<XtermScreen | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  useEffect(() => {
    let isWanted = true;
    loadScreens().then(
      (Screen) => {
        if (isWanted) setScreen(model.terminals.screen(tab, (hooks) => new Screen(name, hooks)));
      },
      (error: unknown) => setFault(String(error)),
    );
    return () => {
      isWanted = false;
    };
  }, [model, tab, name]);
  useEffect(() => {
    if (!screen || !place.current) return;
    const unmount = screen.mount(place.current);
    screen.focus();
    return unmount;
  }, [screen]);
  useEffect(() => {
    if (screen) screen.onFind = onFind;
  }, [screen, onFind]);
  return (
    <>
      {isFinding && screen ? <FindBar screen={screen} onClose={onEndFind} /> : null}
      <div ref={place} className="terminal-place" data-testid="terminal-place">
        {screen ? null : (
          <div className="empty">{fault ? `The terminal could not be loaded: ${fault}. Reload the window.` : 'Loading the terminal …'}</div>
        )}
      </div>
      {ended ? (
        <div className="terminal-end" role="status">
          <span>{endOf(ended)} What it printed stays until the tab is closed.</span>
          <button type="button" className="primary" onClick={() => void model.openShell()}>
            Open another
          </button>
          <button type="button" onClick={() => void model.ask('terminal-close', { id: ended.id })}>
            Close the tab
          </button>
        </div>
      ) : null}
    </>
  );
}
