import { expect, test } from 'vitest';
import { firstTarget } from '../../main/node/first-target.ts';

test.each([
  [[], { kind: 'lab' }],
  [['--target', 'lab'], { kind: 'lab' }],
  [['--target', 'local'], { kind: 'local' }],
  [['--target=local', '--observe'], { kind: 'local', observe: true }],
])('%j', (args, target) => {
  expect(firstTarget(args)).toEqual(target);
});

test.each([[['--target']], [['--target', 'moon']], [['--observe']], [['--target', 'lab', '--observe']]])(
  '%j is refused in a sentence',
  (args) => {
    expect(() => firstTarget(args)).toThrow(/local/);
  },
);
