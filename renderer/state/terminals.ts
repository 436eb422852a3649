// The user's shells and the guest's console as this window knows them. What they print goes to screens outside React, at the pace at which those show it.
import { createStore } from 'zustand/vanilla';
import { readTerminalOutput } from '#common/layouts/terminal-output.ts';
import type { Arguments, EventOf, Verb } from '#common/protocol.ts';

/** A tab: the id of a shell, or the console of the guest. */
export type TerminalKey = number | 'console';

/** What shows one terminal; the window's is made with xterm.js, a test's is a list. */
export interface Screen {
  /** Shows bytes after all earlier ones. Queries among `isRetold` ones were answered when they were new. */
  write(bytes: Uint8Array, isRetold: boolean, shown: () => void): void;
  /** Forgets everything that it shows. */
  reset(): void;
  dispose(): void;
}

/** What a screen tells. */
export interface ScreenHooks {
  onInput(text: string): void;
  onResize(size: { columns: number; rows: number }): void;
}

/** Known shells, and the tab that is chosen. */
export interface TerminalsState {
  readonly event: EventOf<'terminal'> | null;
  readonly chosen: TerminalKey;
  /** Size of the newest screen, in characters: what a new shell starts with. */
  readonly size: { readonly columns: number; readonly rows: number };
}

type Send = <V extends Verb>(verb: V, args: Arguments<V>) => void;

// What the console prints before anybody looks at it; the session keeps as much.
const backlogBytes = 65_536;
// Limits of the wire.
const shellText = 32_768;
const consoleText = 4096;

/** Cuts typed or pasted text into pieces that the wire takes, never within a surrogate pair. */
export function piecesOf(text: string, length: number): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; ) {
    let end = Math.min(at + length, text.length);
    if (end < text.length && /[\ud800-\udbff]/.test(text.charAt(end - 1))) end -= 1;
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
}

/** The screens of this window, and what goes to and from them. */
export class Terminals<S extends Screen = Screen> {
  readonly store = createStore<TerminalsState>(() => ({ event: null, chosen: 'console', size: { columns: 80, rows: 24 } }));
  readonly #send: Send;
  readonly #screens = new Map<TerminalKey, S>();
  #backlog: Uint8Array[] = [];
  #isConsoleRetold = false;

  /** `send` asks the session for something whose answer nobody waits for. */
  constructor(send: Send) {
    this.#send = send;
  }

  /** The screen of a tab, made when it is first wanted; from then on its output arrives. */
  screen(key: TerminalKey, make: (hooks: ScreenHooks) => S): S {
    const before = this.#screens.get(key);
    if (before) return before;
    const screen = make({
      onInput: (text) => this.write(key, text),
      onResize: (size) => {
        this.store.setState({ size });
        if (key !== 'console') this.#send('terminal-resize', { id: key, ...size });
      },
    });
    this.#screens.set(key, screen);
    if (key === 'console') for (const bytes of this.#backlog.splice(0)) screen.write(bytes, true, () => undefined);
    else this.#send('terminal-attach', { id: key });
    return screen;
  }

  /** The screen of a tab, if it has one yet. */
  existing(key: TerminalKey): S | undefined {
    return this.#screens.get(key);
  }

  /** Types text into a tab. */
  write(key: TerminalKey, text: string): void {
    if (key === 'console') for (const piece of piecesOf(text, consoleText)) this.#send('console-write', { text: piece });
    else for (const piece of piecesOf(text, shellText)) this.#send('terminal-write', { id: key, text: piece });
  }

  /** The session was greeted anew: it tells the console from its start, and the shells once they are asked for. */
  greeted(): void {
    this.#backlog = [];
    this.#isConsoleRetold = true;
    this.#screens.get('console')?.reset();
    for (const key of this.#screens.keys()) if (key !== 'console') this.#send('terminal-attach', { id: key });
  }

  /** The list of shells as it is now; the screens of those that were closed go. */
  take(event: EventOf<'terminal'>): void {
    const { event: before, chosen } = this.store.getState();
    const ids = event.terminals.map(({ id }) => id);
    for (const [key, screen] of this.#screens) {
      if (key === 'console' || ids.includes(key)) continue;
      this.#screens.delete(key);
      screen.dispose();
    }
    this.store.setState({ event });
    if (chosen === 'console' || ids.includes(chosen)) return;
    // The neighbour of the tab that went, as a browser does.
    const at = before?.terminals.findIndex(({ id }) => id === chosen) ?? 0;
    this.store.setState({ chosen: ids[Math.min(Math.max(at, 0), ids.length - 1)] ?? 'console' });
  }

  /** A payload of stream 7; each is acknowledged once it has been shown. The error says why it contradicts itself. */
  takeOutput(payload: Uint8Array): string | null {
    const read = readTerminalOutput(payload);
    if (!read.ok) return read.error;
    const { terminalId: id, isRetold, bytes } = read.value;
    const shown = () => this.#send('terminal-acknowledge', { id, bytes: bytes.length });
    const screen = this.#screens.get(id);
    if (screen) screen.write(bytes, isRetold, shown);
    else shown();
    return null;
  }

  /** A payload of stream 6. Returns false when no screen shows it, so that it counts as shown at once. */
  takeConsole(bytes: Uint8Array, shown: () => void): boolean {
    const screen = this.#screens.get('console');
    const isRetold = this.#isConsoleRetold;
    this.#isConsoleRetold = false;
    if (screen) {
      screen.write(bytes, isRetold, shown);
      return true;
    }
    this.#backlog.push(bytes);
    let total = this.#backlog.reduce((sum, { length }) => sum + length, 0);
    while (total > backlogBytes && this.#backlog.length > 1) total -= this.#backlog.shift()?.length ?? 0;
    return false;
  }
}
