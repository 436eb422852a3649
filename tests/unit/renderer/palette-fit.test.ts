import { expect, test } from 'vitest';
import { fitOf } from '../../../renderer/panels/palette/palette.tsx';

test('a command is found by the words that are in its name, best by how it begins', () => {
  const names = ['Build the driver for this kernel', 'Next ring', 'Record this session', 'Ring of the card'];
  const found = names.filter((name) => fitOf(name, 'ring') > 0).sort((one, other) => fitOf(other, 'ring') - fitOf(one, 'ring'));
  expect(found).toEqual(['Ring of the card', 'Next ring']);
});

test('its words may stand in any order, and its group counts', () => {
  expect(fitOf('Go to Queues', 'queues go', ['Panels'])).toBeGreaterThan(0);
  expect(fitOf('Go to Queues', 'panels', ['Panels'])).toBeGreaterThan(0);
  expect(fitOf('Go to Queues', 'rings', ['Panels'])).toBe(0);
});
