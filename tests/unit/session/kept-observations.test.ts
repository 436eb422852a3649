// What is kept for those who come later: an observation of every device, since one that does not change is not told again.
import { expect, test } from 'vitest';
import type { ObservationEvent } from '#common/protocol/observation.ts';
import { Checkpoint } from '../../../main/node/recording/checkpoint.ts';
import { Kept } from '../../../main/node/session/kept.ts';

const none = { items: [], reason: 'none' };
const unset = { values: null, reason: 'none' };

const observation = (device: string, timeNs: string): ObservationEvent => ({
  type: 'observation',
  device,
  timeNs,
  queues: none,
  napis: none,
  queueStatistics: none,
  ethtoolStatistics: none,
  rings: unset,
  channels: unset,
  coalesce: unset,
  link: unset,
  pcie: { speed: null, width: null, maxSpeed: null, maxWidth: null, numaNode: null, msiVectors: [], aer: null },
});
const told = [observation('0000:01:00.0', '1'), observation('0000:02:00.0', '2'), observation('0000:01:00.0', '3')];
const newest = ['0000:01:00.0 at 3', '0000:02:00.0 at 2'];

test('a session keeps the newest observation of every device', () => {
  const kept = new Kept();
  for (const event of told) kept.addEvent(event);
  const found = [...kept.items()].flatMap((item) => (item.type === 'event' && item.event.type === 'observation' ? [item.event] : []));
  expect(found.map(({ device, timeNs }) => `${device} at ${timeNs}`)).toEqual(newest);
});

test('a recording’s checkpoint has the newest observation of every device', () => {
  const checkpoint = new Checkpoint(0n);
  for (const event of told) checkpoint.event(event, 0n);
  const found = checkpoint.frames().map(({ payload }) => JSON.parse(new TextDecoder().decode(payload)) as ObservationEvent);
  expect(found.map(({ device, timeNs }) => `${device} at ${timeNs}`)).toEqual(newest);
});
