// The panel as it is worked: filtered, stepped through, folded, linked to the one clock, copied.
import { act } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { LogRecord } from '../../../../main/common/layouts/log-batch.ts';
import { LogPanel } from '../../../../renderer/panels/log/log-panel.tsx';
import { logViewOf } from '../../../../renderer/panels/log/log-views.ts';
import { listenForKeys } from '../../../../renderer/ui/listen-for-keys.ts';
import { RenderedWindow } from '../../../support/rendered-window.tsx';
import { helloEvent } from '../../../support/wire-payloads.ts';
import { warning } from '../../kernel-log/reports.ts';

let rendered: RenderedWindow;
let sequence = 0;

// The document here has no layout: the list is told its height, and scrolling is an event like the browser's.
let heightPx = 400;
Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, get: () => heightPx });

beforeEach(() => {
  sequence = 0;
  heightPx = 400;
  rendered = new RenderedWindow();
  rendered.tell(helloEvent());
  rendered.show(<LogPanel />);
});
afterEach(() => rendered.end());

const write = (...lines: (string | Partial<LogRecord>)[]) =>
  act(() => {
    const records = lines.map((line) => {
      sequence += 1;
      const part = typeof line === 'string' ? { text: line } : line;
      const timeUs = BigInt(sequence) * 1_000_000n;
      return {
        sequence: BigInt(sequence),
        timeUs,
        level: 6,
        facility: 0,
        isContinuation: false,
        text: '',
        device: '',
        subsystem: '',
        ...part,
      };
    });
    rendered.model.log.add({ lostRecords: 0n, records });
  });

const rows = () => [...rendered.place.querySelectorAll<HTMLElement>('[role="row"]')].filter((row) => row.closest('.log-rows'));
const texts = () => rows().map((row) => row.lastElementChild?.textContent);
const row = (text: string): HTMLElement => {
  const found = rows().find((one) => one.textContent?.includes(text));
  if (!found) throw new Error(`There is no row ${text}: ${texts().join(' | ')}`);
  return found;
};
const field = <T extends HTMLElement = HTMLInputElement>(name: string): T => {
  const found = rendered.place.querySelector<T>(`[aria-label="${name}"]`);
  if (!found) throw new Error(`There is no ${name}`);
  return found;
};
const list = () => field<HTMLElement>('Log records');
const settled = () => act(() => new Promise((resolve) => setTimeout(resolve, 0)));

async function type(name: string, value: string) {
  act(() => {
    const input = field(name);
    const prototype = input instanceof HTMLSelectElement ? HTMLSelectElement.prototype : HTMLInputElement.prototype;
    Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(input, value);
    input.dispatchEvent(new Event(input instanceof HTMLSelectElement ? 'change' : 'input', { bubbles: true }));
  });
  await settled();
}
const click = (element: Element, shiftKey = false) =>
  act(() => void element.dispatchEvent(new MouseEvent('click', { bubbles: true, shiftKey })));
const press = (key: string, more: KeyboardEventInit = {}) =>
  act(() => void list().dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more })));

test('before there is a record the panel says what it waits for', () => {
  expect(rendered.place.textContent).toContain('Kernel log will be shown once the target is live.');
});

test('a record has its time, its level in words and its text', () => {
  write({ text: 'rigb: link up', level: 4 });
  expect(row('link up').textContent).toBe('1.000000warnrigb: link up');
});

test('a log is narrowed down by text, with what was found shown in the row', async () => {
  write('link up', 'noise', 'link down');
  await type('Filter by text', 'link');
  expect(texts()).toEqual(['link up', 'link down']);
  expect([...rendered.place.querySelectorAll('mark.hit')].map((mark) => mark.textContent)).toEqual(['link', 'link']);
  expect(rendered.place.querySelector('[data-testid="log-count"]')?.textContent).toContain('2 of 3 rows');
});

test('a filter that lets nothing pass says so and can be taken away', async () => {
  write('link up');
  await type('Filter by text', 'nowhere');
  const button = [...rendered.place.querySelectorAll('button')].find((one) => one.textContent === 'Show all rows');
  if (button) click(button);
  await settled();
  expect(texts()).toEqual(['link up']);
  expect(field('Filter by text').value).toBe('');
});

test('what is wrong with an expression is said beside its field', async () => {
  write('link up');
  click(field('Filter by text: as a regular expression'));
  await type('Filter by text', '(');
  expect(field('Filter by text').getAttribute('aria-invalid')).toBe('true');
  expect(rendered.place.querySelector('[role="alert"]')?.textContent).not.toBe('');
  expect(texts()).toEqual(['link up']);
});

test('a device of the log can be chosen', async () => {
  write({ text: 'ours', device: '+pci:0000:01:00.0' }, 'other');
  expect([...field<HTMLSelectElement>('Device').options].map(({ textContent }) => textContent)).toEqual(['any device', 'pci 0000:01:00.0']);
  await type('Device', '+pci:0000:01:00.0');
  expect(texts()).toEqual(['ours']);
});

test('marked words are counted, and n and N step from one to the next', async () => {
  write('eth0 up', 'noise', 'eth0 down');
  await type('Mark words', 'eth0');
  expect(field<HTMLElement>('Hits').textContent).toBe('2 hits');
  press('n');
  press('n');
  expect(field<HTMLElement>('Hits').textContent).toBe('2 of 2');
  expect(row('eth0 down').getAttribute('aria-selected')).toBe('true');
  press('N');
  expect(row('eth0 up').getAttribute('aria-selected')).toBe('true');
});

test('a report is one row with its title; Enter opens it with its decoded trace, and folds it again', () => {
  write('before', ...warning.map((text) => ({ text, level: 4 })), 'after');
  expect(rows().length).toBe(3);
  expect(row('WARNING').textContent).toContain('tx ring 0 has 3 descriptors too many');
  expect(row('WARNING').textContent).toContain('CPU 1 · ksoftirqd/1[22] · tainted GO');
  act(() => logViewOf(rendered.model).selection.choose(Number(row('WARNING').dataset.number)));
  press('Enter');
  expect(row('WARNING').getAttribute('aria-expanded')).toBe('true');
  expect(rendered.place.querySelector('.call-trace')?.textContent).toContain('igb_poll+0x5b/0x3a0 [igb]');
  expect(rendered.place.querySelector('.report-detail')?.textContent).toContain('module from outside of the kernel tree was loaded');
  press('Enter');
  expect(rows().length).toBe(3);
  expect(rendered.place.querySelector('.report-detail')).toBeNull();
});

test('a queue that hangs stands out in words', () => {
  write('rigb 0000:01:00.0 eth0: NETDEV WATCHDOG: CPU: 0: transmit queue 0 timed out 5012 ms');
  expect(row('NETDEV').querySelector('.log-event')?.textContent).toBe('TX timeout');
});

test('times are told since boot, by the clock on the wall, or since the row before', async () => {
  write('one', 'two');
  await type('Time', 'delta');
  expect(row('two').textContent).toContain('+1.000000');
  await type('Time', 'wall');
  expect(row('two').textContent).toMatch(/\d\d:16:42\.000000/);
});

test('a chosen row is the instant of all panels, and a row under the pointer the hovered one', () => {
  write('one', 'two');
  click(row('two'));
  expect(rendered.model.time.getState().chosenSeconds).toBe(2);
  act(() => void row('one').dispatchEvent(new PointerEvent('pointerover', { bubbles: true })));
  expect(rendered.model.time.getState().hoveredSeconds).toBe(1);
});

test('an instant that another panel chose is scrolled to and marked', async () => {
  write(...Array.from({ length: 1000 }, (_, index) => `line ${index}`));
  await settled();
  act(() => rendered.model.time.setState({ chosenSeconds: 500.4 }));
  expect(row('line 499').dataset.chosen).toBe('true');
  expect(rendered.model.layout.getState().isFollowing).toBe(false);
});

test('while the screen stands still no later row is shown, their number is, and none is lost', () => {
  vi.useFakeTimers();
  const waiting = () => rendered.place.querySelector('[data-testid="waiting-rows"]')?.textContent;
  write('one', 'two');
  act(() => rendered.model.time.setState({ pausedSeconds: 2.5 }));
  write('three');
  expect(texts()).toEqual(['one', 'two']);
  act(() => vi.advanceTimersByTime(1000));
  expect(waiting()?.trim()).toBe('1 newer');
  write('four', 'five');
  act(() => vi.advanceTimersByTime(1000));
  expect(waiting()?.trim()).toBe('3 newer');
  vi.useRealTimers();
  act(() => rendered.model.time.setState({ pausedSeconds: null }));
  expect(texts()).toEqual(['one', 'two', 'three', 'four', 'five']);
  expect(waiting()).toBeUndefined();
});

test('the end is followed until somebody scrolls up, and again from the end on', async () => {
  const isFollowing = () => rendered.model.layout.getState().isFollowing;
  const scroll = (top: number) =>
    act(() => {
      list().scrollTop = top;
      list().dispatchEvent(new Event('scroll'));
    });
  write(...Array.from({ length: 1000 }, (_, index) => `line ${index}`));
  await settled();
  expect(row('line 999')).toBeDefined();
  scroll(1000);
  expect(isFollowing()).toBe(false);
  write('newest');
  expect(texts()).not.toContain('newest');
  expect(row('line 50')).toBeDefined();
  scroll(1001 * 20 - 400);
  expect(isFollowing()).toBe(true);
  write('even newer');
  expect(texts()).toContain('even newer');
});

test('the end is followed on when the list becomes higher, which the browser tells as a scrolling', async () => {
  write(...Array.from({ length: 1000 }, (_, index) => `line ${index}`));
  await settled();
  act(() => {
    heightPx = 600;
    list().scrollTop = 1000 * 20 - 600;
    list().dispatchEvent(new Event('scroll'));
  });
  expect(rendered.model.layout.getState().isFollowing).toBe(true);
  write('newest');
  expect(texts()).toContain('newest');
  expect(list().scrollTop).toBe(1001 * 20 - 600);
});

test('a line that comes moves the list without asking the browser where it stands, which would lay everything out', async () => {
  write(...Array.from({ length: 1000 }, (_, index) => `line ${index}`));
  await settled();
  let asked = 0;
  const moved: number[] = [];
  Object.defineProperty(list(), 'scrollTop', {
    get: () => {
      asked += 1;
      return 0;
    },
    set: (top: number) => moved.push(top),
  });
  write('newest');
  expect(moved).toEqual([1001 * 20 - 400]);
  expect(asked).toBe(0);
});

test('a range of rows is selected with Shift and copied as text', async () => {
  const writeText = vi.fn((_: string) => Promise.resolve());
  Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText } });
  write('one', 'two', 'three', 'four');
  click(row('one'));
  click(row('two'), true);
  press('ArrowDown', { shiftKey: true });
  expect(rows().map((one) => one.getAttribute('aria-selected'))).toEqual(['true', 'true', 'true', 'false']);
  press('c', { ctrlKey: true });
  await settled();
  expect(writeText).toHaveBeenCalledExactlyOnceWith('[    1.000000] one\n[    2.000000] two\n[    3.000000] three\n');
});

test('keys of the list do not run commands of the window', () => {
  write('one');
  const onKey = vi.fn();
  window.addEventListener('keydown', onKey);
  press('n');
  press('u');
  window.removeEventListener('keydown', onKey);
  expect(onKey.mock.calls.map(([event]) => (event as KeyboardEvent).key)).toEqual(['u']);
});

test('of a million rows only those in sight are in the document', () => {
  write(...Array.from({ length: 3000 }, (_, index) => `line ${index}`));
  expect(rows().length).toBeLessThan(50);
});

test('F3 steps to the next hit from wherever the keys are listened to, and shows it', async () => {
  write(...Array.from({ length: 100 }, (_, index) => (index === 7 ? 'needle' : `line ${index}`)));
  await settled();
  await type('Mark words', 'needle');
  expect(texts()).not.toContain('needle');
  const stop = listenForKeys(rendered.model);
  act(() => void window.dispatchEvent(new KeyboardEvent('keydown', { key: 'F3', code: 'F3', cancelable: true })));
  stop();
  expect(row('needle').getAttribute('aria-selected')).toBe('true');
});
