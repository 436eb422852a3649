// Commands, their keys, the palette, the shortcut sheet and the rail, without a browser.
import { act } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { layouts } from '../../../renderer/panels/layouts.ts';
import { Palette } from '../../../renderer/panels/palette/palette.tsx';
import { panels } from '../../../renderer/panels/registry.tsx';
import { ShortcutSheet } from '../../../renderer/panels/shortcuts/shortcut-sheet.tsx';
import type { WindowModel } from '../../../renderer/state/window-model.ts';
import { boundCommands, commandsOf } from '../../../renderer/ui/commands.ts';
import { followView } from '../../../renderer/ui/follow-view.ts';
import { listenForKeys } from '../../../renderer/ui/listen-for-keys.ts';
import { menuCommands } from '../../../renderer/ui/menu-commands.ts';
import { Rail } from '../../../renderer/ui/rail.tsx';
import { RenderedWindow } from '../../support/rendered-window.tsx';

// All commands in a palette or a sheet are much for a document without a browser on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

let rendered: RenderedWindow;
let model: WindowModel;
let place: HTMLElement;
let unlisten: () => void;

beforeEach(() => {
  rendered = new RenderedWindow();
  ({ model, place } = rendered);
  unlisten = listenForKeys(model);
});
afterEach(() => {
  unlisten();
  rendered.end();
});

const press = (code: string, change: KeyboardEventInit = {}, target: Element = document.body) =>
  act(() => void target.dispatchEvent(new KeyboardEvent('keydown', { code, bubbles: true, cancelable: true, ...change })));
const button = (name: string) =>
  [...document.querySelectorAll('button')].find((one) => (one.getAttribute('aria-label') ?? one.textContent ?? '').startsWith(name));
const click = (name: string) =>
  act(() => {
    const found = button(name);
    if (!found) throw new Error(`There is no button "${name}" in: ${document.body.textContent}`);
    found.click();
  });
const frozen = () => model.layout.getState().isFrozen;

test('every command has a name of its own, and no two have one key', () => {
  const commands = boundCommands(model);
  expect(new Set(commands.map(({ name }) => name)).size).toBe(commands.length);
  const keys = commands.flatMap(({ key }) => key ?? []);
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
});

test('every key is named as key events name it', () => {
  const named =
    /^(\?|(Ctrl\+)?(Alt\+)?(Shift\+)?(Key[A-Z]|Digit\d|F\d{1,2}|Space|Enter|Escape|Bracket(Left|Right)|Arrow(Up|Down|Left|Right)|Comma|Period|Slash))$/;
  const keys = boundCommands(model).flatMap(({ key }) => key ?? []);
  expect(keys.filter((key) => !named.test(key))).toEqual([]);
});

test('every panel and every layout can be gone to by name', () => {
  const names = commandsOf(model).map(({ name }) => name);
  for (const panel of panels) expect(names).toContain(`Go to ${panel.name}`);
  for (const layout of layouts) expect(names).toContain(`Show ${layout.name}`);
});

test('a key runs its command wherever the letter stands', () => {
  press('KeyP', { key: 'l' });
  expect(frozen()).toBe(true);
});

test('whoever types a letter types it: in a field, in a dialog, in a terminal', () => {
  document.body.insertAdjacentHTML(
    'beforeend',
    '<input id="field"><div role="dialog"><button id="in-dialog"></button></div><div class="xterm"><textarea id="shell"></textarea></div>',
  );
  for (const id of ['field', 'in-dialog', 'shell']) press('KeyP', {}, document.getElementById(id) ?? undefined);
  expect(frozen()).toBe(false);
});

test('what is typed while the palette is still being loaded is no command', () => {
  press('KeyK', { ctrlKey: true });
  press('KeyP');
  expect(frozen()).toBe(false);
});

test('a terminal gets every key but those that lead out of it', () => {
  const shell = document.createElement('div');
  shell.className = 'xterm';
  document.body.append(shell);
  press('KeyK', { ctrlKey: true }, shell);
  expect(model.layout.getState().isPaletteOpen).toBe(false);
  press('KeyK', { ctrlKey: true, shiftKey: true }, shell);
  expect(model.layout.getState().isPaletteOpen).toBe(true);
  const focused = vi.fn();
  model.workbench.attach({ focusNext: focused } as never);
  press('F6', {}, shell);
  expect(focused).toHaveBeenCalledWith(1);
});

test('a key that was bound anew works, and the old one no longer does', () => {
  model.layout.setState({ keys: { 'Freeze the descriptors, or go on': 'Ctrl+KeyY' } });
  press('KeyP');
  expect(frozen()).toBe(false);
  press('KeyY', { ctrlKey: true });
  expect(frozen()).toBe(true);
});

test('the menu is told keys that Electron has words for, and no others', () => {
  const keys = new Map(menuCommands(model).map(({ name, key }) => [name, key]));
  expect(keys.get('Load or unload the driver')).toBe('U');
  expect(keys.get('Focus the panel before')).toBe('Shift+F6');
  expect(keys.get('Make the panel wider')).toBeNull();
});

test('the palette shows keys and groups, and what was used last first', () => {
  HTMLElement.prototype.scrollIntoView ??= () => undefined;
  model.layout.setState({ isPaletteOpen: true, recentCommands: ['Theme: dark', 'a command of an older version'] });
  rendered.show(<Palette />);
  const options = [...document.querySelectorAll('[role="option"]')].map((one) => one.textContent);
  expect(options[0]).toBe('Theme: dark');
  expect(options.filter((one) => one === 'Theme: dark')).toHaveLength(1);
  expect(options).toContain('Load or unload the driverU');
  expect(document.body.textContent).toContain('Used last');
  act(() => void (document.querySelectorAll('[role="option"]')[0] as HTMLElement).click());
  expect(model.layout.getState()).toMatchObject({ theme: 'dark', isPaletteOpen: false });
});

test('the shortcut sheet binds a key by pressing it, and the command goes by it', () => {
  rendered.show(<ShortcutSheet />);
  click('Theme: dark: none');
  press('KeyD', { altKey: true }, button('Press a key for Theme: dark'));
  expect(model.layout.getState().keys).toEqual({ 'Theme: dark': 'Alt+KeyD' });
  expect(button('Theme: dark: Alt+D')).toBeDefined();
});

test('a key that another command has is told, and given only when that is said', () => {
  rendered.show(<ShortcutSheet />);
  click('Theme: dark: none');
  press('KeyU', {}, button('Press a key for Theme: dark'));
  expect(document.querySelector('[role="alert"]')?.textContent).toContain('U is already “Load or unload the driver”');
  expect(model.layout.getState().keys).toEqual({});
  click('Give it to');
  expect(model.layout.getState().keys).toEqual({ 'Theme: dark': 'KeyU', 'Load or unload the driver': null });
});

test('Escape gives up binding, a reset brings one key back, and a reset of all brings all', () => {
  model.layout.setState({ keys: { 'Theme: dark': 'KeyD', 'Load or unload the driver': null } });
  rendered.show(<ShortcutSheet />);
  click('Theme: dark: D');
  press('Escape', { key: 'Escape' }, button('Press a key for Theme: dark'));
  expect(button('Theme: dark: D')).toBeDefined();
  click('Reset the key of Load or unload the driver');
  expect(model.layout.getState().keys).toEqual({ 'Theme: dark': 'KeyD' });
  click('Reset all');
  expect(model.layout.getState().keys).toEqual({});
});

test('the rail shows which layout is chosen and which panels are in sight, and brings panels', () => {
  const shown = vi.fn();
  model.workbench.attach({ show: shown } as never);
  model.workbench.store.setState({ open: ['log', 'traffic'], visible: ['log'] });
  const [inspect] = layouts;
  if (!inspect) throw new Error('There is no layout.');
  rendered.show(<Rail current={inspect} />);
  expect(place.querySelector('[aria-current="page"]')?.textContent).toBe('Inspect');
  expect(button('Kernel log panel')?.dataset.state).toBe('visible');
  expect(button('Traffic panel')?.dataset.state).toBe('open');
  expect(button('Queues panel')?.dataset.state).toBe('closed');
  click('Queues panel');
  expect(shown).toHaveBeenCalledWith('queues');
  click('Machine');
  expect(model.layout.getState().view).toBe('machine');
});

test('Space presses the button that has the focus, and is no command there', () => {
  model.layout.setState({ keys: { 'Freeze the descriptors, or go on': 'Space' } });
  document.body.insertAdjacentHTML('beforeend', '<button id="focused"></button>');
  press('Space', {}, document.getElementById('focused') ?? undefined);
  expect(frozen()).toBe(false);
  press('Space');
  expect(frozen()).toBe(true);
});

test('a view that is a panel brings that panel into the layout that is shown; one that is neither is not gone to', () => {
  const shown = vi.fn();
  model.workbench.attach({ show: shown } as never);
  model.layout.setState({ view: 'machine' });
  const unfollow = followView(model);
  model.layout.setState({ view: 'log' });
  expect(shown.mock.calls).toEqual([['log']]);
  expect(model.layout.getState().view).toBe('machine');
  model.layout.setState({ view: 'nowhere' });
  expect(model.layout.getState().view).toBe('machine');
  unfollow();
  expect(shown).toHaveBeenCalledTimes(1);
});

test('what is asked of the workbench before it is loaded is done once it is', () => {
  const shown = vi.fn();
  model.workbench.show('log');
  model.workbench.attach({ show: shown } as never);
  expect(shown).toHaveBeenCalledWith('log');
});
