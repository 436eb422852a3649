// The timeline: what is in sight, what pointer and keys do to it, and which marks lie on it.
import fc from 'fast-check';
import { act } from 'react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Timeline } from '../../../renderer/panels/timeline/timeline.tsx';
import { keysOf, nearestMark } from '../../../renderer/panels/timeline/timeline-content.ts';
import { niceCeiling } from '../../../renderer/panels/timeline/timeline-drawing.ts';
import { isWithin } from '../../../renderer/state/time-store.ts';
import { mostSpanSeconds, panned, ticksOf, withInSight, zoomed } from '../../../renderer/state/time-window.ts';
import { TimelineMarks } from '../../../renderer/state/timeline-marks.ts';
import type { WindowModel } from '../../../renderer/state/window-model.ts';
import { listenForKeys } from '../../../renderer/ui/listen-for-keys.ts';
import { RenderedWindow } from '../../support/rendered-window.tsx';
import { device, deviceAddress, devicesEvent, logPayload, moduleEvent, tableEvent } from '../../support/wire-payloads.ts';

describe('what is in sight', () => {
  const kept = fc.record({ from: fc.integer({ min: 0, max: 1000 }), length: fc.integer({ min: 1, max: 20_000 }) });
  const steps = fc.array(
    fc.oneof(
      fc.record({
        type: fc.constant('zoom' as const),
        by: fc.double({ min: 0.1, max: 10, noNaN: true }),
        about: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      fc.record({ type: fc.constant('pan' as const), by: fc.double({ min: -5000, max: 5000, noNaN: true }) }),
    ),
    { maxLength: 30 },
  );

  test('stays within what is kept, and never shows less than ten seconds, whatever is done to it', () => {
    fc.assert(
      fc.property(kept, steps, ({ from, length }, all) => {
        const time = { from, to: from + length };
        let window: { spanSeconds: number; endSeconds: number | null } = { spanSeconds: 60, endSeconds: null };
        for (const step of all) {
          const end = window.endSeconds ?? time.to;
          const about = step.type === 'zoom' ? end - window.spanSeconds * step.about : 0;
          window = step.type === 'zoom' ? zoomed(window, step.by, about, time) : panned(window, step.by, time);
          expect(window.spanSeconds).toBeGreaterThanOrEqual(10);
          expect(window.spanSeconds).toBeLessThanOrEqual(mostSpanSeconds(time));
          if (window.endSeconds !== null) {
            expect(window.endSeconds).toBeLessThanOrEqual(time.to);
            expect(window.endSeconds - window.spanSeconds).toBeGreaterThanOrEqual(time.from - 1e-6);
          }
        }
      }),
    );
  });

  test('keeps the instant under the pointer where it is while it zooms', () => {
    const after = zoomed({ spanSeconds: 100, endSeconds: 500 }, 0.5, 475, { from: 0, to: 1000 });
    expect(after).toEqual({ spanSeconds: 50, endSeconds: 487.5 });
  });

  test('follows the newest until it is pulled away, and again when it is back', () => {
    const time = { from: 0, to: 1000 };
    expect(zoomed({ spanSeconds: 60, endSeconds: null }, 2, 950, time).endSeconds).toBeNull();
    const earlier = panned({ spanSeconds: 60, endSeconds: null }, -100, time);
    expect(earlier.endSeconds).toBe(900);
    expect(panned(earlier, 200, time).endSeconds).toBeNull();
    expect(withInSight(earlier, 500, time).endSeconds).toBe(560);
    expect(withInSight(earlier, 850, time)).toBe(earlier);
    // Whatever its digits are.
    for (let at = 0.1; at < 100; at += 0.7) {
      const kept = { from: at, to: at + 100 };
      const { endSeconds, spanSeconds } = withInSight({ spanSeconds: 60, endSeconds: null }, at, kept);
      expect(isWithin({ from: (endSeconds ?? kept.to) - spanSeconds, to: endSeconds ?? kept.to }, at), String(at)).toBe(true);
    }
  });

  test('has round instants, few enough to be read', () => {
    expect(ticksOf({ from: 3.2, to: 63.2 }, 6)).toEqual([10, 20, 30, 40, 50, 60]);
    expect(ticksOf({ from: 0, to: 20_000 }, 6)).toHaveLength(6);
    expect([0, 3, 10, 11, 7800].map(niceCeiling)).toEqual([10, 5, 10, 20, 10_000]);
  });
});

describe('marks', () => {
  /** A payload with one record `line N` for each sequence, instant and level. */
  const batch = (...records: readonly (readonly [sequence: number, seconds: number, level: number])[]): Uint8Array => {
    const payload = logPayload(records.map(([sequence]) => sequence));
    const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
    let at = 16;
    for (const [, seconds, level] of records) {
      view.setUint8(at + 4, level);
      view.setBigUint64(at + 16, BigInt(Math.round(seconds * 1e6)), true);
      at += view.getUint32(at, true);
    }
    return payload;
  };
  const make = () => new TimelineMarks(new RenderedWindow().model.loop);
  afterEach(() => document.body.replaceChildren());

  test('a line of the log is marked by its severity, and a burst is one mark that says how many', () => {
    const marks = make();
    marks.takeLog(batch([1, 1, 6], [2, 1.01, 6], [3, 1.02, 3], [4, 9, 4]));
    marks.takeLog(batch([4, 9, 4]));
    expect(marks.log.map(({ severity, lines, label }) => [severity, lines, label])).toEqual([
      ['info', 2, 'line 1'],
      ['error', 1, 'line 3'],
      ['warning', 1, 'line 4'],
    ]);
  });

  test('a hundred thousand lines a second leave no more marks than an eye can tell apart', () => {
    const marks = make();
    for (let block = 0; block < 100; block += 1)
      marks.takeLog(batch(...Array.from({ length: 1000 }, (_, index) => [block * 1000 + index, block / 100, 6] as const)));
    expect(marks.log.length).toBeLessThanOrEqual(21);
  });

  test('what happens to driver and link is marked at the newest instant, what stays as it is is not', () => {
    const marks = make();
    marks.takeEvent(moduleEvent('absent'), 1);
    marks.takeEvent(moduleEvent('absent'), 2);
    marks.takeEvent(moduleEvent('live'), 3);
    marks.takeEvent(devicesEvent(), 4);
    marks.takeEvent(devicesEvent([{ ...device, carrier: false }]), 5);
    expect(marks.events.map(({ seconds, severity, label }) => [seconds, severity, label])).toEqual([
      [3, 'info', 'Driver rigb live'],
      [5, 'warning', 'Link of eth0 down'],
    ]);
  });

  test('alerts are handed in as a whole and take their place in time', () => {
    const marks = make();
    marks.takeEvent(moduleEvent('absent'), 1);
    marks.takeEvent(moduleEvent('live'), 3);
    marks.set('alerts', [{ seconds: 2, severity: 'error', label: 'Queue stuck', id: 'a' }]);
    expect(marks.events.map(({ label }) => label)).toEqual(['Queue stuck', 'Driver rigb live']);
    marks.set('alerts', []);
    expect(marks.events).toHaveLength(1);
    expect(nearestMark(marks.events, 3.4, 0.5)?.label).toBe('Driver rigb live');
    expect(nearestMark(marks.events, 9, 0.5)).toBeNull();
  });
});

test('frames are what the driver counts with every sample, or else what the network stack does', () => {
  const table = tableEvent();
  const own = {
    ...table,
    counters: [...table.counters, { source: 'network_stats' as const, interface: 'eth0', name: 'RX packets', unit: 'packets' as const }],
  };
  expect(keysOf(table, device)).toEqual({ received: ['netdev eth0 rx_packets'], sent: [], interrupts: ['irq 27 eth0-rx-0'] });
  expect(keysOf(own, device).received).toEqual(['network_stats eth0 RX packets']);
});

describe('the bar', () => {
  let rendered: RenderedWindow;
  let model: WindowModel;
  let endKeys: () => void;

  beforeEach(() => {
    rendered = new RenderedWindow();
    ({ model } = rendered);
    model.history.setTable(tableEvent());
    rendered.show(<Timeline />);
    rendered.tell(devicesEvent());
    endKeys = listenForKeys(model);
  });
  afterEach(() => {
    endKeys();
    rendered.end();
  });

  const sampleAt = (seconds: number) => ({
    timeNs: BigInt(seconds) * 1_000_000_000n,
    tableId: 1,
    cpuCount: 2,
    durationNs: 0,
    vectors: BigUint64Array.of(0n, 0n, BigInt(seconds * 3), BigInt(seconds * 4)),
    softirqs: BigUint64Array.of(0n, 0n),
    counters: BigUint64Array.of(BigInt(seconds * 50), 0n, 0n, 0n),
  });
  const take = (seconds: number) => act(() => void model.history.add(sampleAt(seconds)));
  const takeUpTo = (last: number) =>
    act(() => {
      for (let second = 0; second <= last; second += 1) model.history.add(sampleAt(second));
    });
  const strip = () => rendered.place.querySelector<HTMLElement>('[role="slider"]');
  const press = (key: string, init: KeyboardEventInit = {}, target: EventTarget | null = strip()) =>
    act(() => void target?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init })));
  const text = () => rendered.place.textContent ?? '';
  const pointer = (type: string, clientX: number) =>
    act(() => void strip()?.dispatchEvent(new PointerEvent(type, { clientX, button: 0, pointerId: 1, bubbles: true })));

  test('says rates and interrupts of the newest instant, and of the one that is pointed at', () => {
    takeUpTo(200);
    expect(text()).toContain('200.000 s');
    expect(text()).toContain('50 rx, – tx frames/s');
    expect(text()).toContain('7 interrupts/s');
    act(() => model.time.setState({ hoveredSeconds: 150.5 }));
    expect(text()).toContain('150.500 s');
  });

  test('arrows step the chosen instant, End goes back to the newest, plus and minus zoom', () => {
    takeUpTo(200);
    press('ArrowLeft', { shiftKey: true });
    expect(model.time.getState().chosenSeconds).toBe(194);
    press('Home');
    expect(model.time.getState()).toMatchObject({ chosenSeconds: 0, endSeconds: 60 });
    press('+');
    expect(model.time.getState().spanSeconds).toBe(40);
    press('End');
    expect(model.time.getState()).toMatchObject({ chosenSeconds: null, endSeconds: null });
  });

  test('a click chooses, a drag moves what is in sight, the wheel zooms', () => {
    takeUpTo(200);
    const width = vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(600);
    rendered.show(<Timeline key="wide" />);
    width.mockRestore();
    const element = strip();
    if (!element) throw new Error('There is no strip.');
    pointer('pointermove', 300);
    expect(model.time.getState().hoveredSeconds).toBe(170);
    pointer('pointerdown', 300);
    pointer('pointerup', 300);
    expect(model.time.getState().chosenSeconds).toBe(170);
    pointer('pointerdown', 300);
    pointer('pointermove', 500);
    pointer('pointerup', 500);
    expect(model.time.getState().endSeconds).toBe(180);
    expect(model.time.getState().chosenSeconds).toBe(170);
    act(() => void element.dispatchEvent(new WheelEvent('wheel', { deltaY: -200, clientX: 300, bubbles: true, cancelable: true })));
    expect(model.time.getState().spanSeconds).toBeLessThan(60);
  });

  test('Space lets the screen stand still and go on, says since when, and leaves a focused button alone', () => {
    take(1);
    take(2);
    press(' ', { code: 'Space' }, document.body);
    expect(text()).toContain('paused at 2.000 s');
    take(3);
    expect(text()).toContain('2.000 s');
    press(' ', { code: 'Space' }, rendered.place.querySelector('button'));
    expect(model.time.getState().pausedSeconds).toBe(2);
    act(() => model.time.setState({ chosenSeconds: 1 }));
    expect(text()).toContain('shows 1.000 s');
    press(' ', { code: 'Space' }, document.body);
    expect(text()).not.toContain('paused');
    expect(text()).toContain('3.000 s');
  });

  test('says how much is kept, and of how much', () => {
    takeUpTo(200);
    const limit = rendered.place.querySelector('[data-testid="history-limit"]');
    expect(limit?.textContent).toBe('3.3 min of 6 h kept');
    expect(limit?.getAttribute('title')).toMatch(/10 min in full.*32.0 MiB/);
  });

  test('the device keeps its line when its driver goes', () => {
    takeUpTo(5);
    act(() => model.history.setTable({ ...tableEvent(2), counters: [], vectors: [] }));
    rendered.tell(devicesEvent([{ ...device, driver: null, interface: null }]));
    act(() => model.time.setState({ hoveredSeconds: 3 }));
    expect(text()).toContain('50 rx');
    expect(model.session.getState().devices?.[0]?.pciAddress).toBe(deviceAddress);
  });
});
