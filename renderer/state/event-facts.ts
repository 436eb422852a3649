// The events that detectors want to know of.
import { FactFeed } from '#common/alerts/fact-feed.ts';
import type { SessionEvent } from '#common/protocol.ts';
import type { AlertDesk } from './alert-desk.ts';

const feeds = new WeakMap<AlertDesk, FactFeed>();

/** Gives an event to the detectors. Boots and tables are the model's own business: it clears what it forgets, and names the rows of its samples. */
export function takeEventFacts(desk: AlertDesk, event: SessionEvent): void {
  if (event.type === 'hello' || event.type === 'table') return;
  const feed = feeds.get(desk) ?? new FactFeed();
  feeds.set(desk, feed);
  for (const fact of feed.event(event)) desk.take(fact);
}
