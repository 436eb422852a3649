import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { graceMs, Presence } from '../../../main/web/presence.ts';

let gone = 0;
let presence: Presence;
beforeEach(() => {
  vi.useFakeTimers();
  gone = 0;
  presence = new Presence(() => {
    gone += 1;
  });
});
afterEach(() => vi.useRealTimers());

it('says that the last page is gone after the grace period, not before', () => {
  presence.enter();
  presence.leave();
  vi.advanceTimersByTime(graceMs - 1);
  expect(gone).toBe(0);
  vi.advanceTimersByTime(1);
  expect(gone).toBe(1);
});

it('takes a reload for no departure', () => {
  presence.enter();
  presence.leave();
  vi.advanceTimersByTime(graceMs - 1);
  presence.enter();
  vi.advanceTimersByTime(graceMs);
  expect([gone, presence.count]).toEqual([0, 1]);
});

it('stays while one of two pages is open', () => {
  presence.enter();
  presence.enter();
  presence.leave();
  vi.advanceTimersByTime(graceMs);
  expect(gone).toBe(0);
});

it('gives up on a page that was expected and did not come', () => {
  presence.expect();
  vi.advanceTimersByTime(graceMs);
  expect([gone, presence.hasSeen]).toEqual([1, false]);
});

it('waits for nobody once it was stopped', () => {
  presence.enter();
  presence.stop();
  presence.leave();
  vi.advanceTimersByTime(graceMs);
  expect(gone).toBe(0);
});
