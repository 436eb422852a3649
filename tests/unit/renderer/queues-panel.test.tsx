// The queues of a device: what each line says is about that queue.
import { act } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ObservationEvent } from '../../../main/common/protocol/observation.ts';
import type { SessionEvent } from '../../../main/common/protocol.ts';
import { QueuesPanel } from '../../../renderer/panels/queues/queues-panel.tsx';
import { applyEvent } from '../../../renderer/state/session-store.ts';
import { observation } from '../../support/observation.ts';
import { RenderedWindow } from '../../support/rendered-window.tsx';
import { device, devicesEvent, helloEvent } from '../../support/wire-payloads.ts';

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
const lines = () => [...rendered.place.querySelectorAll('.queue-pair')].map((line) => line.textContent ?? '');

/** What the driver had counted for two receive queues at a time. */
const counted = (timeNs: string, first: number, second: number): ObservationEvent =>
  observation({
    timeNs,
    queueStatistics: {
      items: [first, second].map((packets, id) => ({ kind: 'rx', id, values: { 'rx-packets': packets, 'rx-bytes': packets * 125 } })),
      reason: null,
    },
  });

const twoQueues = { ...device, rings: [0, 1].map((index) => ({ kind: 'rx' as const, index })) };

test('of several queues each has its own rate, not the interface’s', () => {
  take(helloEvent(), devicesEvent([twoQueues]), counted('1000000000', 1000, 50), counted('3000000000', 5000, 50));
  rendered.show(<QueuesPanel />);
  expect(lines()[0]).toMatch(/^RX 0 2.000 frames\/s 2\.00 Mb\/s/);
  expect(lines()[1]).toMatch(/^RX 1 0 frames\/s 0\.00 Mb\/s/);
});

test('a queue that nobody counts for has no rate', () => {
  take(helloEvent(), devicesEvent([twoQueues]), observation());
  rendered.show(<QueuesPanel />);
  for (const line of lines()) expect(line).not.toContain('/s');
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
  expect(newest()).toEqual(['ring:rx:1', 1]);
  Sight.all[1]?.becomes(true);
  expect(newest()).toEqual(['ring:rx:1', 10]);
  Sight.all[0]?.becomes(true);
  expect(newest()).toEqual(['ring:rx:1', 10]);
});
