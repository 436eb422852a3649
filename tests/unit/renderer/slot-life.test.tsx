// The life of a slot as a person sees it: off at first, then instants and durations of what the driver did.
import { act } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openTraceBatch } from '../../../main/common/layouts/trace-batch.ts';
import { spreadOf } from '../../../main/common/trace/durations.ts';
import type { TracePoint } from '../../../main/common/trace/trace-view.ts';
import { LatencyHistogram } from '../../../renderer/panels/life/latency-histogram.tsx';
import { SlotLife } from '../../../renderer/panels/life/slot-life.tsx';
import { RenderedWindow } from '../../support/rendered-window.tsx';
import { deviceAddress, tracePayload } from '../../support/wire-payloads.ts';
import { TracedRings } from '../trace/traced-ring.ts';

let rendered: RenderedWindow;

beforeEach(() => {
  vi.useFakeTimers();
  rendered = new RenderedWindow();
});
afterEach(() => {
  rendered.end();
  vi.useRealTimers();
});

const text = () => rendered.place.textContent ?? '';
const button = (name: RegExp) =>
  [...rendered.place.querySelectorAll('button')].find((one) => name.test(one.textContent ?? '')) ?? expect.fail(`no button ${name}`);
const click = (name: RegExp) => act(() => button(name).click());
const instant = (name: string) =>
  [...rendered.place.querySelectorAll('.life-instants tr')].find((row) => row.querySelector('th')?.textContent === name)?.textContent ?? '';

/** The driver did this; the window hears of it, and a second passes so that it is shown. */
function happened(points: readonly TracePoint[]): void {
  const lines = points.map((point) => ({ ...point, timeNs: BigInt(point.timeNs), dmaAddress: BigInt(point.dmaAddress ?? 0) }));
  const opened = openTraceBatch(tracePayload(lines, { fromNs: 0n }));
  if (!opened.ok) throw new Error(opened.error);
  act(() => {
    rendered.model.traceEvents.add(opened.value);
    vi.advanceTimersByTime(1000);
  });
}

function sentFrame(): TracedRings {
  const rings = new TracedRings();
  rings.wait(2_000_000_000);
  rings.send(1, { isAnnounced: false });
  rings.wait(500);
  rings.ring();
  rings.wait(41_200);
  rings.interrupt();
  rings.wait(800);
  rings.poll({ cleaned: 1 });
  return rings;
}

const show = () => rendered.show(<SlotLife device={deviceAddress} ring={{ kind: 'tx', queue: 0 }} slot={0} />);

test('it is off at first and says what it costs; the switch asks for the events of this direction', () => {
  const requests: unknown[] = [];
  rendered.model.traces.serveBy((trace) => {
    requests.push(trace);
    return Promise.resolve({ ok: true, value: null });
  });
  show();
  expect(text()).toContain('Off, since it costs');
  expect(requests).toEqual([]);
  click(/^Trace the driver/);
  expect(requests).toEqual([{ device: deviceAddress, events: ['irq', 'poll', 'tx_done', 'tx_doorbell', 'tx_post'] }]);
  click(/^Stop tracing/);
  expect(requests).toHaveLength(2);
});

test('a sent frame’s instants are shown on the clock of everything, with what lay between them', () => {
  show();
  click(/^Trace the driver/);
  happened(sentFrame().points);
  expect(instant('Posted')).toContain('2.000001 s');
  expect(instant('Doorbell')).toContain('500 nsafter posted');
  expect(instant('Interrupt')).toContain('41.2 µsafter doorbell');
  expect(instant('Seen done')).toContain('42.0 µsafter doorbell');
  expect(instant('Poll ended')).toContain('10 nsafter done');
  expect(rendered.place.querySelector('.life-bar')?.getAttribute('aria-label')).toBe(
    '500 ns posted, the card not told yet, then 42.0 µs the card’s, until the driver saw it done',
  );
  expect(text()).toContain('TX 0: posted to seen done');
});

test('an instant that is pointed at or chosen is that of every panel', () => {
  show();
  happened(sentFrame().points);
  const choose = [...rendered.place.querySelectorAll<HTMLButtonElement>('.life-instants button')][1];
  act(() => choose?.click());
  expect(rendered.model.time.getState().chosenSeconds).toBeCloseTo(2.0000015, 9);
});

test('a life that spans the instant of another panel is marked', () => {
  show();
  happened(sentFrame().points);
  const marked = () => rendered.place.querySelectorAll('.life-list [data-hovered=true]').length;
  act(() => rendered.model.time.setState({ hoveredSeconds: 2.00002 }));
  expect(marked()).toBe(1);
  act(() => rendered.model.time.setState({ hoveredSeconds: 1.5 }));
  expect(marked()).toBe(0);
});

test('what is not known yet is a dash with its reason', () => {
  show();
  const rings = new TracedRings();
  rings.send(1, { isAnnounced: false });
  happened(rings.points);
  expect(instant('Seen done')).toBe('Seen done––');
  expect(rendered.place.querySelector('[title="The driver has not seen it done yet."]')).not.toBeNull();
});

test('held lives stay while the ring goes on turning', () => {
  show();
  const rings = sentFrame();
  happened(rings.points);
  click(/^Hold$/);
  const before = instant('Posted');
  const told = rings.points.length;
  for (let slot = 1; slot <= 8; slot += 1) {
    rings.wait(1000);
    rings.send();
    rings.poll({ cleaned: 1 });
  }
  happened(rings.points.slice(told));
  expect(instant('Posted')).toBe(before);
  click(/^Held: go on/);
  expect(instant('Posted')).not.toBe(before);
});

test('a refusal says why and what helps, and can be tried again', async () => {
  rendered.model.traces.serveBy(() =>
    Promise.resolve({ ok: false, error: { code: 'busy', message: 'Another agent uses it.', remedy: 'End the other one.' } }),
  );
  show();
  click(/^Trace the driver/);
  await act(() => Promise.resolve());
  expect(rendered.place.querySelector('[role=alert]')?.textContent).toContain('Another agent uses it. End the other one.');
  expect(button(/^Try again/)).toBeDefined();
});

test('a histogram says its numbers in words, and where it begins', () => {
  rendered.show(<LatencyHistogram title="RX 0" spread={spreadOf([1500, 1600, 40_000])} reason="Nothing." />);
  expect(text()).toContain('p50 1.60 µs · p99 40.0 µs · max 40.0 µs · of 3');
  expect(rendered.place.querySelectorAll('rect.bar')).toHaveLength(6);
  rendered.show(<LatencyHistogram title="RX 0" spread={spreadOf([])} reason="Nothing." />);
  expect(text()).toContain('Nothing.');
});
