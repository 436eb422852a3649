import { act } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { SampleTable } from '../../../renderer/state/sample-history.ts';
import { visibleRange } from '../../../renderer/state/time-store.ts';
import { TimeChart } from '../../../renderer/ui/time-chart.tsx';
import { lineStyle, valueAtInstant } from '../../../renderer/ui/time-chart-plot.ts';
import { RenderedWindow } from '../../support/rendered-window.tsx';

let rendered: RenderedWindow;

beforeEach(() => {
  rendered = new RenderedWindow();
});
afterEach(() => rendered.end());

const table: SampleTable = {
  type: 'table',
  tableId: 1,
  cpus: [0],
  vectors: [],
  softirqs: [],
  counters: [{ source: 'netdev', interface: 'eth0', name: 'rx_packets', unit: 'packets' }],
};

function take(seconds: number, packets: number): void {
  rendered.model.history.add({
    timeNs: BigInt(seconds) * 1_000_000_000n,
    tableId: 1,
    cpuCount: 1,
    durationNs: 0,
    vectors: new BigUint64Array(0),
    softirqs: new BigUint64Array(0),
    counters: BigUint64Array.of(BigInt(packets)),
  });
}

test('the visible stretch ends at the newest instant, at the paused one, or where somebody scrolled to', () => {
  const time = rendered.model.time;
  expect(visibleRange(time.getState(), 100)).toEqual({ from: 40, to: 100 });
  time.setState({ pausedSeconds: 90 });
  expect(visibleRange(time.getState(), 100)).toEqual({ from: 30, to: 90 });
  time.setState({ endSeconds: 50, spanSeconds: 10 });
  expect(visibleRange(time.getState(), 100)).toEqual({ from: 40, to: 50 });
  expect(visibleRange(time.getState(), 100, 20)).toEqual({ from: 30, to: 50 });
});

test('the value at an instant is the newest before it, and a gap has none', () => {
  const points = { seconds: [1, 2, 3], values: [10, null, 30] };
  expect([0.5, 1.5, 2, 9].map((instant) => valueAtInstant(points, instant))).toEqual([null, 10, null, 30]);
});

test('lines that say nothing of their owner differ without a hue', () => {
  const styles = Array.from({ length: 12 }, (_, index) => JSON.stringify(lineStyle({ label: 'a' }, index)));
  expect(new Set(styles).size).toBe(12);
  expect(styles.join()).not.toMatch(/hardware|done|error/);
});

test('a chart asks for the visible stretch with each change, says its newest values, and steps by key', () => {
  const { model, place } = rendered;
  const points = vi.fn((_index: number, { to }: { to: number }) => ({ seconds: [to - 1, to], values: [5, 7] }));
  model.history.setTable(table);
  rendered.show(
    <TimeChart name="Frames" unit="frames/s" series={[{ label: 'received' }]} sources={[model.history]} points={points} spanSeconds={30} />,
  );
  act(() => take(100, 1));
  expect(points.mock.calls.at(-1)?.[1]).toEqual({ from: 70, to: 100 });
  expect(place.querySelector('[role="img"]')?.getAttribute('aria-label')).toContain('Frames: received 7 frames/s');
  expect(place.textContent).toContain('7 frames/s');
  const key = (name: string) =>
    act(() => void place.querySelector('[role="img"]')?.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true })));
  key('Home');
  expect(model.time.getState().chosenSeconds).toBe(70);
  key('ArrowRight');
  expect(model.time.getState().chosenSeconds).toBeGreaterThan(70);
  key('Escape');
  expect(model.time.getState().chosenSeconds).toBeNull();
});
