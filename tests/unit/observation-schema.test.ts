// Recordings outlive agents: what an older one told is still an observation.
import { expect, test } from 'vitest';
import { observationEvent } from '#common/protocol/observation.ts';
import { observation } from '../support/observation.ts';

test('an observation without the spread of frames and byte queue limits is read as before', () => {
  const told = JSON.parse(JSON.stringify(observation()));
  expect(told).not.toHaveProperty('rss');
  expect(observationEvent.parse(told)).toEqual(told);
});

test('a table that the driver does not offer has its reason', () => {
  const told = observation({ rss: { values: null, reason: 'virtio_net offers no spreading of frames over queues (RSS).' } });
  expect(observationEvent.parse(told).rss?.reason).toContain('virtio_net');
});
