// Recording and replay in the window: events in, words and requests out.
import { act } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { EventOf } from '../../../main/common/protocol.ts';
import { showInspect } from '../../../main/common/shell-messages.ts';
import { RecordButton } from '../../../renderer/panels/recordings/record-button.tsx';
import { RecordingsView } from '../../../renderer/panels/recordings/recordings-view.tsx';
import { Timeline } from '../../../renderer/panels/timeline/timeline.tsx';
import { applyEvent } from '../../../renderer/state/session-store.ts';
import type { WindowModel } from '../../../renderer/state/window-model.ts';
import { commandsOf } from '../../../renderer/ui/commands.ts';
import { formatBytes, formatDuration } from '../../../renderer/ui/format.ts';
import { seekBy, seekMark } from '../../../renderer/ui/replay-commands.ts';
import { RenderedWindow } from '../../support/rendered-window.tsx';

// Radix measures its slider; happy-dom has nothing to measure.
vi.stubGlobal(
  'ResizeObserver',
  class {
    observe() {}
    unobserve() {}
    disconnect() {}
  },
);

let rendered: RenderedWindow;
let model: WindowModel;
let place: HTMLElement;
let asked: [string, object][];

beforeEach(() => {
  rendered = new RenderedWindow();
  ({ model, place } = rendered);
  asked = [];
  vi.spyOn(model, 'ask').mockImplementation(async (verb, args) => {
    asked.push([verb, args]);
    return true;
  });
});

afterEach(() => rendered.end());

const show = (element: React.ReactNode) => rendered.show(element);
const tell = (event: Parameters<typeof applyEvent>[1]) => act(() => applyEvent(model.session, event));
const text = () => place.textContent ?? '';
const button = (name: string) =>
  [...place.querySelectorAll('button')].find((one) => one.getAttribute('aria-label') === name || one.textContent === name);
const click = (name: string) => act(() => button(name)?.click());

const recording = (change: Partial<EventOf<'recording'>>): EventOf<'recording'> => ({
  type: 'recording',
  state: 'recording',
  name: 'a-001.mcap',
  bytes: 2_500_000,
  seconds: 75,
  droppedFrames: 0,
  reason: null,
  ...change,
});

const replay = (change: Partial<EventOf<'replay'>> = {}): EventOf<'replay'> => ({
  type: 'replay',
  name: 'a-001.mcap',
  startedUnixMs: 1_790_000_000_000,
  positionMs: 30_000,
  durationMs: 120_000,
  speed: 1,
  playing: false,
  jump: 1,
  remark: null,
  marks: [
    { timeMs: 10_000, kind: 'driver', text: 'Driver rigb live' },
    { timeMs: 60_000, kind: 'mark', text: 'cable pulled' },
  ],
  ...change,
});

test('the button records, tells time and size, stops, and says why it failed', () => {
  show(<RecordButton />);
  click('Record');
  expect(asked).toEqual([['record', { on: true, fromStart: false }]]);
  tell(recording({}));
  expect(text()).toContain('01:15 · 2.4 MiB');
  click('Stop recording');
  expect(asked.at(-1)).toEqual(['record', { on: false }]);
  tell(recording({ droppedFrames: 12 }));
  expect(text()).toContain('12 dropped');
  tell(recording({ state: 'failed', reason: 'The disk is full.' }));
  expect(text()).toContain('Recording failed');
  expect(button('Record')?.title).toBe('The disk is full.');
});

test('the list names each recording and opens, exports and deletes only on purpose', () => {
  show(<RecordingsView />);
  expect(asked).toEqual([['list-recordings', {}]]);
  tell({ type: 'recordings', folder: '/home/a/recordings', always: false, items: [] });
  expect(text()).toContain('Nothing has been recorded yet');
  const item = { name: 'a-001.mcap', bytes: 1024, startedUnixMs: 1_790_000_000_000, seconds: 12.5, complete: true, remark: null };
  const cut = { ...item, name: 'b-001.mcap', complete: false, remark: 'It was not ended.' };
  const broken = { ...item, name: 'c-001.mcap', complete: false, seconds: 0, remark: 'It ends before anything was recorded.' };
  tell({ type: 'recordings', folder: '/home/a/recordings', always: true, items: [item, cut, broken] });
  for (const words of ['00:12.5', '1.0 KiB', 'complete', 'not ended', 'unreadable', '/home/a/recordings']) expect(text()).toContain(words);
  expect(place.querySelector('input')?.checked).toBe(true);
  click('Open a-001.mcap');
  expect(asked.at(-1)).toEqual(['choose-target', { target: { kind: 'recording', name: 'a-001.mcap' } }]);
  expect(button('Open c-001.mcap')?.disabled).toBe(true);
  click('Delete a-001.mcap');
  expect(asked.map(([verb]) => verb)).not.toContain('delete-recording');
  expect(document.body.textContent).toContain('cannot be had back');
});

/** Opens a menu and chooses the item that begins with this word. */
function choose(menu: string, word: string): void {
  act(() => void button(menu)?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true })));
  const items = [...document.querySelectorAll<HTMLElement>('[role="menuitem"]')];
  act(() => items.find((one) => one.textContent?.startsWith(word))?.click());
}

test('a recording of the list is exported by its name, the open one as what is open', async () => {
  show(<RecordingsView />);
  const item = { name: 'a-001.mcap', bytes: 1024, startedUnixMs: 1_790_000_000_000, seconds: 12.5, complete: true, remark: null };
  tell({ type: 'recordings', folder: '/home/a/recordings', always: false, items: [item] });
  choose('Export a-001.mcap', 'CSV');
  expect(asked.at(-1)).toEqual(['export-recording', { name: 'a-001.mcap', format: 'csv' }]);
  tell(replay({ name: 'else where.mcap' }));
  show(<Timeline />);
  // Its menu is loaded with the first recording.
  await act(() => import('../../../renderer/panels/recordings/export-menu.tsx'));
  choose('Export else where.mcap', 'Text');
  expect(asked.at(-1)).toEqual(['export-recording', { format: 'log', fromMs: expect.any(Number), toMs: expect.any(Number) }]);
});

test('a recording from elsewhere is not taken for the one of its name in the list', () => {
  show(<RecordingsView />);
  const item = { name: 'a-001.mcap', bytes: 1024, startedUnixMs: 1_790_000_000_000, seconds: 12.5, complete: true, remark: null };
  tell({ type: 'recordings', folder: '/home/a/recordings', always: false, items: [item] });
  tell(replay());
  expect(text()).toContain('open, complete');
  tell(replay({ elsewhere: true }));
  expect(text()).not.toContain('open, complete');
  expect(button('Record from now on')?.disabled).toBe(true);
});

test('the page has the command that a shell runs when it has opened a recording', () => {
  model.layout.setState({ view: 'recordings' });
  commandsOf(model)
    .find(({ name }) => name === showInspect)
    ?.run();
  expect(model.layout.getState().view).toBe('inspect');
});

test('in a recording the timeline is a slider with a name and a value in words, and is live again without it', () => {
  show(<Timeline />);
  expect(place.querySelector('[role="slider"]')?.getAttribute('aria-label')).toBe('Timeline');
  tell(replay({ remark: 'This recording was not ended.' }));
  const slider = place.querySelector('[role="slider"]');
  expect(slider?.getAttribute('aria-label')).toBe('Position in the recording');
  expect(slider?.getAttribute('aria-valuetext')).toBe('00:30.0 of 02:00.0');
  expect(text()).toContain('00:30.0 / 02:00.0');
  expect(text()).toContain('Driver rigb live');
  expect(place.querySelector('[data-testid="replay-remark"]')?.getAttribute('aria-label')).toContain('not ended');
  click('Play');
  expect(asked.at(-1)).toEqual(['replay', { playing: true }]);
  act(() => void slider?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true })));
  expect(asked.at(-1)).toEqual(['replay', { positionMs: 31_000 }]);
  act(() => void slider?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', shiftKey: true, bubbles: true })));
  expect(asked.at(-1)).toEqual(['replay', { positionMs: 21_000 }]);
  tell({
    type: 'target',
    kind: 'lab',
    phase: 'preparing',
    step: '',
    elapsedMs: 0,
    accelerator: null,
    machine: null,
    reason: null,
    lastConsoleLines: [],
  });
  expect(place.querySelector('[role="slider"]')?.getAttribute('aria-label')).toBe('Timeline');
});

test('keys that are pressed quickly count from where they lead, within the recording', () => {
  tell(replay());
  for (let press = 0; press < 3; press += 1) seekBy(model, -10_000);
  seekBy(model, -10_000);
  expect(asked.map(([, args]) => args)).toEqual([20_000, 10_000, 0, 0].map((positionMs) => ({ positionMs })));
  tell(replay({ positionMs: 0, jump: 2 }));
  seekMark(model, 1);
  seekMark(model, 1);
  seekMark(model, -1);
  expect(asked.slice(4).map(([, args]) => args)).toEqual([10_000, 60_000, 10_000].map((positionMs) => ({ positionMs })));
});

test('sizes and durations are read at a glance', () => {
  expect([0, 1023, 1024, 159_005, 5_000_000_000].map(formatBytes)).toEqual(['0 B', '1023 B', '1.0 KiB', '155 KiB', '4.7 GiB']);
  expect([0, 59_990, 3_600_000 + 61_500].map(formatDuration)).toEqual(['00:00.0', '00:59.9', '1:01:01.5']);
});
