import { beforeEach, expect, test } from 'vitest';
import { terminalPayload } from '../../../main/common/layouts/terminal-output.ts';
import type { EventOf } from '../../../main/common/protocol.ts';
import { piecesOf, type Screen, type ScreenHooks, Terminals } from '../../../renderer/state/terminals.ts';

/** A screen that is a list; what it was given counts as shown when the test says so. */
class ListScreen implements Screen {
  readonly hooks: ScreenHooks;
  readonly shows: string[] = [];
  readonly waiting: (() => void)[] = [];

  constructor(hooks: ScreenHooks) {
    this.hooks = hooks;
  }

  write(bytes: Uint8Array, isRetold: boolean, shown: () => void): void {
    this.shows.push(`${isRetold ? 'retold ' : ''}${new TextDecoder().decode(bytes)}`);
    this.waiting.push(shown);
  }

  reset(): void {
    this.shows.push('reset');
  }

  dispose(): void {
    this.shows.push('disposed');
  }
}

let sent: string[];
let terminals: Terminals<ListScreen>;

beforeEach(() => {
  sent = [];
  terminals = new Terminals((verb, args) => void sent.push(`${verb} ${JSON.stringify(args)}`));
});

const shells = (...ids: number[]): EventOf<'terminal'> => ({
  type: 'terminal',
  unavailable: null,
  terminals: ids.map((id) => ({ id, title: 'bash', state: 'open', exitCode: null, signal: null })),
});
const output = (terminalId: number, text: string, isRetold = false) =>
  terminalPayload({ terminalId, isRetold, bytes: new TextEncoder().encode(text) });
const make = (hooks: ScreenHooks) => new ListScreen(hooks);
const text = (value: string) => new TextEncoder().encode(value);

test('a shell’s output is asked for when its screen is made, and acknowledged when it has been shown', () => {
  terminals.take(shells(1));
  expect(sent).toEqual([]);
  const screen = terminals.screen(1, make);
  expect(terminals.screen(1, make)).toBe(screen);
  expect(sent.splice(0)).toEqual(['terminal-attach {"id":1}']);
  expect(terminals.takeOutput(output(1, 'before', true))).toBeNull();
  terminals.takeOutput(output(1, 'now'));
  expect([screen.shows, sent]).toEqual([['retold before', 'now'], []]);
  for (const shown of screen.waiting) shown();
  expect(sent).toEqual(['terminal-acknowledge {"id":1,"bytes":6}', 'terminal-acknowledge {"id":1,"bytes":3}']);
});

test('output for a screen that is gone holds nobody up', () => {
  terminals.takeOutput(output(7, 'late'));
  expect(sent).toEqual(['terminal-acknowledge {"id":7,"bytes":4}']);
});

test('a payload that contradicts itself is told in words', () => {
  expect(terminals.takeOutput(new Uint8Array(5))).toContain('shorter');
  expect(terminals.takeOutput(Uint8Array.of(1, 0, 0, 0, 2, 0, 0, 0))).toContain('flags 2');
});

test('what the console said before anybody looked is shown first, and answered by nobody', () => {
  expect(terminals.takeConsole(text('one '), () => undefined)).toBe(false);
  terminals.takeConsole(text('two'), () => undefined);
  const screen = terminals.screen('console', make);
  expect(terminals.takeConsole(text('three'), () => undefined)).toBe(true);
  expect([screen.shows, sent]).toEqual([['retold one ', 'retold two', 'three'], []]);
});

test('after a new greeting everything is shown from its start', () => {
  terminals.take(shells(1));
  const [shell, console] = [terminals.screen(1, make), terminals.screen('console', make)];
  sent = [];
  terminals.greeted();
  terminals.takeConsole(text('kept'), () => undefined);
  terminals.takeConsole(text('new'), () => undefined);
  expect(console.shows).toEqual(['reset', 'retold kept', 'new']);
  expect([sent, shell.shows]).toEqual([['terminal-attach {"id":1}'], []]);
});

test('a shell that was closed loses its screen, and its neighbour is chosen', () => {
  terminals.take(shells(1, 2, 3));
  const screen = terminals.screen(2, make);
  terminals.store.setState({ chosen: 2 });
  terminals.take(shells(1, 3));
  expect([screen.shows, terminals.store.getState().chosen]).toEqual([['disposed'], 3]);
  terminals.take(shells(1));
  expect(terminals.store.getState().chosen).toBe(1);
  terminals.take(shells());
  expect(terminals.store.getState().chosen).toBe('console');
});

test('typed text and sizes go to their own terminal, long text in pieces that the wire takes', () => {
  terminals.take(shells(1));
  const [shell, console] = [terminals.screen(1, make), terminals.screen('console', make)];
  sent = [];
  shell.hooks.onInput('ls');
  shell.hooks.onResize({ columns: 100, rows: 30 });
  console.hooks.onInput('x'.repeat(5000));
  console.hooks.onResize({ columns: 90, rows: 20 });
  expect(sent.slice(0, 2)).toEqual(['terminal-write {"id":1,"text":"ls"}', 'terminal-resize {"id":1,"columns":100,"rows":30}']);
  expect(sent.slice(2).map((line) => line.length)).toEqual([4096, 904].map((length) => `console-write {"text":""}`.length + length));
});

test('a piece never ends within a character', () => {
  expect(piecesOf('ab😀c', 3)).toEqual(['ab', '😀c']);
  expect(piecesOf('', 3)).toEqual([]);
  expect(piecesOf('😀😀😀', 4).join('')).toBe('😀😀😀');
});
