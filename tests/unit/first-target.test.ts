import { expect, test } from 'vitest';
import { firstTarget } from '../../main/node/first-target.ts';

test.each([
  [[], { kind: 'lab' }],
  [['--target', 'lab'], { kind: 'lab' }],
  [['--target', 'local'], { kind: 'local' }],
  [['--target=local', '--observe'], { kind: 'local', observe: true }],
  [['.', 'a.mcap'], { kind: 'recording', path: '/here/a.mcap' }],
  [['--no-sandbox', '/there/a b.MCAP'], { kind: 'recording', path: '/there/a b.MCAP' }],
  [['file:///there/a%20b.mcap'], { kind: 'recording', path: '/there/a b.mcap' }],
])('%j', (args, target) => {
  expect(firstTarget(args, '/here')).toEqual(target);
});

test.each([[['--target']], [['--target', 'moon']], [['--observe']], [['--target', 'lab', '--observe']]])(
  '%j is refused in a sentence',
  (args) => {
    expect(() => firstTarget(args)).toThrow(/local/);
  },
);

test.each([
  [['a.mcap', 'b.mcap'], 'One recording at a time: leave out b.mcap.'],
  [['file://there/a.mcap'], 'file://there/a.mcap is no file of this machine.'],
  [['a.mcap', '--target', 'local'], '/here/a.mcap is what to inspect, so leave out --target'],
])('%j is refused in a sentence too', (args, sentence) => {
  expect(() => firstTarget(args, '/here')).toThrow(sentence);
});
