import { expect, test } from 'vitest';
import { ok } from '../../../main/common/result.ts';
import { type Watch, Watches } from '../../../renderer/link/watches.ts';

const device = '0000:01:00.0';

function bench() {
  const asked: Watch[] = [];
  const watches = new Watches(() => undefined);
  const ask = (watch: Watch) => {
    asked.push(watch);
    return Promise.resolve(ok(null));
  };
  return { asked, watches, ask };
}

test('a thing that two panels want is asked for once, at the higher rate', () => {
  const { asked, watches, ask } = bench();
  watches.want({ device, what: 'vectors', hz: 4 });
  watches.want({ device, what: 'vectors', hz: 10 });
  watches.serveBy(ask);
  expect(asked).toEqual([{ device, what: 'vectors', hz: 10 }]);
});

test('the last panel that goes ends the watch', () => {
  const { asked, watches, ask } = bench();
  watches.serveBy(ask);
  const leave = watches.want({ device, what: 'ring:rx:0', hz: 10 });
  leave();
  expect(asked.at(-1)).toEqual({ device, what: 'ring:rx:0', hz: 0 });
});

test('a target that answers again is asked again', () => {
  const { asked, watches, ask } = bench();
  watches.serveBy(ask);
  watches.want({ device, what: 'ring:rx:0', hz: 10 });
  watches.serveBy(null);
  watches.serveBy(ask);
  expect(asked).toHaveLength(2);
});
