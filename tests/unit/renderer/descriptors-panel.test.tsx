// The descriptors of the chosen ring: what is shown, chosen, held, and handed on.
import { act } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DescriptorsPanel } from '../../../renderer/panels/descriptors/descriptors-panel.tsx';
import { commandsOf } from '../../../renderer/ui/commands.ts';
import { DrawnCanvas } from '../../support/drawn-canvas.ts';
import { RenderedWindow } from '../../support/rendered-window.tsx';
import { ringSnapshot, writtenBack } from '../../support/ring-snapshots.ts';
import { devicesEvent, helloEvent } from '../../support/wire-payloads.ts';

let rendered: RenderedWindow;
let canvas: DrawnCanvas;
let copied: string[];

beforeEach(() => {
  canvas = new DrawnCanvas();
  rendered = new RenderedWindow();
  copied = [];
  Object.defineProperty(navigator, 'clipboard', {
    value: { writeText: async (text: string) => void copied.push(text) },
    configurable: true,
  });
  rendered.tell(helloEvent(), devicesEvent());
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
  rendered.end();
  canvas.restore();
});

/** Takes a snapshot, and lets the words' pace pass. */
const add = (...args: Parameters<typeof ringSnapshot>) =>
  act(() => {
    rendered.model.rings.add(ringSnapshot(...args));
    vi.advanceTimersByTime(200);
  });
const show = (...args: Parameters<typeof ringSnapshot>) => {
  add(...args);
  rendered.show(<DescriptorsPanel />);
};
const find = <E extends HTMLElement = HTMLElement>(selector: string) => rendered.place.querySelector<E>(selector);
const row = (slot: number) => find(`[role="row"][data-index="${slot}"]`);
const shown = () =>
  [...rendered.place.querySelectorAll<HTMLElement>('.descriptor-rows [role="row"]')].map(({ dataset }) => Number(dataset.index));
const button = (name: string) =>
  [...document.querySelectorAll<HTMLElement>('button, [role="menuitem"]')].find((one) => one.textContent?.startsWith(name));
const click = (element: HTMLElement | null | undefined) => act(() => element?.click());
const press = (key: string, more: KeyboardEventInit = {}) =>
  act(() => void find('#descriptor-rows')?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more })));
const slot = () => rendered.model.layout.getState().slot;

test('of a ring of 4096 descriptors only the rows on the screen exist', () => {
  show({ descriptorCount: 4096 });
  expect(shown().length).toBeGreaterThan(10);
  expect(shown().length).toBeLessThan(60);
  expect(find('#descriptor-rows')?.getAttribute('aria-rowcount')).toBe('4096');
});

test('a filter shows the descriptors of one owner, and how many there are', () => {
  show({ descriptorCount: 16 }, { 3: writtenBack, 9: writtenBack });
  click(button('Done'));
  expect(shown()).toEqual([3, 9]);
  expect(find('[data-testid="shown-count"]')?.textContent).toBe('2 of 16');
  click(button('Error'));
  expect(rendered.place.textContent).toContain('No descriptor of the ring is in this state now.');
});

test('keys move through what the filter shows', () => {
  show({ descriptorCount: 16 }, { 3: writtenBack, 9: writtenBack });
  click(button('Done'));
  press('ArrowDown');
  expect(slot()).toBe(3);
  press('ArrowDown');
  expect(slot()).toBe(9);
  press('Home');
  expect(slot()).toBe(3);
  press('End');
  expect(slot()).toBe(9);
});

test('a page is as many rows as fit', () => {
  show({ descriptorCount: 4096 });
  press('Home');
  press('PageDown');
  // 400 pixels of 20 each, but for one that is seen on both pages.
  expect(slot()).toBe(19);
  press('End');
  press('PageUp');
  expect(slot()).toBe(4095 - 19);
});

test('head, tail and next_to_clean are a button and a key away, and the window’s keys do not hear of it', () => {
  const positions = { head: 5, tail: 12, nextToUse: 13, nextToClean: 2 };
  show({ descriptorCount: 16, after: positions });
  const heard = vi.fn();
  window.addEventListener('keydown', heard);
  for (const [key, target] of [
    ['h', 5],
    ['l', 12],
    ['c', 2],
  ] as const) {
    press(key);
    expect(slot(), key).toBe(target);
  }
  window.removeEventListener('keydown', heard);
  expect(heard).not.toHaveBeenCalled();
  for (const [name, target] of [
    ['Head', 5],
    ['Tail', 12],
    ['Clean', 2],
  ] as const) {
    click(button(name));
    expect(slot(), name).toBe(target);
  }
});

test('a jump to a descriptor that the filter hides shows all again', () => {
  show({ descriptorCount: 16, after: { head: 5, tail: 12, nextToUse: 13, nextToClean: 2 } }, { 3: writtenBack });
  click(button('Done'));
  click(button('Head'));
  expect(row(5)?.getAttribute('aria-selected')).toBe('true');
});

test('only the bytes that changed since the last snapshot are underlined', () => {
  show();
  add({}, { 1: writtenBack });
  expect(row(1)?.dataset.changed).toBe('true');
  expect([...(row(1)?.querySelectorAll('.changed-bytes') ?? [])].map((piece) => piece.textContent)).toEqual(['03', '3c']);
  expect(row(0)?.querySelector('.changed-bytes')).toBeNull();
  expect(row(1)?.querySelector('[data-cell="raw"]')?.textContent).toBe('0000 0000 0000 0000 0300 0000 3c00 0000');
});

test('a frozen ring stays as it was while snapshots come, marks and all', () => {
  show();
  click(button('Freeze'));
  add({}, { 1: writtenBack });
  expect(row(1)?.dataset.raw).toBe('0'.repeat(32));
  expect(row(1)?.dataset.changed).toBe('false');
  click(button('Frozen'));
  expect(row(1)?.dataset.raw).toContain('3c');
});

test('the map is drawn with each snapshot, the rows at the pace of reading', () => {
  show();
  canvas.forget();
  act(() => {
    for (let turn = 0; turn < 10; turn += 1) rendered.model.rings.add(ringSnapshot({}, { 1: [turn, 0, 3, 60] }));
  });
  expect(canvas.drawings('heat-strip')).toBeGreaterThanOrEqual(10);
});

test('pressing the map scrolls the table there', () => {
  show({ descriptorCount: 4096 });
  const rows = find('#descriptor-rows');
  const scroll = vi.fn();
  Object.assign(rows ?? {}, { scrollTo: scroll });
  Object.defineProperty(rows ?? {}, 'scrollHeight', { value: 4096 * 20 });
  const map = find('.heat-strip');
  Object.assign(map ?? {}, { getBoundingClientRect: () => ({ left: 0, width: 640 }) });
  act(() => void map?.dispatchEvent(new PointerEvent('pointerdown', { clientX: 320, bubbles: true })));
  expect(scroll.mock.calls[0]?.[0]).toMatchObject({ top: 2048 * 20 - 200 + 10 });
});

test('pointing at a field lights its digits and says what the datasheet says', () => {
  show({}, { 1: writtenBack });
  click(row(1));
  const over = (element: Element | null) => act(() => void element?.dispatchEvent(new MouseEvent('mouseover', { bubbles: true })));
  over(find('[data-field="PKT_LEN"] td'));
  const lit = () =>
    [...rendered.place.querySelectorAll<HTMLElement>('.raw-digits [data-lit="true"]')].map(({ dataset }) => Number(dataset.digit));
  expect(lit()).toEqual([24, 25, 26, 27]);
  expect(find('[data-testid="explained"]')?.textContent).toBe('PKT_LEN bits 111:96, bytes 12 to 13 · §7.1.5.2 · 0x3c · 60 bytes');
});

test('fields follow the chosen base, addresses stay hexadecimal', () => {
  show({}, { 0: writtenBack });
  click(row(0));
  const value = (name: string) => find(`[data-field="${name}"] td:nth-child(2)`)?.textContent;
  expect(value('DD')).toBe('0x1');
  act(() => rendered.model.layout.setState({ numberBase: 'dec' }));
  expect(value('DD')).toBe('1');
  show({}, {});
  click(row(1));
  expect(value('PKT_ADDR')).toMatch(/^0x/);
});

test('pointing at a raw digit lights the fields that have bits in it', () => {
  show({}, { 1: writtenBack });
  click(row(1));
  act(() => void find('[data-digit="17"]')?.dispatchEvent(new MouseEvent('mousemove', { bubbles: true })));
  const fields = [...rendered.place.querySelectorAll<HTMLElement>('tr[data-lit="true"]')].map(({ dataset }) => dataset.field);
  expect(fields).toEqual(['DD', 'EOP', 'IXSM', 'VP']);
});

test('Ctrl+C in the table copies the raw bytes', () => {
  show({}, { 1: writtenBack });
  click(row(1));
  press('c', { ctrlKey: true });
  expect(copied).toEqual(['0000000000000000030000003c000000']);
});

test('a right-click chooses the row and offers raw, decoded and the vector of the queue', async () => {
  show({}, { 1: writtenBack });
  act(() => void row(1)?.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true })));
  expect(slot()).toBe(1);
  expect([...document.querySelectorAll('[role="menuitem"]')].map((item) => item.textContent)).toEqual([
    'Copy raw',
    'Copy decoded',
    'Show the vector of this queue',
  ]);
  click([...document.querySelectorAll<HTMLElement>('[role="menuitem"]')][1]);
  expect(copied[0]).toContain('PKT_LEN = 0x3c 60 bytes');
});

test('the shown descriptors become a file', async () => {
  let saved: Blob | undefined;
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
    saved = blob as Blob;
    return 'blob:saved';
  });
  const names: string[] = [];
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    names.push(this.download);
  });
  show({ descriptorCount: 16 }, { 3: writtenBack });
  click(button('Done'));
  click(button('Export CSV'));
  const lines = ((await saved?.text()) ?? '').trimEnd().split('\r\n');
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain(',3,done,');
  expect(names[0]).toMatch(/^descriptors-0000-01-00-0-rx0-.*\.csv$/);
  vi.restoreAllMocks();
});

test('the palette jumps and turns to the next ring without the table', () => {
  show({ descriptorCount: 16, after: { head: 5, tail: 12, nextToUse: 13, nextToClean: 2 } });
  const run = (name: string) =>
    act(() =>
      commandsOf(rendered.model)
        .find((command) => command.name === name)
        ?.run(),
    );
  run('Descriptors: jump to tail');
  expect(slot()).toBe(12);
  run('Next ring');
  expect(rendered.model.layout.getState().ring).toEqual({ kind: 'tx', index: 0 });
  run('Next ring');
  expect(rendered.model.layout.getState().ring).toEqual({ kind: 'rx', index: 0 });
});
