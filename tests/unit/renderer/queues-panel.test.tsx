// The queues of a device: what each line says is about that queue.
import { act, Profiler } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readSample } from '../../../main/common/layouts/sample.ts';
import type { ObservationEvent } from '../../../main/common/protocol/observation.ts';
import type { SessionEvent } from '../../../main/common/protocol.ts';
import { queueRateCurve } from '../../../renderer/panels/queues/queue-rates.ts';
import { QueuesPanel } from '../../../renderer/panels/queues/queues-panel.tsx';
import { applyEvent } from '../../../renderer/state/session-store.ts';
import { DrawnCanvas } from '../../support/drawn-canvas.ts';
import { observation } from '../../support/observation.ts';
import { RenderedWindow } from '../../support/rendered-window.tsx';
import { ringSnapshot, writtenBack } from '../../support/ring-snapshots.ts';
import { device, devicesEvent, helloEvent, samplePayload, tableEvent } from '../../support/wire-payloads.ts';

let rendered: RenderedWindow;

/** The document here has no layout, so a test says what is seen. */
class Sight {
  static readonly all: Sight[] = [];
  readonly #tell: (entries: { isIntersecting: boolean }[]) => void;
  constructor(tell: (entries: { isIntersecting: boolean }[]) => void) {
    this.#tell = tell;
    Sight.all.push(this);
  }
  observe() {}
  disconnect() {}
  becomes(isIntersecting: boolean) {
    act(() => this.#tell([{ isIntersecting }]));
  }
}
Object.assign(globalThis, { IntersectionObserver: Sight });

beforeEach(() => {
  Sight.all.length = 0;
  rendered = new RenderedWindow();
});
afterEach(() => rendered.end());

const take = (...events: SessionEvent[]) => act(() => events.forEach((event) => void applyEvent(rendered.model.session, event)));
const rows = () => [...rendered.place.querySelectorAll<HTMLElement>('.queue-row')];
const cells = (row: number) => [...(rows()[row]?.querySelectorAll('[role="gridcell"]') ?? [])];
const text = (row: number, column: number) => cells(row)[column]?.textContent ?? '';
const grid = () => rendered.place.querySelector<HTMLElement>('[aria-label="Queue pairs"]');
const press = (key: string) => act(() => void grid()?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true })));
const chosen = () => rendered.model.layout.getState().ring;

/** What the driver had counted for two receive queues at a time. */
const counted = (timeNs: string, first: number, second: number, change: Partial<ObservationEvent> = {}): ObservationEvent =>
  observation({
    timeNs,
    queueStatistics: {
      items: [first, second].map((packets, id) => ({ kind: 'rx', id, values: { 'rx-packets': packets, 'rx-bytes': packets * 125 } })),
      reason: null,
    },
    ...change,
  });

const queuesOf = (pairs: number) => ({
  ...device,
  rings: (['rx', 'tx'] as const).flatMap((kind) => Array.from({ length: pairs }, (_, index) => ({ kind, index }))),
});
const twoQueues = queuesOf(2);
const [rate, fill] = [1, 2];

test('of several queues each has its own rate, not the interface’s', () => {
  take(helloEvent(), devicesEvent([twoQueues]), counted('1000000000', 1000, 50), counted('3000000000', 5000, 50));
  rendered.show(<QueuesPanel />);
  expect(text(0, rate)).toBe('2\u2009000–');
  expect(text(1, rate)).toBe('0–');
  expect(cells(0)[rate]?.querySelector('.number')?.getAttribute('title')).toBe('2.00 Mb/s');
});

test('a figure that nobody counts is a dash that says why', () => {
  take(helloEvent(), devicesEvent([twoQueues]), observation());
  rendered.show(<QueuesPanel />);
  const figure = cells(0)[rate]?.querySelector('.number');
  expect(figure?.textContent).toBe('–');
  expect(figure?.getAttribute('title')).toBe('igb offers no queue statistics; nor do the driver’s own.');
});

test('all sixteen rings of eight queue pairs are there at once, a row a pair', () => {
  take(helloEvent(), devicesEvent([queuesOf(8)]));
  rendered.show(<QueuesPanel />);
  expect(rows().map((row) => row.querySelector('.names')?.textContent)).toEqual([...Array(8).keys()].map((at) => `RX ${at}TX ${at}`));
});

test('a ring that is scrolled out of sight is read less often, until it comes back', () => {
  const want = vi.spyOn(rendered.model.watches, 'want');
  take(helloEvent(), devicesEvent([twoQueues]));
  rendered.show(<QueuesPanel />);
  const newest = () => {
    const { what, hz } = want.mock.calls.at(-1)?.[0] ?? {};
    return [what, hz];
  };
  Sight.all[1]?.becomes(false);
  expect(newest()).toEqual(['ring:tx:1', 1]);
  Sight.all[1]?.becomes(true);
  expect(newest()).toEqual(['ring:tx:1', 4]);
});

test('the ring that is shown large is read most often', () => {
  const want = vi.spyOn(rendered.model.watches, 'want');
  take(helloEvent(), devicesEvent([twoQueues]));
  rendered.show(<QueuesPanel />);
  act(() => rows()[1]?.querySelector<HTMLElement>('[data-kind="tx"]')?.click());
  expect(chosen()).toEqual({ kind: 'tx', index: 1 });
  expect(want.mock.calls.map(([{ what, hz }]) => `${what} ${hz}`)).toContain('ring:tx:1 10');
});

test('arrow keys choose the pair and its ring in the order that is shown', () => {
  take(helloEvent(), devicesEvent([twoQueues]), counted('1000000000', 0, 0), counted('2000000000', 10, 500));
  rendered.show(<QueuesPanel />);
  press('ArrowDown');
  press('ArrowRight');
  expect(chosen()).toEqual({ kind: 'tx', index: 1 });
  const heading = [...rendered.place.querySelectorAll('button')].find(({ textContent }) => textContent === 'Frames/s');
  act(() => heading?.click());
  expect(heading?.parentElement?.getAttribute('aria-sort')).toBe('descending');
  expect(rows().map(({ dataset }) => dataset.queue)).toEqual(['1', '0']);
  press('ArrowDown');
  expect(chosen()).toEqual({ kind: 'tx', index: 0 });
});

test('a choice of the ring that is chosen already keeps its descriptor, another one does not', () => {
  take(helloEvent(), devicesEvent([twoQueues]));
  rendered.show(<QueuesPanel />);
  act(() => rendered.model.layout.setState({ slot: 3 }));
  press('ArrowLeft');
  expect(rendered.model.layout.getState().slot).toBe(3);
  press('ArrowRight');
  expect(rendered.model.layout.getState().slot).toBeNull();
});

test('byte queue limits and the indirection table are shown as the kernel told them', () => {
  const told = {
    byteQueueLimits: { items: [{ id: 0, limit: 3028, inflight: 1514 }], reason: null },
    rss: { values: { indirection: [0, 1, 1, 1], key: '6d5a', hashFunction: 'toeplitz' }, reason: null },
  };
  take(helloEvent(), devicesEvent([twoQueues]), counted('1000000000', 0, 0), counted('2000000000', 100, 900, told));
  rendered.show(<QueuesPanel />);
  expect(text(0, 9)).toBe('1\u2009514/3\u2009028');
  const table = rendered.place.querySelector('[aria-label="RSS indirection table"]');
  expect(table?.textContent).toBe('0111');
  expect(rendered.place.textContent).toContain('RX 0 is furthest from even: 10 % of the frames');
  expect(rendered.place.textContent).toContain('the table leads 1 of its 4 places (25 %) there');
});

test('a recording of an older agent says that the table was not read', () => {
  take(helloEvent(), devicesEvent([twoQueues]), observation());
  rendered.show(<QueuesPanel />);
  expect(rendered.place.textContent).toContain('did not read the table yet');
});

test('a card under a driver that shows no rings has its queues, and says what is missing', () => {
  take(helloEvent(), devicesEvent([{ ...device, driver: 'igb', rings: [] }]), observation());
  rendered.show(<QueuesPanel />);
  expect(rows()).toHaveLength(1);
  expect(cells(0)[fill]?.querySelector('.number')?.getAttribute('title')).toBe('igb does not show its rings.');
});

test('the large ring is drawn with each of its snapshots, curves and words at their own pace', () => {
  const canvas = new DrawnCanvas();
  let renders = 0;
  take(helloEvent(), devicesEvent([queuesOf(8)]));
  rendered.show(
    <Profiler id="queues" onRender={() => (renders += 1)}>
      <QueuesPanel />
    </Profiler>,
  );
  const snapshot = (turn: number, index: number) => {
    const made = ringSnapshot({ index, descriptorCount: 4096, timeAfterNs: BigInt(turn + 1) * 50_000_000n }, { [turn]: writtenBack });
    rendered.model.rings.add(made);
    rendered.model.queues.addRing(made);
  };
  // The first one brings the large ring with it.
  act(() => snapshot(0, 0));
  canvas.forget();
  renders = 0;
  act(() => {
    for (let turn = 1; turn <= 20; turn += 1) for (let index = 0; index < 8; index += 1) snapshot(turn, index);
  });
  // Its own twenty, not the hundred and sixty of all rings.
  expect(canvas.drawings('ring-strip')).toBeGreaterThanOrEqual(20);
  expect(canvas.drawings('ring-strip')).toBeLessThan(40);
  expect(canvas.drawings('sparkline')).toBeLessThan(100);
  expect(renders).toBeLessThanOrEqual(2);
  canvas.restore();
});

test('the only queue of a direction goes as fast as its interface was sampled', () => {
  const table = {
    ...tableEvent(),
    counters: [{ source: 'network_stats' as const, interface: 'eth0', name: 'RX packets', unit: 'packets' as const }],
  };
  take(helloEvent(), devicesEvent());
  act(() => {
    rendered.model.history.setTable(table);
    for (const [turn, packets] of [0n, 100n, 300n].entries()) {
      const sample = readSample(samplePayload(BigInt(turn + 1) * 1_000_000_000n, { counters: [packets] }));
      if (sample.ok) rendered.model.history.add(sample.value);
    }
  });
  rendered.show(<QueuesPanel />);
  expect(text(0, rate)).toBe('200–');
  const curve = queueRateCurve(rendered.model, device, 'rx', 0);
  expect([curve?.length, curve?.valueAt(0), curve?.valueAt(1)]).toEqual([2, 200, 100]);
  expect(queueRateCurve(rendered.model, device, 'tx', 0)).toBeNull();
});

test('pointing at a small curve points at that instant everywhere', () => {
  const canvas = new DrawnCanvas();
  take(helloEvent(), devicesEvent([twoQueues]), counted('100000000000', 0, 0), counted('160000000000', 600, 0));
  rendered.show(<QueuesPanel />);
  const sparkline = rendered.place.querySelector('.sparkline');
  Object.assign(sparkline ?? {}, { getBoundingClientRect: () => ({ left: 0, width: 60 }) });
  act(() => void sparkline?.dispatchEvent(new MouseEvent('mousemove', { clientX: 30, bubbles: true })));
  expect(rendered.model.time.getState().hoveredSeconds).toBeCloseTo(130);
  canvas.restore();
});
